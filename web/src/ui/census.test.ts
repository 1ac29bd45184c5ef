import { expect, it } from 'vitest';
import type { CensusRow } from '../lib/wire/census';
import type { Stage } from '../lib/wire/transfer';
import { partsOf } from './census';
import { sideStages, wayStages } from './words';

it('the parts of the bar add up to the register, whatever the stages', () => {
  const stages: readonly Stage[] = [...wayStages, ...sideStages];
  const census: CensusRow = {
    register: stages.reduce((sum, _, index) => sum + index + 1, 0),
    places: [],
    stages: stages.map((stage, index) => ({ stage, people: index + 1 })),
    merged: null,
    confirmed: 0,
    without_place: 0,
    at_risk: 0,
    open_breaches: 0,
    passes: 0,
    open_troubles: 0,
  };
  const sum = partsOf(census).reduce((people, part) => people + part.people, 0);
  expect(stages).toHaveLength(13);
  expect(sum).toBe(census.register);
});
