import type { WallPerson } from '../../lib/wire/person';
import { askWord, roleShort } from '../../ui/words';
import { doneStages, type Chip, type Lane } from './board';

/** Returns the fixed words for a person's open items; the wall never shows free text. */
export function askWords({
  asks,
  ask_roles: roles,
}: Pick<WallPerson, 'asks' | 'ask_roles'>): string[] {
  return asks.flatMap((ask) => {
    if (ask !== 'role' || roles.length === 0) return [askWord[ask]];
    return roles.map((role) => `Ask ${roleShort[role].toLowerCase()}`);
  });
}

/** A person who needs attention: rated at risk, or waiting for a role's answer. */
const calls = ({ person }: Chip): boolean =>
  person.rating === 'at_risk' || person.asks.includes('role');

/** Returns the people at risk or waiting for a role who are not done, most pressing first. */
export function callingOf(lanes: readonly Lane[]): Chip[] {
  const weight = ({ person, late }: Chip): number =>
    Number(person.rating === 'at_risk') * 4 +
    Number(person.asks.includes('role')) * 2 +
    Number(late);
  return lanes
    .filter(({ stage }) => !doneStages.has(stage))
    .flatMap(({ chips }) => chips.filter(calls))
    .sort((a, b) => weight(b) - weight(a));
}
