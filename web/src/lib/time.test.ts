import { describe, expect, it } from 'vitest';
import {
  UNKNOWN_TIME,
  birthDate,
  exact,
  hhmm,
  hhmmss,
  lastAt,
  length,
  longDay,
  nextAt,
  quarterUp,
  shortDay,
  when,
} from './time';

describe('time', () => {
  it('is in the room’s own zone, summer and winter', () => {
    expect(hhmm(Date.UTC(2026, 6, 1, 13, 5))).toBe('14:05');
    expect(hhmm(Date.UTC(2026, 11, 1, 13, 5))).toBe('13:05');
  });

  it('a planned end typed in the evening is tomorrow’s', () => {
    const evening = Date.UTC(2026, 6, 1, 21, 0);
    expect(nextAt('06:00', evening)).toBe(Date.UTC(2026, 6, 2, 5, 0));
    expect(nextAt('23:15', evening)).toBe(Date.UTC(2026, 6, 1, 22, 15));
    expect(nextAt('24:00', evening)).toBeNull();
    expect(nextAt('soon', evening)).toBeNull();
  });

  it('a planned end across a clock change is the time that the clock will show', () => {
    const before = Date.UTC(2026, 9, 24, 22, 0);
    const end = nextAt('06:00', before);
    expect(end === null ? '' : hhmm(end)).toBe('06:00');
  });

  it('rounds up to the quarter hour', () => {
    expect(quarterUp(Date.UTC(2026, 0, 1, 10, 1))).toBe(Date.UTC(2026, 0, 1, 10, 15));
    expect(quarterUp(Date.UTC(2026, 0, 1, 10, 15))).toBe(Date.UTC(2026, 0, 1, 10, 15));
  });

  it('includes the year when it is not the current one', () => {
    const now = Date.UTC(2026, 6, 1, 13, 5);
    expect(when(now - 60_000, now)).toBe('14:04');
    expect(when(Date.UTC(2026, 5, 30, 13, 5), now)).toBe('30 Jun, 14:05');
    expect(when(Date.UTC(1999, 6, 1, 13, 5), now)).toBe('1 Jul 1999, 14:05');
  });

  it('shows an out-of-range time as unknown, and breaks no screen', () => {
    const now = Date.UTC(2026, 6, 1, 13, 5);
    const absurd = [-9e15, 9e15, 8.64e15 + 1, Number.NaN, Infinity, -Infinity, -(2 ** 63), 2 ** 63];
    for (const at of [...absurd, Date.UTC(1900, 0, 1) - 1, Date.UTC(2200, 0, 1)]) {
      for (const show of [hhmm, hhmmss, shortDay, longDay]) expect(show(at)).toBe(UNKNOWN_TIME);
      expect(when(at, now)).toBe(UNKNOWN_TIME);
      expect(when(now, at)).toContain('14:05');
      expect(exact(at)).toBeNull();
      expect(lastAt('14:05', at)).toBeNull();
      expect(nextAt('14:05', at)).toBeNull();
      expect(() => [length(at), length(at - now), quarterUp(at)]).not.toThrow();
    }
    expect(birthDate('1938-03-04')).toBe('4 March 1938');
    expect(birthDate('no day')).toBe('no day');
  });
});
