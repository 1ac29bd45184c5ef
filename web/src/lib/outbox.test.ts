import { describe, expect, it, vi } from 'vitest';
import { ApiError, NotTheServer } from './api';
import { Outbox, type OutboxOptions } from './outbox';
import { memoryOutboxStore, openOutboxStore, type Item } from './outbox-store';
import type { Command, Envelope } from './wire/command';
import type { Fate } from './wire/outcome';
import { chance, settle } from './testing/chance';
import { SimWorld } from './testing/sim-world';

const left: Command = { kind: 'depart_service_user', person: 'p1', home: null, vehicle: null };
const ready: Command = { kind: 'declare_ready', person: 'p1' };
const acknowledged: Command = { kind: 'acknowledge_sign_off', sign_in: 's1' };

/** An outbox with a fake server. */
function phone(answer: (sent: Envelope[]) => Fate[] | Error, over: Partial<OutboxOptions> = {}) {
  const world = new SimWorld(chance(3));
  const sent: Envelope[][] = [];
  const told: { items: readonly Item[]; rest: string | null } = { items: [], rest: null };
  const outbox = new Outbox({
    room: 'room',
    member: 'me',
    world,
    store: memoryOutboxStore(),
    clock: () => world.now(),
    inTouch: () => true,
    send: (commands) => {
      sent.push(structuredClone(commands));
      const fates = answer(commands);
      if (fates instanceof Error) return Promise.reject(fates);
      const paired = fates.map((fate, at) => ({ id: commands[at]?.id ?? '', fate }));
      return Promise.resolve({ fates: paired });
    },
    onItems: (items) => (told.items = items),
    onStored: () => undefined,
    onRest: (words) => (told.rest = words),
    ...over,
  });
  const open = async () => {
    await outbox.open();
    outbox.hold(true);
    await settle();
  };
  return { world, outbox, sent, told, open };
}

const ok = (seq: number): Fate => ({ is: 'ok', seq });

