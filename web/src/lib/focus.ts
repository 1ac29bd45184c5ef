/** Returns the focused element and its ancestors, innermost first. */
function around(): HTMLElement[] {
  const found: HTMLElement[] = [];
  let at = document.activeElement;
  while (at instanceof HTMLElement && at !== document.body) {
    found.push(at);
    at = at.parentElement;
  }
  return found;
}

/** The elements inside an ancestor that was closed. */
const CLOSED = 'details:not([open]) > :not(summary)';

const isGone = (one: HTMLElement): boolean =>
  !one.isConnected || one.matches(`:disabled, ${CLOSED}, ${CLOSED} *`);

const isDrawn = (one: HTMLElement): boolean => one.getClientRects().length > 0;

/** Returns the best place for the focus: a heading, otherwise the nearest focusable element. */
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
 * Keeps the focus on the page (WCAG 2.4.3): when the focused element is removed, disabled or hidden, the
 * focus moves to the heading of its surroundings. A heading ignores a repeated key press, and Tab continues
 * from there.
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
      // Moving a row blurs it; a deliberate blur is left alone.
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
  // Wait until it is certain whether the blurred element is still there.
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
