import type { MemberId, PersonId } from '../../../lib/wire/id';
import type { Present } from '../../../lib/wire/presence';

/** Returns how many screens each member has connected. */
export function screensOf(present: readonly Present[]): ReadonlyMap<MemberId, number> {
  const screens = new Map<MemberId, number>();
  for (const one of present) screens.set(one.member, (screens.get(one.member) ?? 0) + one.screens);
  return screens;
}

/** Returns the others who have a person's panel open. */
export function lookersAt(
  person: PersonId,
  present: readonly Present[],
  me: MemberId | null,
): MemberId[] {
  const looking = present.filter((one) => one.member !== me && one.looking.includes(person));
  return [...new Set(looking.map((one) => one.member))];
}

/** Returns the sentence about others who look at the same person; empty without any. */
export function lookingWords(names: readonly string[]): string {
  const [first, second, ...more] = names;
  if (first === undefined) return '';
  if (second === undefined) return `${first} is looking at this`;
  if (more.length === 0) return `${first} and ${second} are looking at this`;
  return `${first} and ${more.length + 1} others are looking at this`;
}
