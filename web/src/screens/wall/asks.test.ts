import { expect, it } from 'vitest';
import { askWords } from './asks';

it('open items use fixed words, and a role its own', () => {
  expect(askWords({ asks: ['bed', 'transport'], ask_roles: [] })).toEqual(['Bed', 'Transport']);
  expect(askWords({ asks: ['papers', 'role'], ask_roles: ['transport', 'nurse'] })).toEqual([
    'Papers',
    'Ask transport',
    'Ask nurse',
  ]);
  expect(askWords({ asks: ['role'], ask_roles: [] })).toEqual(['Ask the desk']);
});
