import { describe, expect, it } from 'vitest';
import type { CensusRow } from '../../lib/wire/census';
import type { PlaceNow } from '../../lib/wire/transfer';
import { news, type Heard } from './news';

function heard(at: Partial<Record<PlaceNow, number>>, more: Partial<CensusRow> = {}): Heard {
  const places = Object.entries(at).map(([place, people]) => ({
    place: place as PlaceNow,
    people,
  }));
  const register = places.reduce((sum, { people }) => sum + people, 0);
  const census: CensusRow = {
    register,
    places,
    stages: [],
    merged: null,
    confirmed: 0,
    without_place: 0,
    at_risk: 0,
    open_breaches: 0,
    passes: 0,
    open_troubles: 0,
    ...more,
  };
  return { census, overdue: 0, needs: 0 };
}

describe('announcements', () => {
  const before = heard({ at_the_home: 5, on_the_way: 0, arrived: 0 });
  const after = heard({ at_the_home: 2, on_the_way: 2, arrived: 1 }, { at_risk: 1 });

  it('are one sentence about the changes since the last one', () => {
    expect(news(before, after, 'all')).toBe(
      '1 more at risk, 3 residents left, 1 resident arrived.',
    );
  });

  it('cover only alarms if so chosen, and nothing when off', () => {
    expect(news(before, after, 'important')).toBe('1 more at risk.');
    expect(news(before, after, 'off')).toBe('');
  });

  it('are empty while nothing changes', () => {
    expect(news(before, before, 'all')).toBe('');
  });
});
