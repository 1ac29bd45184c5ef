import type { PaceRow, PlannedRow } from '../../lib/wire/census';
import type { Time } from '../../lib/wire/id';
import { HOUR_MS, MINUTE_MS } from '../../lib/time';

/** A change of the number of people at the home. */
export interface Step {
  at: Time;
  people: number;
}

const QUARTER_MS = 15 * MINUTE_MS;

/** Returns the number of people at the home over time; each quarter hour's change counts at its end. */
export function stepsOf(pace: readonly PaceRow[], now: Time, atHome: number): Step[] {
  const [first] = pace;
  if (first === undefined) return [];
  const steps: Step[] = [{ at: first.from, people: first.at_the_home + first.left }];
  for (const row of pace) {
    steps.push({ at: Math.min(row.from + QUARTER_MS, now), people: row.at_the_home });
  }
  steps.push({ at: now, people: atHome });
  return steps;
}

/** Returns the planned number of people at the home, if every departure happens as booked. */
export function planOf(planned: readonly PlannedRow[], steps: readonly Step[]): Step[] {
  const [first] = steps;
  if (first === undefined || planned.length === 0) return [];
  const rows = [...planned].sort((a, b) => a.from - b.from);
  let { people } = first;
  const plan: Step[] = [{ at: Math.min(first.at, rows[0]?.from ?? first.at), people }];
  for (const row of rows) {
    people = Math.max(0, people - row.people);
    plan.push({ at: row.from + QUARTER_MS, people });
  }
  return plan;
}

/** Returns how many departures were booked for past quarter hours. */
export const bookedBy = (planned: readonly PlannedRow[], now: Time): number =>
  planned.reduce((sum, { from, people }) => (from + QUARTER_MS <= now ? sum + people : sum), 0);

/** Returns how many people have left, from the quarter hours. */
export const leftBy = (pace: readonly PaceRow[]): number =>
  pace.reduce((sum, { left }) => sum + left, 0);

/** The ranges of the chart's axes. */
export interface Frame {
  from: Time;
  to: Time;
  most: number;
  /** The grid levels. */
  levels: number[];
}

/** Returns ranges in whole hours that include everything, with room for the labels. */
export function frameOf(steps: readonly Step[], marks: readonly Time[]): Frame {
  const times = [...steps.map(({ at }) => at), ...marks];
  const from = Math.floor(Math.min(...times) / HOUR_MS) * HOUR_MS;
  const to = Math.ceil((Math.max(...times) + 20 * MINUTE_MS) / HOUR_MS) * HOUR_MS;
  const top = Math.max(1, ...steps.map(({ people }) => people));
  const unit = [5, 10, 20, 50, 100, 200].find((one) => top / one <= 4) ?? 500;
  const levels = Array.from({ length: Math.floor(top / unit) + 1 }, (_, index) => index * unit);
  return { from, to, most: top * 1.05, levels };
}

/** Returns whole hours for the axis, at most `most` + 1. */
export function hoursOf({ from, to }: Frame, most: number): Time[] {
  const hours = (to - from) / HOUR_MS;
  const every = Math.max(1, Math.ceil(hours / most));
  const list: Time[] = [];
  for (let at = from; at <= to; at += every * HOUR_MS) list.push(at);
  return list;
}
