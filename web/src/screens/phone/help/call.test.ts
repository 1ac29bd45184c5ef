import { describe, expect, it } from 'vitest';
import type { Fate, Item } from '../../../lib/outbox-store';
import type { Command } from '../../../lib/wire/command';
import type { HelpRow } from '../../../lib/wire/help';
import { othersCalls, ownCalls, worst } from './call';

const call: Command = { kind: 'call_for_help', help: 'not_safe', person: 'p', place: 'Attic' };
const trying = { inTouch: true, failed: (): boolean => false };

function item(fate: Fate, over: Partial<Item> = {}, command: Command = call): Item {
  const id = over.envelope?.id ?? 'c1';
  const envelope = { id, do: command };
  return {
    n: 1,
    room: 'r',
    member: 'me',
    at: 1_000,
    offline: false,
    envelope,
    frozen: false,
    fate,
    ...over,
  };
}

function row(over: Partial<HelpRow> = {}): HelpRow {
  return {
    call: 'c1',
    member: 'me',
    help: 'not_safe',
    person: 'p',
    site: 's1',
    place: 'Attic',
    since: 1_000,
    received: 1_200,
    answered_by: null,
    answered_at: null,
    unanswered: false,
    ...over,
  };
}

const waiting: Fate = { is: 'on_phone' };
const sending: Fate = { is: 'sending' };
const sent: Fate = { is: 'sent', seq: 4, at: 1_200 };
const saved: Fate = { is: 'saved', seq: 4, at: 1_200 };
const ended = (fate: Fate) =>
  item(fate, {}, { kind: 'end_help', call: 'c1', words: 'It was nothing' });

describe("the member's own call for help", () => {
  it.each([
    ['is being sent just after the tap', [item(waiting)], [], trying, 'sending'],
    [
      'is being sent during the first try',
      [item(sending, { frozen: true })],
      [],
      trying,
      'sending',
    ],
    [
      'is not sent once a try has failed',
      [item(waiting, { frozen: true })],
      [],
      trying,
      'not_sent',
    ],
    [
      'R36: is not sent at once without signal',
      [item(waiting)],
      [],
      { ...trying, inTouch: false },
      'not_sent',
    ],
    [
      'R36: stays not sent while the phone tries again',
      [item(sending, { frozen: true })],
      [],
      { ...trying, failed: (): boolean => true },
      'not_sent',
    ],
    ['is sent when the room has answered', [item(sent)], [], trying, 'sent'],
    [
      'is sent although the signal is gone since',
      [item(sent)],
      [],
      { ...trying, inTouch: false },
      'sent',
    ],
    ['is sent while its row says so, after a reload', [], [row()], trying, 'sent'],
    [
      'is answered as soon as somebody answers',
      [item(saved)],
      [row({ answered_by: 'desk', answered_at: 2_000 })],
      trying,
      'answered',
    ],
  ] as const)('%s', (_, items, rows, how, state) => {
    const calls = ownCalls(items, rows, 'me', how);
    expect(calls.map((one) => one.state)).toEqual([state]);
    expect(calls[0]).toMatchObject({ call: 'c1', help: 'not_safe', person: 'p', place: 'Attic' });
  });

  it('is over when the room stops showing it', () => {
    expect(ownCalls([item(saved)], [], 'me', trying)).toEqual([]);
  });

  it('is over when its author ended it, whether the room knows or not', () => {
    expect(ownCalls([item(waiting), ended(waiting)], [], 'me', trying)).toEqual([]);
    expect(ownCalls([ended(sent)], [row()], 'me', trying)).toEqual([]);
  });

  it('stays visible, as not sent, when the room refused it', () => {
    const refusal = { code: 'malformed' as const, words: 'the place is too long' };
    const [first] = ownCalls([item({ is: 'refused', refusal, at: 2 })], [], 'me', trying);
    expect(first).toMatchObject({ state: 'not_sent', refused: 'the place is too long' });
  });

  it("is not shown as the member's own when somebody else made it on this phone", () => {
    expect(ownCalls([item(waiting, { member: 'them' })], [], 'me', trying)).toEqual([]);
  });

  it('is shown before one that the room has, if it is not sent', () => {
    const other = item(waiting, { envelope: { id: 'c2', do: call }, at: 500 });
    const calls = ownCalls([item(sent), other], [], 'me', { ...trying, inTouch: false });
    expect(calls).toHaveLength(2);
    expect(worst(calls)?.call).toBe('c2');
    expect(worst([])).toBeNull();
  });
});

describe('calls of others', () => {
  const theirs = row({ member: 'them' });
  const answer = (fate: Fate) => item(fate, {}, { kind: 'answer_help', call: 'c1' });

  it('are shown at the same site, and if a site is unknown', () => {
    const seen = (site: string | null, called: string | null) =>
      othersCalls([], [{ ...theirs, site: called }], 'me', site).length;
    expect([seen('s1', 's1'), seen('s1', null), seen(null, 's1'), seen('s2', 's1')]).toEqual([
      1, 1, 1, 0,
    ]);
  });

  it('are answered with one tap, whose delivery is shown', () => {
    const mine = (items: Item[], one = theirs) => othersCalls(items, [one], 'me', 's1')[0]?.mine;
    expect(mine([])).toBe('none');
    expect(mine([answer(waiting)])).toBe('on_its_way');
    expect(mine([answer(saved)])).toBe('going');
    expect(mine([], { ...theirs, answered_by: 'me' })).toBe('going');
    expect(mine([], { ...theirs, answered_by: 'another' })).toBe('none');
  });

  it("never include the member's own, or any that this phone has ended", () => {
    expect(othersCalls([], [row()], 'me', 's1')).toEqual([]);
    expect(othersCalls([ended(waiting)], [theirs], 'me', 's1')).toEqual([]);
  });
});
