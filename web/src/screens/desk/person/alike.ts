import type { DeskPerson } from '../../../lib/wire/person';

/** The parts of a person by which two can be confused. */
export type Likeness = Pick<DeskPerson, 'name' | 'date_of_birth'>;

const words = (name: string): string[] =>
  name
    .toLowerCase()
    .normalize('NFD')
    .split(/[^a-z]+/)
    .filter((word) => word.length > 1);

/**
 * Returns whether two people may be one person, or be confused: the same birth date, the same full name, or
 * the same last name and first initial. A hint while typing; the room's own mark is in the row.
 */
export function alike(one: Likeness, other: Likeness): boolean {
  const [a, b] = [words(one.name), words(other.name)];
  if (a.length === 0 || b.length === 0) return false;
  if (one.date_of_birth !== null && one.date_of_birth === other.date_of_birth) return true;
  return a.at(-1) === b.at(-1) && a[0]?.[0] === b[0]?.[0];
}
