import type { CensusRow } from '../../lib/wire/census';
import { ofPlace } from '../../ui/census';

/** How much is announced (WEB.md 8). */
export type Spoken = 'all' | 'important' | 'off';

/** The state at the last announcement. */
export interface Heard {
  readonly census: CensusRow;
  readonly overdue: number;
  readonly needs: number;
}

const people = (count: number): string => (count === 1 ? '1 resident' : `${count} residents`);

/** Returns the changes since the last announcement, in one sentence; empty without changes. */
export function news(before: Heard, now: Heard, spoken: Spoken): string {
  if (spoken === 'off') return '';
  const words: string[] = [];
  const more = (was: number, is: number, text: (count: number) => string): void => {
    if (is > was) words.push(text(is - was));
  };
  const [a, b] = [before.census, now.census];
  more(a.at_risk, b.at_risk, (n) => `${n} more at risk`);
  more(before.overdue, now.overdue, (n) => `${n} more overdue`);
  more(
    ofPlace(a, 'being_confirmed'),
    ofPlace(b, 'being_confirmed'),
    (n) => `${n} being looked for`,
  );
  more(
    ofPlace(a, 'in_hospital'),
    ofPlace(b, 'in_hospital'),
    (n) => `${people(n)} taken to hospital`,
  );
  more(ofPlace(a, 'died'), ofPlace(b, 'died'), (n) => `${people(n)} died`);
  if (spoken === 'all') {
    more(ofPlace(b, 'at_the_home'), ofPlace(a, 'at_the_home'), (n) => `${people(n)} left`);
    more(ofPlace(a, 'arrived'), ofPlace(b, 'arrived'), (n) => `${people(n)} arrived`);
    more(a.register, b.register, (n) => `${people(n)} added to the register`);
    more(before.needs, now.needs, (n) => `${n} more to see to`);
  }
  const text = words.join(', ');
  return text === '' ? '' : `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`;
}
