import { describe, expect, it } from 'vitest';
import type { PaceRow } from '../lib/wire/census';
import { foreseen, outlook } from './pace';

const HOUR = 60 * 60_000;
const QUARTER = HOUR / 4;
const now = Date.parse('2026-05-22T13:30:00Z');
const row = (quartersAgo: number, left: number): PaceRow => ({
  from: now - quartersAgo * QUARTER,
  left,
  arrived: 0,
  at_the_home: 30,
  register: 62,
  registered: 0,
  merged: 0,
});

describe('the forecast', () => {
  it('is a time within a day, and a day beyond it', () => {
    expect(foreseen(now + HOUR, now)).toBe('15:30');
    expect(foreseen(now + 23 * HOUR, now)).toBe('13:30');
    expect(foreseen(now + 24 * HOUR, now)).toBe('23 May');
    expect(foreseen(now + 61 * HOUR, now)).toBe('25 May');
  });
});

describe('the outlook', () => {
  it('gives no estimate before people have left in two quarter hours', () => {
    expect(outlook([], 20, now)).toEqual({ is: 'too_early' });
    expect(outlook([row(2, 5)], 20, now)).toEqual({ is: 'too_early' });
  });

  it('gives no estimate when nobody left in the last hour', () => {
    expect(outlook([row(9, 5), row(8, 5)], 20, now)).toEqual({ is: 'standing' });
  });

  it("is a range between the last hour's pace and the whole day's", () => {
    const range = outlook([row(8, 2), row(6, 2), row(3, 4), row(1, 4)], 16, now);
    expect(range).toMatchObject({ from: now + 2 * HOUR, people: 16 });
    expect(range.is === 'range' && range.to).toBeGreaterThan(now + 2 * HOUR);
  });

  it('says that nobody with a place is waiting, whatever the pace', () => {
    expect(outlook([row(3, 4), row(1, 4)], 0, now)).toEqual({ is: 'nobody' });
  });
});
