/** What a wall keeps through a reload: who stands in the room, how large, how bright. */

const NAMES = {
  visitor: 'muster-wall-visitor',
  night: 'muster-wall-night',
  size: 'muster-wall-size',
};

/** Returns what was kept, or nothing where this browser keeps nothing. */
export function kept(what: keyof typeof NAMES): string | null {
  try {
    return localStorage.getItem(NAMES[what]);
  } catch {
    return null;
  }
}

/** Keeps something; a wall without storage forgets it when it is loaded again. */
export function keep(what: keyof typeof NAMES, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(NAMES[what]);
    else localStorage.setItem(NAMES[what], value);
  } catch {
    // Said above: there is nowhere else to keep it.
  }
}
