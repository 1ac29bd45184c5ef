import type { Time } from '../lib/wire/id';
import type { BirthDate } from '../lib/wire/text';
import type { PlaceNow } from '../lib/wire/transfer';
import { MINUTE_MS, UNKNOWN_TIME, dayOf, exact, hhmm, nextAt } from '../lib/time';

/** How late a departure or an arrival may be before it is marked. */
export const LATE_AFTER_MS = 15 * MINUTE_MS;

/** The parts of a person's row that determine lateness. */
export interface Timed {
  place: PlaceNow;
  times: { leaves_at: Time | null; arrives_at: Time | null };
}

/** Returns whether a departure or an arrival is marked late at `now`. */
export function isLate(person: Timed, now: Time): boolean {
  const { leaves_at: leaves, arrives_at: arrives } = person.times;
  if (person.place === 'at_the_home') return leaves !== null && now >= leaves + LATE_AFTER_MS;
  if (person.place === 'on_the_way') return arrives !== null && now >= arrives + LATE_AFTER_MS;
  return false;
}

/** Formats a duration as `5 h 28 min`, `28 min` or `2 days 4 h`; the caller adds the sign. */
export function span(ms: number): string {
  if (!Number.isFinite(ms)) return UNKNOWN_TIME;
  const minutes = Math.floor(Math.abs(ms) / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return `${minutes} min`;
}

/** How far in the past a planned time may be. */
const PASSED_MINUTES = 4 * 60;

/**
 * Returns the time meant by `14:05` in a plan, or null if the text is not a time: the next such time, or
 * one up to four hours ago. A member who books 19:00 at six in the morning means this evening.
 */
export function near(text: string, now: Time): Time | null {
  const found = /^([01]?\d|2[0-3]):?([0-5]\d)$/.exec(text.trim());
  if (found === null || exact(now) === null) return null;
  const [hours = '0', minutes = '0'] = hhmm(now).split(':');
  const wanted = Number(found[1]) * 60 + Number(found[2]);
  let away = wanted - (Number(hours) * 60 + Number(minutes));
  if (away < -PASSED_MINUTES) away += 24 * 60;
  if (away >= 24 * 60 - PASSED_MINUTES) away -= 24 * 60;
  return Math.floor(now / MINUTE_MS) * MINUTE_MS + away * MINUTE_MS;
}

/** Returns the typed end, if any, and what is wrong with the input. */
export function typedEnd(text: string, now: Time): { end: Time | null; wrong: string } {
  const end = nextAt(text, now);
  const wrong = text.trim() !== '' && end === null ? `Write a time like 18:00, not ${text}.` : '';
  return { end, wrong };
}

const born = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** Formats a birth date as `4 Mar 1938`, where space is short. */
export const bornShort = (date: BirthDate): string => dayOf(born, date);
