import { describe, expect, it } from 'vitest';
import { hhmm, nextAt, quarterUp } from './time';

describe('time', () => {
  it('is the room’s own, summer and winter', () => {
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

  it('a planned end across the change of the clocks is the time that people read', () => {
    const before = Date.UTC(2026, 9, 24, 22, 0);
    const end = nextAt('06:00', before);
    expect(end === null ? '' : hhmm(end)).toBe('06:00');
  });

  it('rises to the quarter', () => {
    expect(quarterUp(Date.UTC(2026, 0, 1, 10, 1))).toBe(Date.UTC(2026, 0, 1, 10, 15));
    expect(quarterUp(Date.UTC(2026, 0, 1, 10, 15))).toBe(Date.UTC(2026, 0, 1, 10, 15));
  });
});
