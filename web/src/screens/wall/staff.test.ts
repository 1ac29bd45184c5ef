import { expect, it } from 'vitest';
import { byKind } from './staff';

it('everybody at the home is counted once, by kind', () => {
  const counts = byKind([['named_sw'], ['nurse', 'lead'], ['lead'], [], ['team_leader_site']]);
  expect(counts).toEqual([
    { kind: 'social work', people: 2 },
    { kind: 'nursing and care', people: 1 },
    { kind: 'co-ordination', people: 1 },
    { kind: 'other', people: 1 },
  ]);
});

it('two members without a known role count as others', () => {
  expect(byKind([[], []])).toEqual([{ kind: 'others', people: 2 }]);
});
