import { expect, test } from 'vitest';
import type { PackRow, PackState } from '../../../lib/wire/pack';
import { countWords, isOut, packOf } from './packs';

function pack(number: number, code: string, state: PackState): PackRow {
  return {
    number,
    code,
    pack: 'person',
    person: null,
    printed_at: 0,
    printed_by: { is: 'system' },
    state,
    held_by: null,
    since: 0,
  };
}

const packs = [pack(1, 'P1K', 'out'), pack(12, 'P12C', 'with_crew'), pack(2, 'P2A', 'returned')];

test('a pack is found by its number, or by its code in any spelling', () => {
  expect(packOf(packs, ' p12-c ')?.number).toBe(12);
  expect(packOf(packs, '2')?.code).toBe('P2A');
  expect(packOf(packs, 'P12K')).toBeNull();
  expect(packOf(packs, '')).toBeNull();
});

test('the counts of the packs by location add up', () => {
  expect(countWords(packs)).toBe('1 out, 1 with a crew, 1 back');
  expect(packs.filter(isOut)).toHaveLength(2);
});
