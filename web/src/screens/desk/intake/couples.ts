import type { IntakeRow } from '../../../lib/wire/intake';

/** Returns the numbers of the rows that name two people. */
export function couplesOf(rows: readonly IntakeRow[]): ReadonlySet<number> {
  return new Set(rows.filter(({ is_second }) => is_second).map(({ row }) => row));
}
