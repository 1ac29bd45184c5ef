import type { PaceRow } from '../lib/wire/census';
import type { Time } from '../lib/wire/id';
import { hhmm, HOUR_MS, shortDay } from '../lib/time';

const ROUND_MS = 10 * 60_000;

/** When the people who have a place may all have left, and how that was computed. */
export interface Range {
  is: 'range';
  from: Time;
  to: Time;
  /** The number of people included. */
  people: number;
  method: string;
}

/** A range, or why there is none. */
export type Outlook = Range | { is: 'nobody' } | { is: 'too_early' } | { is: 'standing' };

/** Why there is no range. */
export const noOutlook: Record<Exclude<Outlook['is'], 'range'>, string> = {
  nobody: 'nobody with a place waits to leave',
  too_early: 'too few have left to tell',
  standing: 'nobody left in the last hour',
};

/** Formats a future time, with its day once the time alone would be ambiguous. */
export const foreseen = (at: Time, now: Time): string =>
  at - now < 24 * HOUR_MS ? hhmm(at) : shortDay(at);

/**
 * Returns a range, never a single time: from the last hour's pace and the pace since the first departure.
 * There is none before people have left in two quarter hours, or if nobody left in the last hour.
 */
export function outlook(pace: readonly PaceRow[], people: number, now: Time): Outlook {
  const moved = pace.filter((row) => row.left > 0).sort((a, b) => a.from - b.from);
  const first = moved[0];
  if (people === 0) return { is: 'nobody' };
  if (first === undefined || moved.length < 2) return { is: 'too_early' };
  const sum = (since: Time): number =>
    moved.reduce((left, row) => (row.from >= since ? left + row.left : left), 0);
  const recent = sum(now - HOUR_MS) / HOUR_MS;
  const whole = sum(first.from) / Math.max(now - first.from, ROUND_MS);
  if (recent === 0) return { is: 'standing' };
  const ends = [now + people / recent, now + people / whole].sort((a, b) => a - b);
  const [sooner = now, later = now] = ends;
  return {
    is: 'range',
    from: Math.round(sooner / ROUND_MS) * ROUND_MS,
    to: Math.ceil(later / ROUND_MS) * ROUND_MS,
    people,
    method: 'the last hour beside the whole day so far',
  };
}
