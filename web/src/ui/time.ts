import type { Time } from '../lib/proto/id';
import type { BirthDate } from '../lib/proto/text';
import type { PlaceNow } from '../lib/proto/transfer';
import { MINUTE_MS, UNKNOWN_TIME, dayOf, exact, hhmm, nextAt } from '../lib/time';

/** How late a departure or an arrival may be before it is marked. */
export const LATE_AFTER_MS = 15 * MINUTE_MS;

/** The parts of a person's row from which lateness follows. */
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

/** Returns `5 h 28 min`, `28 min` or `2 days 4 h`; the sign is the caller's. */
export function span(ms: number): string {
  if (!Number.isFinite(ms)) return UNKNOWN_TIME;
  const minutes = Math.floor(Math.abs(ms) / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return `${minutes} min`;
}

/** How long ago a time may be that was planned and has passed. */
const PASSED_MINUTES = 4 * 60;

/**
 * Returns the moment meant by `14:05` in a plan, or nothing when the text is no time: the next such moment, or one up to
 * four hours ago. Whoever books 19:00 at six in the morning means this evening.
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

/** Returns the end that was typed, if there is one, and what is wrong with what was typed. */
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

/** Returns `4 Mar 1938` for a birth date, where there is little room. */
export const bornShort = (date: BirthDate): string => dayOf(born, date);
