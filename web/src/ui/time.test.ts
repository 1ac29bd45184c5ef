import { describe, expect, it } from 'vitest';
import { bornShort, isLate, near, span, typedEnd } from './time';

const MINUTE = 60_000;
const now = Date.parse('2026-05-22T13:30:00Z');

describe('times on the faces', () => {
  it('a departure is late fifteen minutes after its time, and not before', () => {
    const person = { place: 'at_the_home' as const, times: { leaves_at: now, arrives_at: null } };
    expect(isLate(person, now + 14 * MINUTE)).toBe(false);
    expect(isLate(person, now + 15 * MINUTE)).toBe(true);
  });

  it('a departed person is never late to leave', () => {
    const person = { place: 'arrived' as const, times: { leaves_at: now, arrives_at: now } };
    expect(isLate(person, now + 60 * MINUTE)).toBe(false);
  });

  it("a typed time of a plan is in the room's future, or has just passed", () => {
    expect(near('14:45', now)).toBe(now + 15 * MINUTE);
    expect(near('1415', now)).toBe(now - 15 * MINUTE);
    expect(near('10:30', now)).toBe(now - 4 * 60 * MINUTE);
    expect(near('10:29', now)).toBe(now + (20 * 60 - 1) * MINUTE);
    expect(near('00:30', now)).toBe(now + 10 * 60 * MINUTE);
    expect(near('04:00', now)).toBe(now + 13.5 * 60 * MINUTE);
    const morning = now - 8.5 * 60 * MINUTE;
    expect(near('19:00', morning)).toBe(morning + 13 * 60 * MINUTE);
    const midnight = now + 9.6 * 60 * MINUTE;
    expect(near('23:59', midnight)).toBe(midnight - 7 * MINUTE);
    expect(near('19:00', midnight)).toBe(midnight + (19 * 60 - 6) * MINUTE);
    expect(near('25:00', now)).toBeNull();
  });

  it('a typed end is in the future, and an invalid time is reported', () => {
    expect(typedEnd('04:00', now)).toEqual({ end: now + 13.5 * 60 * MINUTE, wrong: '' });
    expect(typedEnd('14:29', now)).toEqual({ end: now + (24 * 60 - 1) * MINUTE, wrong: '' });
    expect(typedEnd(' ', now)).toEqual({ end: null, wrong: '' });
    expect(typedEnd('soon', now)).toEqual({
      end: null,
      wrong: 'Write a time like 18:00, not soon.',
    });
  });

  it('a duration is formatted in hours and minutes', () => {
    expect(span(5 * 60 * MINUTE + 28 * MINUTE)).toBe('5 h 28 min');
    expect(span(50 * 60 * MINUTE)).toBe('2 days 2 h');
  });

  it('an out-of-range time is shown as unknown, and no typed time is near it', () => {
    for (const at of [-9e15, 9e15, Number.NaN, Infinity]) expect(near('14:45', at)).toBeNull();
    expect(span(Number.NaN)).toBe('unknown time');
    expect(bornShort('no day')).toBe('no day');
  });
});
