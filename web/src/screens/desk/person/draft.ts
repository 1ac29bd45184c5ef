import type { PersonChange } from '../../../lib/wire/details';
import type { Care, DeskPerson, Marks, Mobility } from '../../../lib/wire/person';
import { careWord, mobilityWord } from '../../../ui/words';

/** A person's details while they are being typed. */
export interface Draft {
  name: string;
  known_as: string;
  date_of_birth: string;
  bedroom: string;
  handle_safely: string;
  keep_together: string;
  mobility: string;
  care: string;
  marks: Marks;
}

/** Returns only the fields that differ; clearing a fixed value counts as no change. */
export function changed(draft: Draft, person: DeskPerson): Partial<PersonChange> {
  const change: Partial<PersonChange> = {};
  const text = (
    key: 'name' | 'known_as' | 'handle_safely' | 'keep_together',
    stood: string | null,
  ): void => {
    const next = draft[key].trim();
    if (next !== (stood ?? '')) change[key] = next;
  };
  text('name', person.name);
  text('known_as', person.known_as);
  text('handle_safely', person.handle_safely);
  text('keep_together', person.keep_together);
  const date = draft.date_of_birth;
  if (date !== '' && date !== person.date_of_birth) change.date_of_birth = date;
  const bedroom = draft.bedroom.trim().toUpperCase();
  if (bedroom !== '' && bedroom !== person.bedroom) change.bedroom = bedroom;
  const { mobility, care, marks } = draft;
  if (mobility in mobilityWord && mobility !== person.mobility) {
    change.mobility = mobility as Mobility;
  }
  if (care in careWord && care !== person.care) change.care = care as Care;
  const was = person.marks;
  if (
    marks.two_person !== was.two_person ||
    marks.equipment !== was.equipment ||
    marks.frail !== was.frail
  ) {
    change.marks = { ...marks };
  }
  return change;
}
