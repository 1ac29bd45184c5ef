/** The wall's settings that survive a reload: visitor, size, brightness. */

const NAMES = {
  visitor: 'muster-wall-visitor',
  night: 'muster-wall-night',
  size: 'muster-wall-size',
};

/** Returns a stored setting, or null where this browser has no storage. */
export function kept(what: keyof typeof NAMES): string | null {
  try {
    return localStorage.getItem(NAMES[what]);
  } catch {
    return null;
  }
}

/** Stores a setting; a wall without storage loses it on reload. */
export function keep(what: keyof typeof NAMES, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(NAMES[what]);
    else localStorage.setItem(NAMES[what], value);
  } catch {
    // See above: there is no other storage.
  }
}
