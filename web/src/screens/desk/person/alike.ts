import type { DeskPerson } from '../../../lib/proto/row';

/** The parts of somebody by which they may be taken for another. */
export type Likeness = Pick<DeskPerson, 'name' | 'date_of_birth'>;

const words = (name: string): string[] =>
  name
    .toLowerCase()
    .normalize('NFD')
    .split(/[^a-z]+/)
    .filter((word) => word.length > 1);

/**
 * Returns whether two may be one person, or be taken for each other: one birth date, one whole name, or
 * one last name with the same first letter. A hint for whoever types; the room's own mark is in the row.
 */
export function alike(one: Likeness, other: Likeness): boolean {
  const [a, b] = [words(one.name), words(other.name)];
  if (a.length === 0 || b.length === 0) return false;
  if (one.date_of_birth !== null && one.date_of_birth === other.date_of_birth) return true;
  return a.at(-1) === b.at(-1) && a[0]?.[0] === b[0]?.[0];
}
