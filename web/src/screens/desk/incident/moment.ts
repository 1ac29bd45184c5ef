import type { Time } from '../../../lib/wire/id';
import { HOUR_MS, exact, lastAt } from '../../../lib/time';

const DAY_MS = 24 * HOUR_MS;

/**
 * Returns today's date in the room's zone, in the form of a date field: `2026-03-04`; empty for an invalid
 * time.
 */
export function today(now: Time): string {
  if (exact(now) === null) return '';
  return new Intl.DateTimeFormat('en-CA', {
    timeZone: 'Europe/London',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(now);
}

/** Returns the time for a date and a clock time in the room's zone, or null if either is invalid. */
export function momentOf(date: string, clock: string): Time | null {
  const noon = Date.parse(`${date}T12:00:00Z`);
  if (Number.isNaN(noon)) return null;
  // Computed from around the end of that day, so that it is right when the clocks change.
  for (const shift of [0, HOUR_MS, -HOUR_MS]) {
    const at = lastAt(clock, noon + DAY_MS / 2 - 1 + shift);
    if (at !== null && today(at) === date) return at;
  }
  return null;
}
