/**
 * The route of a face: the part of the address after `#`, so that one page serves every view without
 * signal.
 */
export interface Route {
  readonly view: string;
  readonly id: string | null;
}

/** Parses `#/view/id`. */
export function readRoute(hash: string, home: string): Route {
  const [view, id] = hash.replace(/^#\/?/, '').split('/');
  return { view: view === undefined || view === '' ? home : view, id: id ?? null };
}

/** Navigates to a view; the browser's back button returns. */
export function goTo(view: string, id?: string): void {
  location.hash = id === undefined ? `/${view}` : `/${view}/${id}`;
}

/**
 * Returns a function that navigates to a view later, unless the person has navigated elsewhere meanwhile: a
 * task that ends in the background must not pull anybody away from a call for help.
 */
export function goOnFromHere(): typeof goTo {
  const here = location.hash;
  return (view, id) => {
    if (location.hash === here) goTo(view, id);
  };
}

/** Calls back on every change of the view. */
export function onRoute(home: string, tell: (route: Route) => void): () => void {
  const look = () => {
    tell(readRoute(location.hash, home));
  };
  addEventListener('hashchange', look);
  look();
  return () => {
    removeEventListener('hashchange', look);
  };
}

/** Sets the document title and moves the focus to the view's heading, so that a screen reader reads it. */
export function arrive(title: string, heading: HTMLElement | null): void {
  document.title = `${title} - Muster`;
  heading?.focus();
}
