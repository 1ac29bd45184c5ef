import type { PaceRow } from '../../lib/wire/census';
import type { Time } from '../../lib/wire/id';
import { hhmm, HOUR_MS, MINUTE_MS } from '../../lib/time';

const QUARTER_MS = 15 * MINUTE_MS;

/** A quarter hour in which the register changed, and why. */
export interface Change {
  from: Time;
  words: string;
}

/** Returns every change of the register with its reason, earliest first. */
export function registerChanges(pace: readonly PaceRow[]): Change[] {
  const list: Change[] = [];
  let before = 0;
  for (const { from, register, registered, merged } of [...pace].sort((a, b) => a.from - b.from)) {
    if (registered > 0 || merged > 0) {
      const why = [
        ...(registered > 0 ? [`${registered} added`] : []),
        ...(merged > 0 ? [`${merged} listed twice and made one`] : []),
      ];
      list.push({ from, words: `${before} to ${register}: ${why.join(', ')}` });
    }
    before = register;
  }
  return list;
}

/** Summarizes the quarter hours of about the last hour in a sentence. */
export function hourWords(pace: readonly PaceRow[], now: Time): string {
  const since = Math.floor((now - HOUR_MS) / QUARTER_MS) * QUARTER_MS;
  const rows = pace.filter(({ from }) => from >= since);
  const sum = (of: (row: PaceRow) => number): number =>
    rows.reduce((total, row) => total + of(row), 0);
  const left = sum((row) => row.left);
  const arrived = sum((row) => row.arrived);
  if (left === 0 && arrived === 0)
    return `Since ${hhmm(since)} nobody has left and nobody arrived.`;
  return `Since ${hhmm(since)}: ${left} left the home, ${arrived} arrived.`;
}
