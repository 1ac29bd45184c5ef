import type { Export } from '../../../lib/wire/export';

/** An export that the desk offers. */
export interface TakeAway {
  export: Export;
  title: string;
  /** What the file holds and its purpose. */
  holds: string;
  form: string;
}

export const files: readonly TakeAway[] = [
  {
    export: 'people.xlsx',
    title: 'People, as a spreadsheet',
    holds:
      'Everybody on the register: where they are, where they go, who goes with them. With real dates, ready to sort and print.',
    form: 'Excel workbook',
  },
  {
    export: 'people.csv',
    title: 'People, for another system',
    holds: 'The same list in a form that every program reads.',
    form: 'CSV',
  },
  {
    export: 'movements.csv',
    title: 'Movements',
    holds:
      'Who left, arrived, came back or went to hospital: one line for each, with both its times.',
    form: 'CSV',
  },
  {
    export: 'log.csv',
    title: 'Log',
    holds: 'Every line of the log, struck ones too, each beside what corrects it.',
    form: 'CSV',
  },
  {
    export: 'log.jsonl',
    title: 'Whole log, with its proof',
    holds:
      'Every entry exactly as it was kept, for the archive or an inquiry. Anybody can check that nothing in it was altered.',
    form: 'JSON lines',
  },
];