describe('the outbox', () => {
  it('I-9: sends the same bytes again after a lost response', async () => {
    let tries = 0;
    const { world, outbox, sent, told, open } = phone(() => {
      tries += 1;
      return tries === 1 ? new TypeError('no answer') : [ok(5)];
    });
    await open();
    await outbox.append(left);
    await settle();
    world.step();
    await settle();
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    expect(told.items[0]?.fate).toMatchObject({ is: 'sent', seq: 5 });
    outbox.reached(5);
    expect(told.items[0]?.fate.is).toBe('saved');
  });

  it('I-25: a saved command stays on the phone until the phone has stored the rows that show it', async () => {
    const disk = new Map<number, Item>();
    const store = memoryOutboxStore(disk);
    const { outbox, told, open } = phone(() => [ok(5)], { store, keeps: true });
    await open();
    await outbox.append(left);
    await settle();
    outbox.reached(5);
    outbox.kept(4);
    expect(told.items[0]?.fate.is).toBe('saved');
    // Reopened without signal, over rows that end before the departure.
    const again = phone(() => new TypeError('no signal'), { store, keeps: true });
    await again.open();
    again.outbox.reached(4);
    expect(again.told.items[0]?.fate).toMatchObject({ is: 'sent', seq: 5 });
    again.outbox.reached(5);
    again.outbox.kept(5);
    expect(disk.size).toBe(0);
    expect(again.told.items[0]?.fate.is).toBe('saved');
  });

  it('a device that clears its storage under the page loses nothing that the page shows', async () => {
    let full = 0;
    const lost = () => Promise.reject(new Error('the connection is closing'));
    const { outbox, told, open } = phone(() => new TypeError('no signal'), {
      store: { ...memoryOutboxStore(), load: () => Promise.resolve([]), put: lost },
      onFull: () => (full += 1),
    });
    await open();
    await outbox.append(left);
    await settle();
    outbox.options.store.load = lost;
    await outbox.refresh();
    expect(full).toBeGreaterThan(1);
    expect(told.items).toMatchObject([{ fate: { is: 'on_phone' } }]);
  });

  it('a command saved before the last disk read does not count as unseen', async () => {
    const store = memoryOutboxStore();
    const first = phone((all) => all.map(() => ok(5)), { store, keeps: true });
    await first.open();
    const other = phone(() => [], { store, keeps: true });
    await other.outbox.open();
    other.outbox.reached(5);
    await first.outbox.append(left);
    await settle();
    first.outbox.reached(5);
    await other.outbox.refresh();
    expect(other.told.items[0]?.fate.is).toBe('saved');
    // A stored item is deleted from the disk once, whichever tab stored it.
    other.outbox.kept(5);
    await first.outbox.refresh();
    expect(await store.load()).toEqual([]);
    expect(first.told.items[0]?.fate.is).toBe('saved');
  });

  it('sends the time and reason that a person typed, not those of the tap', async () => {
    const { world, outbox, sent, open } = phone(() => [ok(5)]);
    await open();
    const happenedAt = world.now() - 600_000;
    await outbox.append(left, { happenedAt, lateReason: 'Told by telephone' });
    await settle();
    expect(sent[0]?.[0]).toMatchObject({
      happened_at: happenedAt,
      late_reason: 'Told by telephone',
    });
  });

  it('a fact says when it happened; a prompt plan does not', async () => {
    const { outbox, sent, open, world } = phone((all) => all.map((_, at) => ok(at + 1)));
    await open();
    await outbox.append(left);
    await outbox.append(ready);
    await settle();
    const [fact, plan] = sent.flat();
    expect(fact?.happened_at).toBe(world.now());
    expect(fact?.late_reason).toBeUndefined();
    expect(plan?.happened_at).toBeUndefined();
  });

  it.each([
    ['prompt', true],
    ['late', false],
  ])('a %s acknowledgement has no time: they left when they asked', async (_, inTouch) => {
    const { outbox, sent, open } = phone(() => [ok(5)], { inTouch: () => inTouch });
    await open();
    await outbox.append(acknowledged);
    await settle();
    const envelope = sent[0]?.[0];
    expect(envelope?.do).toEqual(acknowledged);
    expect(envelope?.happened_at).toBeUndefined();
    expect(envelope?.late_reason).toBe(inTouch ? undefined : 'No signal');
  });

  it('a tap without signal keeps its own time and says why it is late', async () => {
    let signal = false;
    const { world, outbox, sent, open } = phone(
      (all) => (signal ? all.map((_, at) => ok(at + 1)) : new TypeError('no signal')),
      { inTouch: () => signal },
    );
    await open();
    const tapped = world.now();
    await outbox.append(left);
    await settle();
    world.time += 30 * 60_000;
    signal = true;
    outbox.kick();
    await settle();
    expect(sent.at(-1)?.[0]).toMatchObject({ happened_at: tapped, late_reason: 'No signal' });
  });

  it('I-11: a refusal stays visible and blocks nothing behind it', async () => {
    const refused: Fate = { is: 'refused', code: 'gate', words: 'identity is not checked' };
    const { outbox, told, open } = phone((all) =>
      all.map(({ do: command }, at) => (command.kind === 'declare_ready' ? refused : ok(at + 1))),
    );
    await open();
    const plan = await outbox.append(ready);
    await outbox.append(left);
    await settle();
    expect(told.items.map(({ fate }) => fate.is)).toEqual(['refused', 'sent']);
    outbox.dismiss(plan.n);
    expect(told.items.map(({ fate }) => fate.is)).toEqual(['sent']);
  });

  it('waits as long as a retry asks, whatever is tapped meanwhile', async () => {
    let tries = 0;
    const { world, outbox, sent, open } = phone((all) => {
      tries += 1;
      return tries === 1
        ? [{ is: 'retry', after_ms: 9_000, words: 'busy' }]
        : all.map((_, at) => ok(at + 1));
    });
    await open();
    await outbox.append(left);
    await settle();
    const began = world.now();
    await outbox.append(ready);
    outbox.kick();
    await settle();
    expect(sent).toHaveLength(1);
    while (sent.length < 2 && world.step()) await settle();
    expect(world.now() - began).toBe(9_000);
    expect(sent[1]).toHaveLength(2);
  });

  it('I-11: a command that invalidates a whole request is refused alone', async () => {
    const bad = new ApiError(400, 'malformed', 'cannot be read');
    const { outbox, told, open } = phone((all) =>
      all.some(({ do: command }) => command.kind === 'declare_ready')
        ? bad
        : all.map((_, at) => ok(at + 1)),
    );
    await outbox.append(left);
    await outbox.append(ready);
    await outbox.append(left);
    // Started last, so that all three form one batch.
    await open();
    await settle();
    expect(told.items.map(({ fate }) => fate.is)).toEqual(['sent', 'refused', 'sent']);
  });

  it('a fact blocked by a network filter is neither refused nor dropped', async () => {
    let filtered = true;
    const { world, outbox, told, open } = phone(() => (filtered ? new NotTheServer(422) : [ok(5)]));
    await open();
    await outbox.append(left);
    await settle();
    expect(told).toMatchObject({ rest: null, items: [{ fate: { is: 'on_phone' } }] });
    filtered = false;
    world.step();
    await settle();
    expect(told.items[0]?.fate).toMatchObject({ is: 'sent', seq: 5 });
  });

  it('pauses and shows why when the login has ended, and loses nothing', async () => {
    const { outbox, told, open } = phone(() => new ApiError(401, 'no_login', 'not signed in'));
    await open();
    await outbox.append(left);
    await settle();
    expect(told.rest).toBe('not signed in');
    expect(told.items[0]?.fate.is).toBe('on_phone');
  });

  it('never sends what another login on this phone has queued', async () => {
    const store = memoryOutboxStore();
    const before = phone(() => new TypeError('no signal'), { store, member: 'them' });
    await before.open();
    await before.outbox.append(left);
    await settle();
    before.outbox.stop();
    const after = phone((all) => all.map((_, at) => ok(at + 1)), { store });
    await after.open();
    await settle();
    expect(after.sent).toHaveLength(0);
    expect(after.told.items).toHaveLength(1);
  });

  it('I-25: commands on the disk survive a reload, in order', async () => {
    const store = await openOutboxStore('reload');
    expect(store.kind).toBe('disk');
    const before = phone(() => new TypeError('no signal'), { store });
    await before.open();
    await before.outbox.append(left);
    await before.outbox.append(ready);
    await settle();
    before.outbox.stop();
    const after = phone((all) => all.map((_, at) => ok(at + 1)), {
      store: await openOutboxStore('reload'),
    });
    await after.open();
    await vi.waitFor(() => {
      expect(after.sent.flat()).toHaveLength(2);
    });
    expect(after.sent.flat().map(({ do: command }) => command.kind)).toEqual([
      'depart_service_user',
      'declare_ready',
    ]);
  });
});
