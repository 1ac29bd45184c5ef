import type { StandingDeadline } from '../../../lib/wire/deadline';
import type { EditRow } from '../../../lib/wire/details';
import type { Breach } from '../../../lib/wire/gate';
import type { PersonId, Time } from '../../../lib/wire/id';
import type { DeskLog } from '../../../lib/wire/log';
import type { DeskPerson } from '../../../lib/wire/person';
import type { OpenQuestion } from '../../../lib/wire/register';
import type { DeskSignIn } from '../../../lib/wire/sign_in';
import type { OpenTrouble } from '../../../lib/wire/trouble';

/** Something that waits for a person to decide, act or telephone. */
export type Need = {
  /** A stable key by which a list keeps it in place. */
  readonly key: string;
  /** Waiting since; null for questions left by an import. */
  readonly since: Time | null;
  readonly person: PersonId | null;
} & (
  | { readonly is: 'overdue' | 'sign_off'; readonly row: DeskSignIn }
  | { readonly is: 'trouble'; readonly trouble: OpenTrouble }
  | { readonly is: 'confirming' }
  | { readonly is: 'destination' }
  | { readonly is: 'untold' }
  | { readonly is: 'alarm'; readonly line: DeskLog }
  | { readonly is: 'deadline'; readonly standing: StandingDeadline }
  | { readonly is: 'edit'; readonly edit: EditRow }
  | { readonly is: 'breach'; readonly breach: Breach }
  | { readonly is: 'question'; readonly question: OpenQuestion }
);

/** The kinds of need with their headings, most pressing first. */
export const groups: readonly (readonly [Need['is'], string])[] = [
  ['overdue', 'Check-in overdue: ring now'],
  ['trouble', 'Not going to plan'],
  ['confirming', 'Whereabouts being confirmed'],
  ['destination', 'Destination to confirm'],
  ['untold', 'Family to be told of a death'],
  ['alarm', 'Alarms of the log'],
  ['sign_off', 'Sign-off asked'],
  ['deadline', 'Deadline passed'],
  ['edit', 'Set aside: two versions'],
  ['breach', 'Breaches to review'],
  ['question', 'Left open by the import'],
];

const rank = new Map(groups.map(([is], at) => [is, at]));

/** The room's data from which needs follow. */
export interface NeedSource {
  readonly people: readonly DeskPerson[];
  readonly signIns: readonly DeskSignIn[];
  readonly edits: readonly EditRow[];
  readonly log: readonly DeskLog[];
  readonly deadlines: readonly StandingDeadline[];
  readonly now: Time;
}

/**
 * Returns whether an alarm of the log is still open. Most kinds are derived from rows of their own; the
 * rest stay listed until somebody corrects the line or checks the identity again: one too many is better
 * than one lost.
 */
function waits(line: DeskLog, people: ReadonlyMap<PersonId, DeskPerson>): boolean {
  if (line.corrected_by !== null) return false;
  switch (line.alarm) {
    case null:
    case 'timer':
    case 'breach':
    case 'trouble':
    case 'set_aside':
    case 'help':
      return false;
    case 'near_miss':
      return !isCheckedSince(line, people);
    case 'unknown_person':
    case 'pack_lost':
      return true;
  }
}

function isCheckedSince(line: DeskLog, people: ReadonlyMap<PersonId, DeskPerson>): boolean {
  const person = line.person === null ? undefined : people.get(line.person);
  const checked = person?.items.some(
    ({ item, state, at }) =>
      (item === 'identity' || item === 'door' || item === 'arrival') &&
      state !== 'open' &&
      at !== null &&
      at > line.at,
  );
  return checked === true;
}

/** The needs of each row, memoized: a row is replaced whole, and most stay the same between updates. */
const known = new WeakMap<DeskPerson, readonly Need[]>();

function ofPerson(person: DeskPerson): readonly Need[] {
  const needs = known.get(person) ?? readPerson(person);
  known.set(person, needs);
  return needs;
}

function readPerson(person: DeskPerson): Need[] {
  const about = { person: person.person };
  const since = person.times.since;
  const found: Need[] = person.troubles.map((trouble) => ({
    ...about,
    is: 'trouble',
    key: `trouble ${trouble.report}`,
    since: trouble.at,
    trouble,
  }));
  const one = (is: 'confirming' | 'destination' | 'untold'): void => {
    found.push({ ...about, is, key: `${is} ${person.person}`, since });
  };
  if (person.place === 'being_confirmed') one('confirming');
  if (person.destination.to_confirm) one('destination');
  if (person.stage === 'died' && !person.family_told_of_death) one('untold');
  for (const breach of person.breaches) {
    if (breach.state !== 'open') continue;
    const key = `breach ${breach.fact} ${breach.gate}`;
    found.push({ ...about, is: 'breach', key, since: breach.at, breach });
  }
  for (const question of person.questions) {
    const key = `question ${person.person} ${question}`;
    found.push({ ...about, is: 'question', key, since: null, question });
  }
  return found;
}

function ofSignIn(row: DeskSignIn): Need[] {
  const about = { person: null, row };
  switch (row.state) {
    case 'overdue':
      return [{ ...about, is: 'overdue', key: `overdue ${row.sign_in}`, since: row.due_at }];
    case 'sign_off_asked':
      return [{ ...about, is: 'sign_off', key: `sign_off ${row.sign_in}`, since: row.asked_at }];
    case 'on_site':
    case 'confirmed_safe':
    case 'signed_off':
    case 'signed_off_late':
      return [];
  }
}

/** Returns all needs, unordered: every view shows their count. */
export function needsOf(source: NeedSource): Need[] {
  const people = new Map(source.people.map((person) => [person.person, person]));
  return [
    ...source.people.flatMap(ofPerson),
    ...source.signIns.flatMap(ofSignIn),
    ...source.edits.map((edit): Need => ({
      is: 'edit',
      key: `edit ${edit.edit}`,
      since: edit.at,
      person: edit.person,
      edit,
    })),
    ...source.log
      .filter((line) => waits(line, people))
      .map((line): Need => ({
        is: 'alarm',
        key: `alarm ${line.seq}`,
        since: line.at,
        person: people.has(line.person ?? '') ? line.person : null,
        line,
      })),
    ...source.deadlines
      .filter(({ deadline }) => deadline.at <= source.now)
      .map((standing): Need => ({
        is: 'deadline',
        key: `deadline ${standing.entry}`,
        since: standing.deadline.at,
        person: null,
        standing,
      })),
  ];
}

/** Orders by kind, most pressing first, then by age; possible duplicates come before other questions. */
export function inOrder(needs: readonly Need[]): Need[] {
  const order = (need: Need): number =>
    (rank.get(need.is) ?? groups.length) +
    (need.is === 'question' && need.question !== 'duplicate' ? 0.5 : 0);
  return [...needs].sort(
    (a, b) => order(a) - order(b) || (a.since ?? 0) - (b.since ?? 0) || (a.key < b.key ? -1 : 1),
  );
}
