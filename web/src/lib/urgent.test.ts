import { describe, expect, it, vi } from 'vitest';
import { Outbox, type OutboxOptions } from './outbox';
import { memoryOutboxStore, openOutboxStore, type Item } from './outbox-store';
import type { Command, Envelope } from './wire/command';
import type { CommandsAnswer } from './wire/http';
import { chance, settle } from './testing/chance';
import { SimWorld } from './testing/sim-world';
import { ownWord } from './word';

const left: Command = { kind: 'depart_service_user', person: 'p1', home: null, vehicle: null };
const ready: Command = { kind: 'declare_ready', person: 'p1' };
const help: Command = { kind: 'call_for_help', help: 'not_safe', person: null, place: null };
const safe: Command = { kind: 'end_help', call: 'c1', words: 'Safe now' };
const signOn: Command = {
  kind: 'sign_on',
  site: 's1',
  planned_end: 1,
  duty: null,
  word: ownWord,
};

/** An outbox with a fake network: each request hangs until the test settles it. */
function phone(over: Partial<OutboxOptions> = {}) {
  const world = new SimWorld(chance(5));
  const requests: {
    kinds: string[];
    envelopes: Envelope[];
    givenUp: () => boolean;
    answer: () => void;
    lose: () => void;
  }[] = [];
  const told: { items: readonly Item[]; full: boolean } = { items: [], full: false };
  let seq = 0;
  const outbox = new Outbox({
    room: 'room',
    member: 'me',
    world,
    store: memoryOutboxStore(),
    clock: () => world.now(),
    inTouch: () => true,
    send: (commands, giveUp) =>
      new Promise<CommandsAnswer>((resolve, reject) => {
        requests.push({
          kinds: commands.map(({ do: command }) => command.kind),
          envelopes: structuredClone(commands),
          givenUp: () => giveUp.aborted,
          answer: () => {
            const fates = commands.map(({ id }) => {
              seq += 1;
              return { id, fate: { is: 'ok' as const, seq } };
            });
            resolve({ fates });
          },
          lose: () => {
            reject(new TypeError('no answer'));
          },
        });
      }),
    onItems: (items) => (told.items = items),
    onStored: () => undefined,
    onRest: () => undefined,
    onFull: () => (told.full = true),
    ...over,
  });
  const open = async () => {
    await outbox.open();
    outbox.hold(true);
    await settle();
  };
  /** Advances the clock until something is sent. */
  const next = async (count: number) => {
    while (requests.length < count && world.step()) await settle();
  };
  return { world, outbox, requests, told, open, next };
}

