import { openApi, ApiError, type Api } from './api';
import { copy } from './copy';
import { comeIn, type Entered } from './enter';
import { noKeep, type Keep } from './keep';
import { inTouch, type LinkState } from './link-state';
import { Link } from './link';
import type { Said } from './envelope';
import { Outbox } from './outbox';
import { openOutboxStore, type Fate, type Item, type OutboxStore } from './outbox-store';
import { pendingOf, type Pending } from './pending';
import type { Command } from './proto/command';
import type { Mode } from './proto/frame';
import type { Me } from './proto/http';
import type { Seq, Time } from './proto/id';
import type { Present } from './proto/presence';
import type { Audience } from './proto/role';
import { RowStore, type Cell } from './rows.svelte';
import { holdTab } from './tab';
import { MINUTE_MS } from './time';
import { browserWorld, type World } from './world';

/** Whether this face is in its room. */
export type Door =
  | { is: 'opening' }
  | { is: 'open'; me: Me }
  /** Not logged in, or no longer; the words say how to get in. */
  | { is: 'shut'; words: string };

/** The rows of a room, by kind. Arrays change only when a row comes or goes; cells change in place. */
export class RoomRows {
  readonly #store: RowStore;

  constructor(store: RowStore) {
    this.#store = store;
  }

  get incident(): Cell | undefined {
    return this.#store.find('incident');
  }
  get census(): Cell | undefined {
    return this.#store.find('census');
  }
  get team(): Cell | undefined {
    return this.#store.find('team');
  }
  get people(): readonly Cell[] {
    return this.#store.all('person');
  }
  get homes(): readonly Cell[] {
    return this.#store.all('home');
  }
  get members(): readonly Cell[] {
    return this.#store.all('member');
  }
  get sites(): readonly Cell[] {
    return this.#store.all('site');
  }
  get signIns(): readonly Cell[] {
    return this.#store.all('sign_in');
  }
  /** The oldest line first. */
  get log(): readonly Cell[] {
    return this.#store.all('log');
  }
  /** The earliest quarter hour first. */
  get pace(): readonly Cell[] {
    return this.#store.all('pace');
  }
  /** The earliest quarter hour first. */
  get planned(): readonly Cell[] {
    return this.#store.all('planned');
  }
  get gates(): Cell | undefined {
    return this.#store.find('gates');
  }
  get edits(): readonly Cell[] {
    return this.#store.all('edit');
  }
  get help(): readonly Cell[] {
    return this.#store.all('help');
  }
  get door(): Cell | undefined {
    return this.#store.find('door');
  }
  get askers(): readonly Cell[] {
    return this.#store.all('asker');
  }
  get expected(): readonly Cell[] {
    return this.#store.all('expected');
  }
  /** The lowest number first. */
  get packs(): readonly Cell[] {
    return this.#store.all('pack');
  }
  /** The entry that the screen shows; nothing until the first rows are here. */
  get cursor(): Seq | null {
    return this.#store.cursor?.seq ?? null;
  }

  person(id: string): Cell | undefined {
    return this.#store.find('person', id);
  }
  home(id: string): Cell | undefined {
    return this.#store.find('home', id);
  }
  member(id: string): Cell | undefined {
    return this.#store.find('member', id);
  }
  site(id: string): Cell | undefined {
    return this.#store.find('site', id);
  }
}

/** The server's clock, as this device knows it; it ticks each second. */
export class RoomClock {
  now: Time = $state(0);
  /** The minute's beginning: a list of hundreds that asked for the second would be reckoned anew each second. */
  readonly minute: Time = $derived(Math.floor(this.now / MINUTE_MS) * MINUTE_MS);
  offset = 0;

  constructor(readonly world: Pick<World, 'now'>) {
    this.tick();
  }

  tick(): void {
    this.now = this.read();
  }

  /** Returns the server's time at this very moment. */
  read(): Time {
    return Math.round(this.world.now() + this.offset);
  }
}

/** Milliseconds that rows gather before the screen is drawn; measured for each face. */
const GAP_MS: Record<Audience, number> = { wall: 300, desk: 400, sitrep: 400, phone: 200 };
const TICK_MS = 1_000;
/** Between two writes of a phone's rows to its disk. */
const KEEP_MS = 3_000;

