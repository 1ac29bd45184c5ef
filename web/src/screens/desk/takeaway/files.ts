import type { Export } from '../../../lib/proto/export';
import type { Role } from '../../../lib/proto/role';

/** A file that a room can be taken away as, as the desk offers it. */
export interface TakeAway {
  export: Export;
  title: string;
  /** What it holds and what it is good for. */
  holds: string;
  form: string;
  /** Who may take it; the server decides, this only says so beforehand. */
  roles: readonly Role[];
}

const people: readonly Role[] = ['lead', 'deputy', 'bizsup'];
const log: readonly Role[] = ['lead', 'deputy'];

export const files: readonly TakeAway[] = [
  {
    export: 'people.xlsx',
    title: 'People, as a spreadsheet',
    holds:
      'Everybody on the register: where they are, where they go, who goes with them. With real dates, ready to sort and print.',
    form: 'Excel workbook',
    roles: people,
  },
  {
    export: 'people.csv',
    title: 'People, for another system',
    holds: 'The same list in a form that every program reads.',
    form: 'CSV',
    roles: people,
  },
  {
    export: 'movements.csv',
    title: 'Movements',
    holds:
      'Who left, arrived, came back or went to hospital: one line for each, with both its times.',
    form: 'CSV',
    roles: people,
  },
  {
    export: 'log.csv',
    title: 'Log',
    holds: 'Every line of the log, struck ones too, each beside what corrects it.',
    form: 'CSV',
    roles: log,
  },
  {
    export: 'log.jsonl',
    title: 'Whole log, with its proof',
    holds:
      'Every entry exactly as it was kept, for the archive or an inquiry. Anybody can check that nothing in it was altered.',
    form: 'JSON lines',
    roles: log,
  },
];

/** Says who may take a file away. */
export function forWhom(roles: readonly Role[]): string {
  return roles.includes('bizsup')
    ? 'For the lead, deputies and business support.'
    : 'For the lead and deputies.';
}
