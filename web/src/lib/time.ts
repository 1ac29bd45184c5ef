import type { Time } from './proto/id';
import { TIME_MAX, TIME_MIN } from './proto/limits';

/** Times are shown in the room's own zone, whatever the device is set to. */
const zone = 'Europe/London';
const hourMinute = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const hourMinuteSecond = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const dayMonth = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  day: 'numeric',
  month: 'short',
});
const dayMonthYear = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const weekday = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const birthDay = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What is shown for a moment that no calendar has: one wrong number takes no screen away. */
export const UNKNOWN_TIME = 'unknown time';

/** Returns whether a moment is one that a room can mean. */
const isPossible = (at: Time): boolean => at >= TIME_MIN && at <= TIME_MAX;

/** Returns what a clock or a calendar shows for a moment. It never throws. */
function shown(format: Intl.DateTimeFormat, at: Time): string {
  return isPossible(at) ? format.format(at) : UNKNOWN_TIME;
}

/** Returns `14:05`. */
export function hhmm(at: Time): string {
  return shown(hourMinute, at);
}

/** Returns `14:05:09`. */
export function hhmmss(at: Time): string {
  return shown(hourMinuteSecond, at);
}

/** Returns `4 Mar`. */
export function shortDay(at: Time): string {
  return shown(dayMonth, at);
}

/** Returns `Wednesday, 4 March 2026`. */
export function longDay(at: Time): string {
  return shown(weekday, at);
}

/** Returns `14:05` for a moment of the same day, else `4 Mar, 14:05`, or with the year where that is another. */
export function when(at: Time, now: Time): string {
  if (!isPossible(at)) return UNKNOWN_TIME;
  const [day, today] = [shown(dayMonthYear, at), shown(dayMonthYear, now)];
  if (day === today) return hhmm(at);
  return `${day.slice(-4) === today.slice(-4) ? shortDay(at) : day}, ${hhmm(at)}`;
}

/** Returns the moment as programs read it, for the `datetime` of a `time` element. */
export function exact(at: Time): string | null {
  return isPossible(at) ? new Date(at).toISOString() : null;
}

/** Returns `4 March 1938` for a birth date `1938-03-04`. */
export function birthDate(date: string): string {
  return dayOf(birthDay, date);
}

/** Returns how a format shows a day such as `1938-03-04`; a text that is no day is shown as it is. */
export function dayOf(format: Intl.DateTimeFormat, date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? date : format.format(at);
}

/** Returns `50 min`, `2 h 05` for a length of time; lengths below nothing count as nothing. */
export function length(ms: number): string {
  if (!Number.isFinite(ms)) return UNKNOWN_TIME;
  const minutes = Math.max(0, Math.floor(ms / MINUTE_MS));
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
}

/** Returns the moment raised to the next whole quarter hour. */
export function quarterUp(at: Time): Time {
  const quarter = 15 * MINUTE_MS;
  return Math.ceil(at / quarter) * quarter;
}

/** Returns how far the zone's clock is ahead of UTC at that moment. */
function zoneAhead(at: Time): number {
  const [hour, minute] = hhmm(at).split(':').map(Number);
  const utc = new Date(at);
  const shown = (hour ?? 0) * 60 + (minute ?? 0);
  const day = 24 * 60;
  const apart = (shown - (utc.getUTCHours() * 60 + utc.getUTCMinutes()) + day) % day;
  return (apart > day / 2 ? apart - day : apart) * MINUTE_MS;
}

/** Returns the start of the day in the room's zone, as if that zone were UTC, and the moment of it. */
function localDay(now: Time): { start: number; local: number } {
  const local = now + zoneAhead(now);
  return { start: local - (local % DAY_MS), local };
}

/** Returns `14:05` or `1405` as milliseconds into the day, or nothing when the text is no time. */
function intoDay(text: string): number | null {
  const match = /^([01]?\d|2[0-3]):?([0-5]\d)$/.exec(text.trim());
  return match === null ? null : (Number(match[1]) * 60 + Number(match[2])) * MINUTE_MS;
}

/** Two clocks in one room may be this far apart: a time just ahead of the server's is meant as now. */
const AHEAD_MS = 2 * MINUTE_MS;

/**
 * Returns the last moment at which the room's clock showed that time, or nothing when the text is no
 * time. What happened at 23:50 and is typed at 00:10 was yesterday.
 */
export function lastAt(text: string, now: Time): Time | null {
  const wanted = intoDay(text);
  if (wanted === null || !isPossible(now)) return null;
  const { start, local } = localDay(now);
  const at = start + wanted > local + AHEAD_MS ? start + wanted - DAY_MS : start + wanted;
  return Math.min(at - zoneAhead(at), now);
}

/**
 * Returns the next moment at which the room's clock shows that time, or nothing when the text is no
 * time. A planned end of 06:00 typed in the evening is tomorrow's.
 */
export function nextAt(text: string, now: Time): Time | null {
  const wanted = intoDay(text);
  if (wanted === null || !isPossible(now)) return null;
  const { start, local } = localDay(now);
  const at = start + wanted <= local ? start + wanted + DAY_MS : start + wanted;
  return at - zoneAhead(at);
}
