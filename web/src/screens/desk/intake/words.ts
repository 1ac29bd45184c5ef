import type { IntakeBecause, IntakeFate, IntakeTable } from '../../../lib/wire/intake';

/** The fields that a column can fill, with their labels. */
export const fieldWord: Readonly<Record<string, string>> = {
  room: 'Bedroom',
  title: 'Title (Mr, Mrs)',
  first_name: 'First name',
  surname: 'Surname',
  name: 'Name, in one column',
  known_as: 'Known as',
  date_of_birth: 'Date of birth',
  nhs_number: 'NHS number',
  wristband: 'Wristband code',
  sex: 'Sex (kept in the notes)',
  funding: 'Who pays',
  care: 'Kind of care',
  mobility: 'How the person moves',
  needs: 'Needs',
  handle_safely: 'Handle safely',
  keep_together: 'Keep together with',
  dols: 'DoLS (kept in the notes)',
  attorney: 'Attorney (kept in the notes)',
  end_of_life: 'End of life, DNACPR',
  next_of_kin: 'Next of kin',
  relation: 'Their relation',
  telephone: 'Their telephone',
  notes: 'Notes',
};

/** A person's field in which the room and the list differ. */
export const differenceWord: Readonly<Record<string, string>> = {
  ...fieldWord,
  bedroom: 'Bedroom',
  name: 'Name',
  marks: 'Mark',
};

/** Why a column was assigned to its field. */
export const becauseWord: Record<IntakeBecause, string> = {
  said: 'You chose this.',
  remembered: 'Chosen the last time, for a list with these columns.',
  name: 'Its name says so.',
  contents: 'Its cells look like it.',
  not_known: 'Its name is not known. It is not taken.',
  taken: 'Another column is taken for the same. This one is not.',
  hidden: 'It is hidden in the spreadsheet. It is not taken.',
};

/** What a word can describe. */
export const tableWord: Record<IntakeTable, string> = {
  funding: 'Who pays',
  care: 'Kind of care',
  mobility: 'How the person moves',
};

/** The outcome of a row, in a few words. */
export const fateWord: Record<IntakeFate['is'], string> = {
  new: 'New person',
  known: 'In the room already',
  changed: 'In the room, with differences',
  double: 'Same person as another row',
  nobody: 'Nobody',
  left_out: 'Left out by you',
  hidden: 'Hidden in the file, left out',
};

/** The filters for rows. */
export type Filter = 'asks' | 'new' | 'changed' | 'known' | 'skipped' | 'all';

export const filterWord: Record<Filter, string> = {
  asks: 'Needs a person',
  new: 'New',
  changed: 'Different',
  known: 'In the room',
  skipped: 'Not taken',
  all: 'All rows',
};

/** Returns whether a filter includes an outcome. */
export function fits(filter: Filter, fate: IntakeFate['is'], asks: boolean): boolean {
  switch (filter) {
    case 'asks':
      return asks;
    case 'new':
    case 'changed':
    case 'known':
      return fate === filter;
    case 'skipped':
      return fate === 'double' || fate === 'nobody' || fate === 'left_out' || fate === 'hidden';
    case 'all':
      return true;
  }
}

/** Formats a count with its noun. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
