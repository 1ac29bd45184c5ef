import type { Time } from '../lib/proto/id';
import type { PaceRow } from '../lib/proto/row';

const HOUR_MS = 60 * 60_000;
const ROUND_MS = 10 * 60_000;

/** When the people who have a place may have left, and how that was worked out. */
export interface Outlook {
  from: Time;
  to: Time;
  /** People it speaks about. */
  people: number;
  method: string;
}

/**
 * Returns a range, never one time: the last hour's pace beside the pace since the first departure.
 * Returns nothing before people have left in two quarter hours, or when nobody left in the last hour.
 */
export function outlook(pace: readonly PaceRow[], people: number, now: Time): Outlook | null {
  const moved = pace.filter((row) => row.left > 0).sort((a, b) => a.from - b.from);
  const first = moved[0];
  if (first === undefined || moved.length < 2 || people === 0) return null;
  const sum = (since: Time): number =>
    moved.reduce((left, row) => (row.from >= since ? left + row.left : left), 0);
  const recent = sum(now - HOUR_MS) / HOUR_MS;
  const whole = sum(first.from) / Math.max(now - first.from, ROUND_MS);
  if (recent === 0) return null;
  const ends = [now + people / recent, now + people / whole].sort((a, b) => a - b);
  const [sooner = now, later = now] = ends;
  return {
    from: Math.round(sooner / ROUND_MS) * ROUND_MS,
    to: Math.ceil(later / ROUND_MS) * ROUND_MS,
    people,
    method: 'the last hour beside the whole day so far',
  };
}
