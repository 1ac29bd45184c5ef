import { describe, expect, it } from 'vitest';
import type { EditRow } from '../../../lib/wire/details';
import type { AlarmKind, DeskLog } from '../../../lib/wire/log';
import type { DeskPerson } from '../../../lib/wire/person';
import type { DeskSignIn } from '../../../lib/wire/sign_in';
import { inOrder, needsOf, type NeedSource } from './need';

const NOW = 1_800_000_000_000;

/** A person without any needs. */
function person(more: Partial<DeskPerson>): DeskPerson {
  const row = {
    person: 'p1',
    reference: 'K7F',
    name: 'Sybil Applegarden',
    stage: 'to_assess',
    place: 'at_the_home',
    place_words: null,
    items: [],
    questions: [],
    breaches: [],
    troubles: [],
    destination: { home: null, claimed: null, to_confirm: false },
    times: { leaves_at: null, arrives_at: null, left_at: null, arrived_at: null, since: null },
    family_told_of_death: false,
  };
  return { ...row, ...more } as DeskPerson;
}

function line(more: Partial<DeskLog>): DeskLog {
  const row = {
    seq: 9,
    at: NOW - 60_000,
    by: { is: 'member', id: 'm1' },
    text: 'Near miss: the second identifier for Sybil Applegarden (K7F) did not match.',
    person: 'p1',
    corrected_by: null,
    alarm: 'near_miss',
  };
  return { ...row, ...more } as DeskLog;
}

const kinds = (source: Partial<NeedSource>): string[] =>
  inOrder(
    needsOf({
      people: [],
      signIns: [],
      edits: [],
      log: [],
      deadlines: [],
      now: NOW,
      ...source,
    }),
  ).map(({ is }) => is);

describe('needs', () => {
  it('are empty for a person whose move goes to plan', () => {
    expect(kinds({ people: [person({})] })).toEqual([]);
  });

  it('put the most pressing first, each kind from its own row', () => {
    const troubled = person({
      troubles: [{ report: 3, trouble: 'refuses', words: null, at: NOW - 1 }],
      breaches: [
        { fact: 4, gate: 'G3', at: NOW - 2, owner: 'deputy', state: 'open' },
        { fact: 4, gate: 'G1', at: NOW - 2, owner: 'bizsup', state: 'lesson' },
      ],
      questions: ['duplicate'],
    });
    const signIn = { sign_in: 's1', state: 'overdue', due_at: NOW - 5 } as DeskSignIn;
    const edit = { edit: 'e1', person: 'p1', at: NOW } as EditRow;
    const deadlines = [
      { entry: 5, deadline: { at: NOW - 1, set_by: 'the court', why: 'the order' } },
      { entry: 6, deadline: { at: NOW + 1, set_by: 'the court', why: 'the order' } },
    ];
    expect(
      kinds({ people: [troubled], signIns: [signIn], edits: [edit], log: [line({})], deadlines }),
    ).toEqual(['overdue', 'trouble', 'alarm', 'deadline', 'edit', 'breach', 'question']);
  });

  it('put a possible duplicate before questions left by a list', () => {
    const open = person({ questions: ['care', 'funding'] });
    const twice = person({ person: 'p2', questions: ['care', 'duplicate'] });
    const needs = needsOf({
      people: [open, twice],
      signIns: [],
      edits: [],
      log: [],
      deadlines: [],
      now: NOW,
    });
    const [first, ...rest] = inOrder(needs);
    expect(first).toMatchObject({ person: 'p2', question: 'duplicate' });
    expect(rest).toHaveLength(3);
  });

  it('keep a near miss until the identity is checked again or somebody explains it', () => {
    const miss = line({});
    expect(kinds({ people: [person({})], log: [miss] })).toEqual(['alarm']);
    const before = person({
      items: [{ item: 'identity', state: 'done', at: miss.at - 1, by: null }],
    });
    expect(kinds({ people: [before], log: [miss] })).toEqual(['alarm']);
    const again = person({
      items: [{ item: 'identity', state: 'done', at: miss.at + 1, by: null }],
    });
    expect(kinds({ people: [again], log: [miss] })).toEqual([]);
    expect(kinds({ log: [line({ corrected_by: 12 })] })).toEqual([]);
  });

  it.each<[AlarmKind, boolean]>([
    ['timer', false],
    ['breach', false],
    ['trouble', false],
    ['unknown_person', true],
    ['near_miss', true],
    ['set_aside', false],
    ['help', false],
    ['pack_lost', true],
  ])('an alarm that has a row of its own is not told twice: %s', (alarm, waits) => {
    expect(kinds({ log: [line({ alarm, text: 'Whatever the log says.' })] })).toEqual(
      waits ? ['alarm'] : [],
    );
    expect(kinds({ log: [line({ alarm, corrected_by: 12 })] })).toEqual([]);
  });

  it('depend on the kind of an alarm, whatever its words', () => {
    const words = 'Packs lost: A4. An identity was set aside as not met, recorded.';
    expect(kinds({ log: [line({ alarm: null, text: words })] })).toEqual([]);
    expect(kinds({ log: [line({ alarm: 'pack_lost', text: words })] })).toEqual(['alarm']);
  });

  it('ask where a missing person is, and for the family of a person who died', () => {
    const lost = person({ place: 'being_confirmed', stage: 'being_confirmed' });
    const died = person({ person: 'p2', place: 'died', stage: 'died' });
    expect(kinds({ people: [lost, died] })).toEqual(['confirming', 'untold']);
    expect(kinds({ people: [person({ stage: 'died', family_told_of_death: true })] })).toEqual([]);
  });
});