/** One face in its room: the link, the rows, the outbox and the clock, tied together. */
export class Room {
  door: Door = $state.raw({ is: 'opening' });
  link: LinkState = $state.raw({ is: 'catching_up' });
  mode: Mode = $state('live');
  /** What the link is told and says. */
  line: Link | null = null;
  /** Who is connected, as a desk was told last. */
  present: readonly Present[] = $state.raw([]);
  /** The server runs a newer release than this page. */
  newBuild = $state(false);
  /** Commands made on this device, the oldest first, each with what became of it. */
  outbox: readonly Item[] = $state.raw([]);
  /** `memory`: a reload loses what is unsent, and the face must say so before anybody types. */
  storage: 'opening' | OutboxStore['kind'] = $state('opening');
  /** Why sending rests, when the server said no to all of it. */
  rest: string | null = $state(null);
  readonly clock: RoomClock;
  readonly rows: RoomRows;
  readonly api: Api;
  /** The effects that the screen shows before the room does (I-24). */
  readonly pending: readonly Pending[] = $derived.by(() =>
    pendingOf(this.outbox, this.store.cursor?.seq ?? 0),
  );
  readonly store: RowStore;
  #outbox: Outbox | null = null;
  #waiting: { item: Promise<Item>; done: (fate: Fate) => void }[] = [];
  #keep: Keep = noKeep;
  #stops: (() => void)[] = [];

  constructor(
    readonly face: Audience,
    /** Only a phone keeps what it shows: it is opened without signal. */
    readonly openKeep: () => Promise<Keep> = () => Promise.resolve(noKeep),
    readonly world: World = browserWorld(),
  ) {
    this.store = new RowStore(world, GAP_MS[face]);
    this.rows = new RoomRows(this.store);
    this.clock = new RoomClock(world);
    this.api = openApi(face, world);
    this.#tick();
    void this.#open();
  }

  get me(): Me | null {
    return this.door.is === 'open' ? this.door.me : null;
  }

  /** Takes a command; the promise is kept as soon as this device holds it. */
  async send(command: Command, said: Said = {}): Promise<Item> {
    if (!this.#outbox) throw new Error('the room is not open yet');
    return this.#outbox.append(command, said);
  }

  /** Takes a command and waits for the room's answer to it: for plans, which may be refused. */
  async ask(command: Command, said: Said = {}): Promise<Fate> {
    const item = this.send(command, said);
    await item;
    return new Promise((done) => {
      this.#waiting.push({ item, done });
      this.#answer();
    });
  }

  /** A person has read a refusal. */
  dismiss(item: Item): void {
    this.#outbox?.dismiss(item.n);
  }

  /** Tries to send now. */
  kick(): void {
    this.#outbox?.kick();
  }

  /**
   * Empties this device for whoever has it next: the login ends, and the rows and settled acts kept
   * here are forgotten. Without an answer from the server nothing is done, because the login would
   * still open this face. The words are what stands there from then on.
   */
  async handOver(words: string): Promise<void> {
    try {
      await this.api.logout();
    } catch (error) {
      if (!(error instanceof ApiError && error.shut)) throw error;
    }
    this.#shut(words);
    await this.#outbox?.forgetSettled();
    await this.#keep.forget();
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  async #open(): Promise<void> {
    this.#keep = await this.openKeep();
    const kept = await this.#keep.load();
    const entered = await comeIn(this.api, this.world, kept?.me ?? null, () => {
      this.link = { is: 'not_live', asAt: null, answers: false };
    });
    if (entered === null) {
      await this.#keep.forget();
      this.#shut(copy.enter[this.face]);
      return;
    }
    const { me } = entered;
    const same = kept?.rows && kept.me.room === me.room && kept.me.member === me.member;
    if (kept) {
      this.clock.offset = kept.offset;
      if (same && kept.rows) this.store.replace(kept.rows);
    }
    await this.#openOutbox(entered);
    this.door = { is: 'open', me };
    this.#openLink(me);
    if (this.#keep !== noKeep) this.#keepRows(me);
  }

  async #openOutbox({ me, sure }: Entered): Promise<void> {
    const { world, face } = this;
    const store = await openOutboxStore(face);
    let tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(lockOf(face));
    const outbox = new Outbox({
      room: me.room,
      member: me.member,
      world,
      store,
      keeps: this.#keep !== noKeep,
      clock: () => this.clock.read(),
      inTouch: () => world.online() && inTouch(this.link),
      send: async (commands, giveUp) => {
        if (!(await sure(giveUp))) {
          this.#shut(copy.enter.another);
          throw new Error('somebody else is logged in here');
        }
        return this.api.send(me.room, commands, giveUp);
      },
      onItems: (items) => {
        this.outbox = items;
        this.#answer();
      },
      onStored: () => tabs?.postMessage('look'),
      onRest: (words) => {
        this.rest = words;
      },
      onFull: () => {
        this.storage = 'memory';
      },
    });
    if (tabs) {
      tabs.onmessage = () => {
        void outbox.refresh();
      };
    }
    this.#outbox = outbox;
    this.storage = store.kind;
    await outbox.open();
    this.#stops.push(
      holdTab(lockOf(face), world, (held) => {
        outbox.hold(held);
      }),
      () => {
        tabs?.close();
        // What is still being written down then is told to nobody.
        tabs = null;
        outbox.stop();
      },
      $effect.root(() => {
        $effect(() => {
          const shown = this.store.cursor?.seq;
          if (shown !== undefined) outbox.reached(shown);
        });
      }),
    );
  }

