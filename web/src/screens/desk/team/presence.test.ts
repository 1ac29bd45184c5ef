import { describe, expect, it } from 'vitest';
import type { Present } from '../../../lib/wire/presence';
import { lookersAt, lookingWords, screensOf } from './presence';

const present: Present[] = [
  { member: 'sam', audience: 'desk', screens: 2, looking: ['ann'] },
  { member: 'sam', audience: 'phone', screens: 1, looking: ['ann'] },
  { member: 'jo', audience: 'desk', screens: 1, looking: ['ann', 'bob'] },
  { member: 'me', audience: 'desk', screens: 1, looking: ['ann'] },
];

describe('presence', () => {
  it('counts the screens of each member over all faces', () => {
    expect([...screensOf(present)]).toEqual([
      ['sam', 3],
      ['jo', 1],
      ['me', 1],
    ]);
  });

  it('names everybody who looks at the same person, once, and never the reader', () => {
    expect(lookersAt('ann', present, 'me')).toEqual(['sam', 'jo']);
    expect(lookersAt('bob', present, 'me')).toEqual(['jo']);
    expect(lookersAt('nobody', present, 'me')).toEqual([]);
  });

  it('is one short sentence', () => {
    expect(lookingWords([])).toBe('');
    expect(lookingWords(['Sam Oke'])).toBe('Sam Oke is looking at this');
    expect(lookingWords(['Sam Oke', 'Jo Hale'])).toBe('Sam Oke and Jo Hale are looking at this');
    expect(lookingWords(['Sam Oke', 'Jo Hale', 'Al Ito'])).toBe(
      'Sam Oke and 2 others are looking at this',
    );
  });
});
