import { describe, expect, it } from 'vitest';
import { Link } from './link';
import type { LinkState } from './link-state';
import { Poll } from './poll';
import type { Present } from './wire/presence';
import { RowStore } from './rows.svelte';
import { chance, settle } from './testing/chance';
import { calm, ROOM, SimRoom } from './testing/sim-room';
import { SimWorld } from './testing/sim-world';

/** A face in a room without network faults, on a clock that the test controls. */
function face() {
  const world = new SimWorld(chance(7));
  const room = new SimRoom(world, chance(8));
  const store = new RowStore(world, 16);
  const told = {
    states: [] as LinkState[],
    builds: 0,
    otherHistory: 0,
    present: [] as Present[][],
  };
  const connect = world.connecting;
  let dialled = 0;
  world.connecting = (socket) => {
    dialled += 1;
    connect(socket);
  };
  const link = new Link({
    room: ROOM,
    audience: 'phone',
    world,
    sink: store,
    snapshot: () => room.snapshot(),
    poll: (at) => room.poll(at),
    poller: () => Promise.resolve(Poll),
    shut: () => null,
    onState: (state) => told.states.push(state),
    onClock: () => undefined,
    onMode: () => undefined,
    onPresent: (present) => told.present.push(present),
    onBuild: () => (told.builds += 1),
    onOtherHistory: () => (told.otherHistory += 1),
  });
  const run = async (ms: number) => {
    const end = world.now() + ms;
    world.after(ms, () => undefined);
    while (world.now() < end) {
      world.step();
      await settle();
    }
  };
  const only = () => {
    const [socket] = room.sockets;
    if (!socket) throw new Error('nobody is connected');
    return socket;
  };
  return { world, room, store, link, told, run, only, dialled: () => dialled };
}

