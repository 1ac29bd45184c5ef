/** Where a face is; the address after the `#`, so that one page answers every view without signal. */
export interface Route {
  readonly view: string;
  readonly id: string | null;
}

/** Reads `#/view/id`. */
export function readRoute(hash: string, home: string): Route {
  const [view, id] = hash.replace(/^#\/?/, '').split('/');
  return { view: view === undefined || view === '' ? home : view, id: id ?? null };
}

/** Goes to a view; the browser's back button comes back from it. */
export function goTo(view: string, id?: string): void {
  location.hash = id === undefined ? `/${view}` : `/${view}/${id}`;
}

/**
 * Returns what goes to a view later, unless the person has gone somewhere else meanwhile: nobody is
 * pulled away from calling for help by something that ends behind them.
 */
export function goOnFromHere(): typeof goTo {
  const here = location.hash;
  return (view, id) => {
    if (location.hash === here) goTo(view, id);
  };
}

/** Tells of every change of the view. */
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

/** Names the view in the tab and moves the focus to its heading, so that a screen reader reads it. */
export function arrive(title: string, heading: HTMLElement | null): void {
  document.title = `${title} - Muster`;
  heading?.focus();
}
