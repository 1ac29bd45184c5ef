import type { Time } from './wire/id';
import { TIME_MAX, TIME_MIN } from './wire/limits';

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

/** Shown for a time outside the calendar: one bad number must not break a screen. */
export const UNKNOWN_TIME = 'unknown time';

/** Returns whether a moment is one that a room can mean. */
const isPossible = (at: Time): boolean => at >= TIME_MIN && at <= TIME_MAX;

/** Formats a time; never throws. */
function shown(format: Intl.DateTimeFormat, at: Time): string {
  return isPossible(at) ? format.format(at) : UNKNOWN_TIME;
}

/** Formats a time as `14:05`. */
export function hhmm(at: Time): string {
  return shown(hourMinute, at);
}

/** Formats a time as `14:05:09`. */
export function hhmmss(at: Time): string {
  return shown(hourMinuteSecond, at);
}

/** Formats a time as `4 Mar`. */
export function shortDay(at: Time): string {
  return shown(dayMonth, at);
}

/** Formats a time as `Wednesday, 4 March 2026`. */
export function longDay(at: Time): string {
  return shown(weekday, at);
}

/** Formats a time as `14:05` on the same day, otherwise as `4 Mar, 14:05`, with the year if that differs. */
export function when(at: Time, now: Time): string {
  if (!isPossible(at)) return UNKNOWN_TIME;
  const [day, today] = [shown(dayMonthYear, at), shown(dayMonthYear, now)];
  if (day === today) return hhmm(at);
  return `${day.slice(-4) === today.slice(-4) ? shortDay(at) : day}, ${hhmm(at)}`;
}

/** Returns the machine-readable form, for the `datetime` of a `time` element. */
export function exact(at: Time): string | null {
  return isPossible(at) ? new Date(at).toISOString() : null;
}

/** Formats a birth date such as `1938-03-04` as `4 March 1938`. */
export function birthDate(date: string): string {
  return dayOf(birthDay, date);
}

/** Formats a day such as `1938-03-04`; text that is not a day is returned unchanged. */
export function dayOf(format: Intl.DateTimeFormat, date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? date : format.format(at);
}

/** Formats a duration as `50 min` or `2 h 05`; a negative one counts as zero. */
export function length(ms: number): string {
  if (!Number.isFinite(ms)) return UNKNOWN_TIME;
  const minutes = Math.max(0, Math.floor(ms / MINUTE_MS));
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
}

/** Rounds a time up to the next full quarter hour. */
export function quarterUp(at: Time): Time {
  const quarter = 15 * MINUTE_MS;
  return Math.ceil(at / quarter) * quarter;
}

/** Returns the zone's offset from UTC at that time. */
function zoneAhead(at: Time): number {
  const [hour, minute] = hhmm(at).split(':').map(Number);
  const utc = new Date(at);
  const shown = (hour ?? 0) * 60 + (minute ?? 0);
  const day = 24 * 60;
  const apart = (shown - (utc.getUTCHours() * 60 + utc.getUTCMinutes()) + day) % day;
  return (apart > day / 2 ? apart - day : apart) * MINUTE_MS;
}

/** Returns the start of the day in the room's zone, as if that zone were UTC, and the actual time of it. */
function localDay(now: Time): { start: number; local: number } {
  const local = now + zoneAhead(now);
  return { start: local - (local % DAY_MS), local };
}

/** Parses `14:05` or `1405` into milliseconds of the day, or null if the text is not a time. */
function intoDay(text: string): number | null {
  const match = /^([01]?\d|2[0-3]):?([0-5]\d)$/.exec(text.trim());
  return match === null ? null : (Number(match[1]) * 60 + Number(match[2])) * MINUTE_MS;
}

/** Allowed clock skew between two devices: a time just ahead of the server's means the present. */
const AHEAD_MS = 2 * MINUTE_MS;

/**
 * Returns the last moment at which the room's clock showed that time, or null if the text is not a time.
 * What happened at 23:50 and is typed at 00:10 was yesterday.
 */
export function lastAt(text: string, now: Time): Time | null {
  const wanted = intoDay(text);
  if (wanted === null || !isPossible(now)) return null;
  const { start, local } = localDay(now);
  const at = start + wanted > local + AHEAD_MS ? start + wanted - DAY_MS : start + wanted;
  return Math.min(at - zoneAhead(at), now);
}

/**
 * Returns the next moment at which the room's clock shows that time, or null if the text is not a time. A
 * planned end of 06:00 typed in the evening is tomorrow's.
 */
export function nextAt(text: string, now: Time): Time | null {
  const wanted = intoDay(text);
  if (wanted === null || !isPossible(now)) return null;
  const { start, local } = localDay(now);
  const at = start + wanted <= local ? start + wanted + DAY_MS : start + wanted;
  return at - zoneAhead(at);
}
