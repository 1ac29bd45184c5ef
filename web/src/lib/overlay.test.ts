import { describe, expect, it } from 'vitest';
import { layPerson, laySignIn } from './overlay';
import { pendingOf } from './pending';
import type { Item } from './outbox-store';
import type { Command } from './wire/command';
import type { PhoneSignIn } from './wire/sign_in';
import { chance } from './testing/chance';
import { SimRoom } from './testing/sim-room';
import { SimWorld } from './testing/sim-world';

function someone() {
  const world = new SimWorld(chance(1));
  const row = new SimRoom(world, chance(1)).state.get('person/p0');
  if (row?.row !== 'phone_person') throw new Error('the room has no p0');
  return { ...row, times: { ...row.times, since: 1_000_000 } };
}

const atHome = () => true;
const left: Command = { kind: 'depart_service_user', person: 'p0', home: 'h1', vehicle: null };

function item(command: Command, fate: Item['fate']): Item {
  return {
    n: 1,
    room: 'room',
    member: 'me',
    at: 2_000_000,
    offline: false,
    envelope: { id: 'c1', do: command },
    frozen: true,
    fate,
  };
}

describe('the overlay', () => {
  it('I-24: shows a departed person as on the way at once, and leaves others unchanged', () => {
    const pending = pendingOf([item(left, { is: 'on_phone' })], 5);
    expect(layPerson(someone(), pending).row).toMatchObject({
      place: 'on_the_way',
      stage: 'on_the_way',
      times: { left_at: 2_000_000 },
      destination: { claimed: 'h1' },
    });
    const other = { ...someone(), person: 'p9' };
    expect(layPerson(other, pending)).toEqual({ row: other, pending: [] });
  });

  it('I-24: ends when the screen shows the entry, and when it is refused', () => {
    const sent = { is: 'sent' as const, seq: 9, at: 0 };
    expect(pendingOf([item(left, sent)], 8)).toHaveLength(1);
    expect(pendingOf([item(left, sent)], 9)).toHaveLength(0);
    const refusal = { code: 'not_now' as const, words: '' };
    expect(pendingOf([item(left, { is: 'refused', refusal, at: 0 })], 1)).toHaveLength(0);
  });

  it('a later move in the room overrides an older tap', () => {
    const arrived = {
      ...someone(),
      place: 'arrived' as const,
      times: { ...someone().times, since: 9_000_000 },
    };
    const pending = pendingOf([item(left, { is: 'on_phone' })], 5);
    expect(layPerson(arrived, pending).row.place).toBe('arrived');
  });

  it('a sign-on without signal can be signed off without signal', () => {
    const on: Command = {
      kind: 'sign_on',
      site: 's1',
      planned_end: 1,
      duty: null,
      word: {},
    };
    const laid = laySignIn(null, 'me', pendingOf([item(on, { is: 'on_phone' })], 0), atHome);
    expect(laid.row).toMatchObject({ sign_in: 'c1', state: 'on_site' });
  });

  it('a sign-off at the home is a request, and anywhere else it takes effect', () => {
    const off: Command = { kind: 'sign_off', sign_in: 'c1', word: {} };
    const pending = pendingOf([item(off, { is: 'on_phone' })], 0);
    const here: PhoneSignIn = {
      sign_in: 'c1',
      member: 'me',
      site: 's1',
      state: 'on_site',
      since: 1,
      planned_end: 2,
      due_at: 3,
    };
    expect(laySignIn(here, 'me', pending, () => true).row?.state).toBe('sign_off_asked');
    expect(laySignIn(here, 'me', pending, () => false).row?.state).toBe('signed_off');
  });

  it('a waiting check-in changes only what the room would change', () => {
    const own: PhoneSignIn = {
      sign_in: 's',
      member: 'me',
      site: 's1',
      state: 'on_site',
      since: 1,
      planned_end: 2,
      due_at: 3,
    };
    const pending = pendingOf([item({ kind: 'check_in', word: {} }, { is: 'on_phone' })], 0);
    const after = (state: PhoneSignIn['state']) =>
      laySignIn({ ...own, state }, 'me', pending, () => true).row?.state;
    expect(after('overdue')).toBe('on_site');
    expect(after('confirmed_safe')).toBe('on_site');
    expect(after('sign_off_asked')).toBe('sign_off_asked');
    expect(after('signed_off')).toBe('signed_off');
    expect(after('signed_off_late')).toBe('signed_off_late');
  });

  it('a waiting sign-on at the same site keeps the sign-in that the room keeps', () => {
    const own: PhoneSignIn = {
      sign_in: 's',
      member: 'me',
      site: 's1',
      state: 'sign_off_asked',
      since: 1,
      planned_end: 2,
      due_at: 3,
    };
    const on: Command = { kind: 'sign_on', site: 's1', planned_end: 9, duty: null, word: {} };
    const pending = pendingOf([item(on, { is: 'on_phone' })], 0);
    const laid = (state: PhoneSignIn['state']) =>
      laySignIn({ ...own, state }, 'me', pending, () => true).row;
    expect(laid('sign_off_asked')).toMatchObject({
      sign_in: 's',
      since: 1,
      planned_end: 9,
      state: 'sign_off_asked',
    });
    expect(laid('signed_off')).toMatchObject({ sign_in: 'c1', state: 'on_site' });
  });
});