describe('a call for help in the outbox', () => {
  it('P-50: is sent before all waiting commands, in a request of its own', async () => {
    const { outbox, requests, open } = phone();
    await outbox.append(left);
    await outbox.append(help);
    await outbox.append(ready);
    await open();
    expect(requests.map(({ kinds }) => kinds)).toEqual([['call_for_help']]);
    requests[0]?.answer();
    await settle();
    expect(requests[1]?.kinds).toEqual(['depart_service_user', 'declare_ready']);
  });

  it('P-50: takes along the sign-ins made before it, so that the room knows the site', async () => {
    const { outbox, requests, open } = phone();
    await outbox.append(left);
    await outbox.append(signOn);
    await outbox.append(help);
    await outbox.append(safe);
    await outbox.append({ kind: 'check_in', word: ownWord });
    await open();
    expect(requests[0]?.kinds).toEqual(['sign_on', 'call_for_help', 'end_help']);
    requests[0]?.answer();
    await settle();
    expect(requests[1]?.kinds).toEqual(['depart_service_user', 'check_in']);
  });

  it('I-10: commands other than help keep their order of creation', async () => {
    const { outbox, requests, open, next } = phone();
    await open();
    await outbox.append(left);
    await outbox.append(ready);
    await settle();
    await outbox.append(help);
    await outbox.append(left);
    await settle();
    requests[0]?.lose();
    await settle();
    await next(2);
    requests[1]?.answer();
    await settle();
    await next(3);
    const rest = requests.slice(2).flatMap(({ kinds }) => kinds);
    expect(requests[1]?.kinds).toEqual(['call_for_help']);
    expect(rest).toEqual(['depart_service_user', 'declare_ready', 'depart_service_user']);
  });

  it('waits a second for a request in flight, and no longer', async () => {
    const { outbox, requests, open, next, world } = phone();
    await open();
    await outbox.append(left);
    await settle();
    const began = world.now();
    await outbox.append(help);
    await settle();
    expect(requests).toHaveLength(1);
    await next(2);
    expect(world.now() - began).toBe(1_000);
    expect(requests[0]?.givenUp()).toBe(true);
    expect(requests[1]?.kinds).toEqual(['call_for_help']);
    requests[1]?.answer();
    await settle();
    // I-9: a cancelled request is sent again as the same bytes.
    expect(requests[2]?.envelopes).toEqual(requests[0]?.envelopes);
  });

  it('lets a request finish that is answered within that second', async () => {
    const { outbox, requests, open, told, world } = phone();
    await open();
    await outbox.append(left);
    await settle();
    await outbox.append(help);
    requests[0]?.answer();
    await settle();
    expect(requests[1]?.kinds).toEqual(['call_for_help']);
    requests[1]?.answer();
    await settle();
    outbox.reached(9);
    while (world.step()) await settle();
    expect(requests[0]?.givenUp()).toBe(false);
    expect(told.items[0]?.fate.is).toBe('saved');
  });

  it('is sent again on another connection when no response arrives', async () => {
    const { outbox, requests, open, next, world } = phone();
    await open();
    const began = world.now();
    await outbox.append(help);
    await settle();
    await next(2);
    expect(world.now() - began).toBeLessThanOrEqual(10_000);
    expect(requests[1]?.envelopes).toEqual(requests[0]?.envelopes);
  });

  it('is retried at least every two seconds, however long there is no signal', async () => {
    const { outbox, requests, open, next, world } = phone();
    await open();
    await outbox.append(help);
    await settle();
    for (let tries = 1; tries < 12; tries += 1) {
      const before = world.now();
      requests.at(-1)?.lose();
      await settle();
      await next(tries + 1);
      expect(world.now() - before).toBeLessThanOrEqual(2_000);
    }
  });

  it('I-25: survives a reload, and is then still sent first', async () => {
    const before = phone({ store: await openOutboxStore('help') });
    await before.outbox.append(left);
    await before.outbox.append(help);
    await before.open();
    await vi.waitFor(() => {
      expect(before.requests).toHaveLength(1);
    });
    before.outbox.stop();
    const after = phone({ store: await openOutboxStore('help') });
    await after.open();
    await vi.waitFor(() => {
      expect(after.requests).toHaveLength(1);
    });
    expect(after.requests[0]?.envelopes).toEqual(before.requests[0]?.envelopes);
  });

  it('is sent although the device has no storage left for it', async () => {
    const store = memoryOutboxStore();
    store.add = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    store.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    const { outbox, requests, told, open } = phone({ store });
    await open();
    await outbox.append(left);
    await outbox.append(help);
    await settle();
    requests[0]?.answer();
    await settle();
    expect(requests[1]?.kinds).toEqual(['call_for_help']);
    expect(told.full).toBe(true);
    expect(new Set(told.items.map(({ n }) => n)).size).toBe(2);
  });
});

describe('an acknowledged command', () => {
  it('is sent again, and stays sent, while this screen does not show it', async () => {
    const { outbox, requests, told, open, next, world } = phone();
    await open();
    await outbox.append(left);
    await settle();
    requests[0]?.answer();
    await settle();
    const began = world.now();
    await next(2);
    expect(world.now() - began).toBe(10_000);
    expect(requests[1]?.envelopes).toEqual(requests[0]?.envelopes);
    expect(told.items[0]?.fate).toMatchObject({ is: 'sent', seq: 1 });
    requests[1]?.answer();
    await settle();
    outbox.reached(2);
    while (world.step()) await settle();
    expect(requests).toHaveLength(2);
    expect(told.items[0]?.fate.is).toBe('saved');
  });
});

describe('two tabs of one phone', () => {
  it('I-9: what one has sent, the other resends byte for byte', async () => {
    const store = memoryOutboxStore();
    const first = phone({ store });
    const second = phone({ store, inTouch: () => false });
    await first.open();
    await second.outbox.open();
    await first.outbox.append(left);
    await second.outbox.refresh();
    await settle();
    // The first tab closes before the response; the second sends an hour later.
    first.outbox.stop();
    second.world.time += 3_600_000;
    second.outbox.hold(true);
    await settle();
    expect(second.requests[0]?.envelopes).toEqual(first.requests[0]?.envelopes);
  });
});
