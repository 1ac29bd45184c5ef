import { describe, expect, it } from 'vitest';
import { hhmm } from '../../../lib/time';
import { momentOf, today } from './moment';

describe('the time of a deadline', () => {
  it.each([
    ['2026-01-15', '20:00', '2026-01-15T20:00:00Z'],
    ['2026-07-15', '20:00', '2026-07-15T19:00:00Z'],
    ['2026-07-15', '00:30', '2026-07-14T23:30:00Z'],
    ['2026-03-29', '06:00', '2026-03-29T05:00:00Z'],
    ['2026-03-29', '00:30', '2026-03-29T00:30:00Z'],
    ['2026-10-25', '23:59', '2026-10-25T23:59:00Z'],
    ['2026-10-25', '00:15', '2026-10-24T23:15:00Z'],
  ])('%s at %s, by the clock of the room', (date, clock, utc) => {
    const at = momentOf(date, clock);
    expect(at).toBe(Date.parse(utc));
    expect(hhmm(at ?? 0)).toBe(clock);
    expect(today(at ?? 0)).toBe(date);
  });

  it('is null for invalid input', () => {
    expect(momentOf('', '20:00')).toBeNull();
    expect(momentOf('2026-01-15', 'at eight')).toBeNull();
  });
});
