import { expect, test } from 'vitest';
import type { IntakeRow } from '../../../lib/wire/intake';
import { couplesOf } from './couples';

test('a row split into two people is a couple, whatever its notes say', () => {
  const note = { column: 'Name', as_sent: '', what: 'names two people', advice: '' };
  const rows = [
    { row: 2, is_second: false, notes: [] },
    { row: 3, is_second: false, notes: [] },
    { row: 3, is_second: true, notes: [] },
    { row: 4, is_second: false, notes: [{ ...note, only_tells: true }] },
  ] as unknown as IntakeRow[];
  expect([...couplesOf(rows)]).toEqual([3]);
});
