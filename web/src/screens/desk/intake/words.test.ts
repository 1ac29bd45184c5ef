import { expect, test } from 'vitest';
import type { IntakeFate } from '../../../lib/wire/intake';
import { fateWord, fits, type Filter } from './words';

const fates = Object.keys(fateWord) as IntakeFate['is'][];

test('each row appears under one outcome filter, and under all', () => {
  const own: Filter[] = ['new', 'changed', 'known', 'skipped'];
  for (const fate of fates) {
    expect(own.filter((filter) => fits(filter, fate, false))).toHaveLength(1);
    expect(fits('all', fate, false)).toBe(true);
    expect(fits('asks', fate, true)).toBe(true);
    expect(fits('asks', fate, false)).toBe(false);
  }
});
