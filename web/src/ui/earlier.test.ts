import { describe, expect, it } from 'vitest';
import { Earlier } from './earlier.svelte';

const MINUTE = 60_000;
// 14:30 in the room, which is on summer time.
const now = Date.parse('2026-05-22T13:30:00Z');

function typed(time: string, reason = ''): Earlier {
  const earlier = new Earlier();
  earlier.time = time;
  earlier.reason = reason;
  return earlier;
}

describe('a time that is entered later', () => {
  it('is the present while nothing is typed', () => {
    expect(typed('').read(now)).toEqual({});
    expect(typed(' ', 'kept by mistake').read(now)).toEqual({});
  });

  it('needs no reason for five minutes', () => {
    expect(typed('14:25').read(now)).toEqual({ happenedAt: now - 5 * MINUTE });
  });

  it('needs a reason after five minutes, and says so', () => {
    const earlier = typed('1424');
    expect(earlier.read(now)).toBeNull();
    expect(earlier.wrong?.field).toBe('reason');
    earlier.reason = ' Told by telephone ';
    expect(earlier.read(now)).toEqual({
      happenedAt: now - 6 * MINUTE,
      lateReason: 'Told by telephone',
    });
    expect(earlier.wrong).toBeNull();
  });

  it('means yesterday if it is ahead of the clock, unless only by clock skew', () => {
    expect(typed('23:50').meant(now)).toBe(now - (14 * 60 + 40) * MINUTE);
    expect(typed('14:31').meant(now)).toBe(now);
  });

  it('is refused if it is invalid', () => {
    const earlier = typed('25:00');
    expect(earlier.read(now)).toBeNull();
    expect(earlier.wrong?.words).toBe('Write a time like 14:05, not 25:00.');
  });
});