  #openLink(me: Me): void {
    const link = (this.line = new Link({
      room: me.room,
      audience: this.face,
      world: this.world,
      sink: this.store,
      snapshot: () => this.api.rows(me.room, this.#told()),
      poll: (at) => this.api.poll(me.room, at, this.#told()),
      poller: async () => (await import('./poll')).Poll,
      shut: (error) => (error instanceof ApiError && error.shut ? copy.enter[this.face] : null),
      onState: (state) => {
        if (state.is === 'live' && this.link.is !== 'live') this.#outbox?.kick();
        this.link = state;
        if (state.is === 'ended' && !state.reload) {
          void this.#keep.forget();
          this.#outbox?.kept(Infinity);
        }
      },
      onClock: (offset) => {
        this.clock.offset = offset;
        this.clock.tick();
      },
      onMode: (mode) => {
        this.mode = mode;
      },
      onPresent: (present) => {
        this.present = present;
      },
      onBuild: () => {
        this.newBuild = true;
      },
      onOtherHistory: () => {
        this.#outbox?.askAgain();
      },
    }));
    this.#stops.push(() => {
      link.stop();
    });
  }

  /** Writes the shown rows to the phone's disk, not more often than every few seconds. */
  #keepRows(me: Me): void {
    let written: Seq | null = null;
    const look = () => {
      const { cursor } = this.store;
      if (cursor && cursor.seq !== written && this.door.is === 'open' && this.link.is !== 'ended') {
        written = cursor.seq;
        const rows = {
          room: me.room,
          audience: this.face,
          from: 0,
          to: cursor.seq,
          tag: cursor.tag,
          put: this.store.shown(),
          del: [],
        };
        this.#keep.save({ me, rows, offset: this.clock.offset }).then(
          () => this.#outbox?.kept(cursor.seq),
          // The device has no room, or has emptied itself under this page: it is tried again.
          () => (written = null),
        );
      }
      cancel = this.world.after(KEEP_MS, look);
    };
    let cancel = this.world.after(0, look);
    this.#stops.push(() => {
      cancel();
    });
  }

  #answer(): void {
    for (const { item, done } of this.#waiting) {
      void item.then(({ n }) => {
        const fate = this.outbox.find((one) => one.n === n)?.fate;
        if (fate?.is !== 'sent' && fate?.is !== 'saved' && fate?.is !== 'refused') return;
        this.#waiting = this.#waiting.filter((one) => one.item !== item);
        done(fate);
      });
    }
  }

  /** Returns the last entry that this device was told of: shown, or answered to somebody's tap. */
  #told(): Seq {
    const answered = this.outbox.map(({ fate }) => (fate.is === 'sent' ? fate.seq : 0));
    return Math.max(this.store.head?.seq ?? 0, ...answered);
  }

  #shut(words: string): void {
    this.stop();
    this.door = { is: 'shut', words };
  }

  #tick(): void {
    this.clock.tick();
    // On the second, so that a clock on the wall and one on the desk turn together.
    const cancel = this.world.after(TICK_MS - (this.clock.read() % TICK_MS), () => {
      this.#stops = this.#stops.filter((stop) => stop !== cancel);
      this.#tick();
    });
    this.#stops.push(cancel);
  }
}

function lockOf(face: Audience): string {
  return `muster-outbox-${face}`;
}

/** Opens the room that this face is logged in to; everything about it is reactive. */
export function openRoom(face: Audience, openKeep?: () => Promise<Keep>): Room {
  return new Room(face, openKeep);
}