describe('the link', () => {
  it('is live after the snapshot, and then receives only changes', async () => {
    const { told, run, store, room } = face();
    await run(2_000);
    expect(told.states).toEqual([{ is: 'live' }]);
    expect(store.cursor).toEqual(room.head);
  });

  it('shows "not live, as at" after twelve seconds of silence, and reconnects', async () => {
    const { told, run, room, world } = face();
    await run(1_000);
    const asAt = world.now();
    // The server is gone, and no close event arrives.
    room.sockets.clear();
    room.faults = { ...calm, lostAnswer: 1 };
    const connecting = world.connecting;
    world.connecting = () => undefined;
    await run(14_000);
    const state = told.states.at(-1);
    expect(state?.is).toBe('not_live');
    if (state?.is === 'not_live') expect(Math.abs((state.asAt ?? 0) - asAt)).toBeLessThan(1_500);
    world.connecting = connecting;
    room.faults = calm;
    await run(25_000);
    expect(told.states.at(-1)).toEqual({ is: 'live' });
  });

  it('shows "not live" in time although every connection attempt hangs, and reports it once', async () => {
    const { told, run, room, world, only } = face();
    await run(1_000);
    world.connecting = () => undefined;
    only().onclose?.({ code: 1006, reason: '' });
    room.sockets.clear();
    for (let second = 0; second < 14; second += 1) await run(1_000);
    expect(told.states.at(-1)?.is).toBe('not_live');
    expect(told.states.filter(({ is }) => is === 'not_live')).toHaveLength(1);
  });

  it('stays "not live" while the server accepts requests and never responds', async () => {
    const { told, run, room, world, only } = face();
    await run(1_000);
    const welcome = { t: 'welcome', v: 1, build: '1', beat_ms: 5_000, silence_ms: 12_000 };
    world.connecting = (socket) => {
      socket.send = () => undefined;
      world.after(50, () => socket.onopen?.());
      world.after(100, () =>
        socket.onmessage?.({ data: JSON.stringify({ ...welcome, time: world.now() }) }),
      );
    };
    room.end(only(), 4001);
    await run(40_000);
    const after = told.states.slice(told.states.findIndex(({ is }) => is === 'not_live'));
    expect(new Set(after.map(({ is }) => is))).toEqual(new Set(['not_live']));
  });

  it('does not reconnect after 4504, and offers a reload after 4503', async () => {
    for (const [code, reload] of [
      [4504, false],
      [4503, true],
    ] as const) {
      const { told, run, room, only, dialled } = face();
      await run(1_000);
      room.end(only(), code);
      await run(60_000);
      expect(told.states.at(-1)).toMatchObject({ is: 'ended', reload });
      expect(dialled()).toBe(1);
    }
  });

  it('resumes from its cursor after 4000, without another snapshot', async () => {
    const { run, room, only, store, dialled } = face();
    let fetched = 0;
    const snapshot = room.snapshot.bind(room);
    room.snapshot = () => {
      fetched += 1;
      return snapshot();
    };
    await run(1_000);
    room.end(only(), 4000);
    await run(200);
    for (let n = 0; n < 5; n += 1) room.stir();
    await run(5_000);
    expect(store.cursor).toEqual(room.head);
    expect(fetched).toBe(1);
    expect(dialled()).toBe(2);
  });

  it('P-109: polls where sockets are blocked, and never calls that live', async () => {
    const { run, room, store, told } = face();
    await run(1_000);
    room.takeSockets(true);
    await run(30_000);
    room.stir();
    await run(12_000);
    expect(store.cursor).toEqual(room.head);
    const state = told.states.at(-1);
    expect(state).toMatchObject({ is: 'not_live', answers: true });
    const asAt = state?.is === 'not_live' ? state.asAt : null;
    expect(room.world.now() - (asAt ?? 0)).toBeLessThan(12_000);
    room.takeSockets(false);
    await run(15_000);
    expect(told.states.at(-1)).toEqual({ is: 'live' });
  });

  it('polls from the start where sockets never open', async () => {
    const { run, room, store, told } = face();
    room.takeSockets(true);
    await run(10_000);
    expect(store.cursor).toEqual(room.head);
    expect(told.states.at(-1)).toMatchObject({ is: 'not_live', answers: true });
  });

  it('does not claim that the server answers when its requests fail', async () => {
    const { run, room, told } = face();
    await run(1_000);
    room.takeSockets(true);
    await run(30_000);
    expect(told.states.at(-1)).toMatchObject({ is: 'not_live', answers: true });
    room.faults = { ...calm, lostAnswer: 1 };
    await run(12_000);
    const first = told.states.at(-1);
    expect(first).toMatchObject({ is: 'not_live', answers: false });
    await run(60_000);
    expect(told.states.at(-1)).toEqual(first);
  });

  it('a poll overtaken by a socket reverts nothing', async () => {
    const { run, room, store } = face();
    await run(1_000);
    room.takeSockets(true);
    // The next poll reads the present state, and its response arrives after many other frames.
    const old = room.snapshot();
    const late = new Promise<void>((resolve) => room.world.after(40_000, resolve));
    room.poll = async () => {
      const rows = await old;
      await late;
      return { rows, time: null };
    };
    await run(25_000);
    room.takeSockets(false);
    for (let n = 0; n < 5; n += 1) room.stir();
    await run(12_000);
    expect(store.cursor).toEqual(room.head);
    room.takeSockets(true);
    await run(5_000);
    expect(store.cursor).toEqual(room.head);
  });

  it('waits after bye as long as the server asked', async () => {
    const { run, only, world, dialled } = face();
    await run(1_000);
    const bye = { t: 'bye', why: 'restart', after_ms: [4_000, 6_000] };
    only().onmessage?.({ data: JSON.stringify(bye) });
    const began = world.now();
    await run(3_900);
    expect(dialled()).toBe(1);
    await run(2_400);
    expect(dialled()).toBe(2);
    expect(world.now() - began).toBeGreaterThan(4_000);
  });

  it('does not reconnect while hidden, and does at once when visible', async () => {
    const { run, room, only, world, dialled, told } = face();
    await run(1_000);
    world.isVisible = false;
    room.end(only(), 1006);
    await run(60_000);
    expect(dialled()).toBe(1);
    world.isVisible = true;
    world.resume();
    await run(2_000);
    expect(dialled()).toBe(2);
    expect(told.states.at(-1)).toEqual({ is: 'live' });
  });

  it('I-20: subscribes again when a beat is ahead and no rows arrive', async () => {
    const { run, room, store, only } = face();
    await run(1_000);
    const socket = only();
    socket.at = { ...socket.at, following: false };
    room.stir();
    socket.at = { ...socket.at, following: true, seq: room.head.seq };
    room.beat();
    await run(4_000);
    expect(store.cursor).toEqual(room.head);
  });

  it('I-21: a beat with another tag for the same entry means another history', async () => {
    const { run, room, store, only } = face();
    await run(1_000);
    const { seq } = room.head;
    const last = room.entries.at(-1);
    if (last) last.tag = 'ffffffffffffffff';
    room.folds.set('ffffffffffffffff', '');
    const beat = { t: 'beat', room: ROOM, ...room.head, mode: 'live', time: 0 };
    only().onmessage?.({ data: JSON.stringify(beat) });
    await run(5_000);
    expect(store.cursor).toEqual({ seq, tag: 'ffffffffffffffff' });
  });

  it('reports that the server runs another release', async () => {
    const { run, only, told } = face();
    await run(1_000);
    const time = 0;
    const welcome = { t: 'welcome', v: 1, build: '2', time, beat_ms: 5_000, silence_ms: 12_000 };
    only().onmessage?.({ data: JSON.stringify(welcome) });
    expect(told.builds).toBe(1);
  });
});
