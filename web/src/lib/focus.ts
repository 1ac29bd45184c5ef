/** Returns the element with the focus and all that stand around it, the nearest first. */
function around(): HTMLElement[] {
  const found: HTMLElement[] = [];
  let at = document.activeElement;
  while (at instanceof HTMLElement && at !== document.body) {
    found.push(at);
    at = at.parentElement;
  }
  return found;
}

/** What stands in a line that was closed over it. */
const CLOSED = 'details:not([open]) > :not(summary)';

const isGone = (one: HTMLElement): boolean =>
  !one.isConnected || one.matches(`:disabled, ${CLOSED}, ${CLOSED} *`);

const isDrawn = (one: HTMLElement): boolean => one.getClientRects().length > 0;

/** Returns what tells best where the focus was: the heading there, else the nearest that takes it. */
function standIn(path: readonly HTMLElement[]): HTMLElement | undefined {
  for (const one of path) {
    if (isGone(one) || !isDrawn(one)) continue;
    const heading = [...one.querySelectorAll<HTMLElement>('h1, h2, h3')].find(isDrawn);
    if (heading !== undefined) return heading;
    if (one.hasAttribute('tabindex')) return one;
  }
  return undefined;
}

/**
 * Keeps the focus on the page (WCAG 2.4.3): where what had it is taken away, turned off or
 * closed over, it goes to the heading of what stood around it. A heading does nothing when a key is
 * pressed once more, and the next Tab goes on from there.
 */
export function keepFocus(): () => void {
  let path: HTMLElement[] = [];
  const note = (): void => {
    path = around();
  };
  const look = (changes: readonly MutationRecord[]): void => {
    const [had] = path;
    const at = document.activeElement;
    if (had === undefined || (at !== document.body && at !== had)) return;
    if (!isGone(had)) {
      if (at !== document.body) return;
      // A row that was moved to its new place lets go of it; whoever puts it nowhere on purpose means it.
      const moved = changes.some(({ addedNodes }) =>
        [...addedNodes].some((one) => one.contains(had)),
      );
      if (moved) had.focus();
      else path = [];
      return;
    }
    const next = standIn(path);
    path = [];
    if (next === undefined) return;
    if (!next.hasAttribute('tabindex')) next.tabIndex = -1;
    next.focus();
  };
  // Once it is plain whether what lost the focus is still there.
  const lost = (): void => {
    setTimeout(look, 0, []);
  };
  const watch = new MutationObserver(look);
  document.addEventListener('focusin', note);
  document.addEventListener('focusout', lost);
  watch.observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['disabled', 'open'],
  });
  return () => {
    document.removeEventListener('focusin', note);
    document.removeEventListener('focusout', lost);
    watch.disconnect();
  };
}
