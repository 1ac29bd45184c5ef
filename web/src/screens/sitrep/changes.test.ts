import { describe, expect, it } from 'vitest';
import type { PaceRow } from '../../lib/wire/census';
import { hourWords, registerChanges } from './changes';
import { bookedBy, leftBy, planOf, stepsOf } from './steps';

const QUARTER = 15 * 60_000;
const now = Date.parse('2026-05-22T13:40:00Z');
const row = (quartersAgo: number, change: Partial<PaceRow>): PaceRow => ({
  from: Math.floor(now / QUARTER) * QUARTER - quartersAgo * QUARTER,
  left: 0,
  arrived: 0,
  at_the_home: 62,
  register: 62,
  registered: 0,
  merged: 0,
  ...change,
});

describe('what changed', () => {
  it('lists every change of the register with its reason', () => {
    const pace = [
      row(30, { registered: 63, merged: 1 }),
      row(20, { left: 3, at_the_home: 59 }),
      row(3, { registered: 1, register: 63, at_the_home: 60 }),
    ];
    expect(registerChanges(pace).map(({ words }) => words)).toEqual([
      '0 to 62: 63 added, 1 listed twice and made one',
      '62 to 63: 1 added',
    ]);
  });

  it('lists the changes of the last hour, or that there were none', () => {
    const pace = [row(9, { left: 7 }), row(2, { left: 2 }), row(1, { left: 1, arrived: 2 })];
    expect(hourWords(pace, now)).toBe('Since 13:30: 3 left the home, 2 arrived.');
    expect(hourWords([], now)).toBe('Since 13:30 nobody has left and nobody arrived.');
  });
});

describe('the plan', () => {
  const pace = [row(8, { registered: 62 }), row(4, { left: 5, at_the_home: 57 })];
  const planned = [
    { from: now + 2 * QUARTER, people: 10 },
    { from: now - 3 * QUARTER, people: 8 },
  ];

  it('falls from the register by each booking, and no further than the number booked', () => {
    const plan = planOf(planned, stepsOf(pace, now, 57));
    expect(plan.map(({ people }) => people)).toEqual([62, 54, 44]);
    expect(planOf([], stepsOf(pace, now, 57))).toEqual([]);
  });

  it('is compared with the departures up to the same time', () => {
    expect([bookedBy(planned, now), leftBy(pace)]).toEqual([8, 5]);
  });
});
