import { ApiError } from './api';
import { Flight } from './flight';
import type { Command, Envelope } from './proto/command';
import type { CommandsAnswer } from './proto/http';
import type { MemberId, RoomId, Seq, Time } from './proto/id';
import type { Fate as Answer } from './proto/outcome';
import { COMMANDS_MAX } from './proto/limits';
import { freshEnvelope, timedEnvelope, type Said } from './envelope';
import { isUrgent, nextBatch } from './lane';
import type { Fate, Item, OutboxStore } from './outbox-store';
import type { World } from './world';

const BACKOFF_FIRST_MS = 500;
const BACKOFF_LAST_MS = 30_000;
/** While somebody waits for help the phone tries again at least this often. */
const BACKOFF_HELP_MS = 2_000;
/**
 * What the room acknowledged shows on this screen within moments. What does not by then is asked again:
 * the history may have been replaced behind the entry that this screen stands on.
 */
const SEEN_MS = 10_000;
/** Saved items kept in sight, so that a person can see what became of the last taps. */
const SAVED_SHOWN = 20;

/** What an outbox needs to know. */
export interface OutboxOptions {
  room: RoomId;
  member: MemberId | null;
  world: World;
  store: OutboxStore;
  /** Whether this device keeps what it shows; then it tells how far by {@link Outbox.kept}. */
  keeps?: boolean;
  /** The server's time. */
  clock: () => Time;
  /** Whether the face is in touch with the room; decides only what a late command says. */
  inTouch: () => boolean;
  /** Sends a request; the signal says that it is given up. */
  send: (commands: Envelope[], giveUp: AbortSignal) => Promise<CommandsAnswer>;
  /** The items changed; a fresh array each time. */
  onItems: (items: readonly Item[]) => void;
  /** Something was written that another tab of this face would want to read. */
  onStored: () => void;
  /** The server's no to the whole request: sending rests until a person does something. */
  onRest: (words: string | null) => void;
  /** The device has no room left: what is unsent lives in this page alone. */
  onFull?: () => void;
}

/**
 * Keeps commands until the room has answered each of them: in order, one request in flight, through
 * reloads and without signal. Nothing is dropped; a refusal stays until a person has read it, and
 * never blocks what comes after it (I-10, I-11, I-25). A call for help waits for nothing else (R36).
 */
export class Outbox {
  #items: Item[] = [];
  #ready = false;
  #held = false;
  #flight: Flight | null = null;
  #shut = false;
  #attempts = 0;
  #single = false;
  #reached: Seq = 0;
  /** Up to here a reload shows what was acknowledged without its item. */
  #kept: Seq;
  #notBefore = 0;
  #wake: (() => void) | null = null;
  #writes: Promise<unknown> = Promise.resolve();
  readonly #stopResume: () => void;

  constructor(readonly options: OutboxOptions) {
    this.#kept = options.keeps === true ? 0 : Infinity;
    this.#stopResume = options.world.onResume(() => {
      this.kick();
    });
  }

  /** Reads what an earlier visit left. */
  async open(): Promise<void> {
    const kept = await this.options.store.load();
    const known = new Set(this.#items.map(({ n }) => n));
    for (const item of kept) {
      // What was in flight when the page went away has no answer here: it is asked again.
      if (item.fate.is === 'sending') item.fate = { is: 'on_phone' };
      if (!known.has(item.n)) this.#items.push(item);
    }
    this.#items.sort((a, b) => a.n - b.n);
    this.#ready = true;
    this.#tell();
    this.kick();
  }

  stop(): void {
    this.#stopResume();
    this.#wake?.();
    this.#shut = true;
  }

  /** Says whether this tab is the one that sends. */
  hold(held: boolean): void {
    this.#held = held;
    if (held) void this.refresh();
  }

  /** Reads what another tab of this face has written meanwhile. */
  async refresh(): Promise<void> {
    if (!this.#ready) return;
    const found = await this.options.store.load().catch(() => null);
    if (found === null) {
      this.options.onFull?.();
      return;
    }
    const kept = new Map(found.map((item) => [item.n, item]));
    const mine = new Set(this.#items.map((item) => item.n));
    for (const item of this.#items) {
      const there = kept.get(item.n);
      // Whatever another tab has handed to the network is what is sent again, to the byte (I-9).
      if (there?.frozen === true && !item.frozen) {
        item.envelope = there.envelope;
        item.frozen = true;
      }
      if (this.#held) continue;
      // The tab that sends has the last word; what it removed was saved, or read by a person.
      if (there) item.fate = this.#seen(there.fate);
      else if (item.fate.is === 'sent') item.fate = { ...item.fate, is: 'saved' };
      else if (item.fate.is !== 'saved') this.#items = this.#items.filter((one) => one !== item);
    }
    const added = [...kept.values()].filter((item) => !mine.has(item.n));
    for (const item of added) item.fate = this.#seen(item.fate);
    this.#items = [...this.#items, ...added].sort((a, b) => a.n - b.n);
    this.#tell();
    this.kick();
  }

  /** Takes a command; it is on the device when the promise is kept. */
  async append(command: Command, said: Said = {}): Promise<Item> {
    const { room, member, world, clock, inTouch } = this.options;
    const envelope = freshEnvelope(command, said, world);
    const bare = {
      room,
      member,
      at: clock(),
      offline: !inTouch() || this.#attempts > 0,
      envelope,
      frozen: false,
      fate: { is: 'on_phone' } satisfies Fate,
    };
    // Written one after another, so that the order on disk is the order of the taps.
    const written = this.#writes.then(async () => {
      const n = await this.#place(bare);
      // Another tab's news may have had this tab read the disk meanwhile.
      const read = this.#items.find((one) => one.n === n);
      const item: Item = read ?? { ...bare, n };
      this.#trim();
      if (!read) this.#items = [...this.#items, item];
      this.#tell();
      this.options.onStored();
      return item;
    });
    this.#writes = written.catch(() => undefined);
    const item = await written;
    this.kick();
    return item;
  }

  /** A person has read a refusal. */
  dismiss(n: number): void {
    const item = this.#items.find((one) => one.n === n);
    if (!item || (item.fate.is !== 'refused' && item.fate.is !== 'saved')) return;
    this.#items = this.#items.filter((one) => one.n !== n);
    void this.options.store.remove(n);
    this.#tell();
  }

  /**
   * Forgets every act that has its answer, whoever made it. An act without one stays, sealed, until
   * whoever made it is on this device again (I-25).
   */
  async forgetSettled(): Promise<void> {
    const settled = this.#items.filter(({ fate }) => 'at' in fate);
    for (const item of settled) await this.options.store.remove(item.n);
    this.#items = this.#items.filter((item) => !settled.includes(item));
    this.#tell();
  }

  /** The screen shows the room up to this entry. */
  reached(seq: Seq): void {
    this.#reached = seq;
    let changed = false;
    for (const item of this.#items) {
      if (item.fate.is !== 'sent' || item.fate.seq > seq) continue;
      this.#become(item, { ...item.fate, is: 'saved' });
      changed = true;
    }
    if (changed) this.#tell();
  }

  /**
   * The device keeps the room up to this entry. Until then an act stays on it after it is saved: a phone
   * opened again without signal must not show somebody as still to leave who has left (I-25).
   */
  kept(seq: Seq): void {
    const before = this.#kept;
    this.#kept = seq;
    for (const { n, fate } of this.#items) {
      if (fate.is === 'saved' && fate.seq > before && fate.seq <= seq) this.#write(n, null);
    }
  }

  /**
   * The room's history was replaced by an older one: what it had acknowledged may be gone. The same
   * ids are asked again; what the room still knows it answers as before.
   */
  askAgain(): void {
    for (const item of this.#items) {
      if (item.fate.is === 'sent') this.#become(item, { is: 'on_phone' });
    }
    if (this.#flight) this.#flight.doubted = true;
    this.#tell();
    this.kick();
  }

  /** Tries now, whatever the backoff says. */
  kick(): void {
    this.#attempts = 0;
    this.#shut = false;
    void this.#drain();
  }

  /** Writes an item to the device; one whose storage is full keeps it in the page. */
  async #place(item: Omit<Item, 'n'>): Promise<number> {
    try {
      return await this.options.store.add(item);
    } catch {
      this.options.onFull?.();
      // Between the last number that the disk gave and the next that it will give.
      return (this.#items.at(-1)?.n ?? 0) + 1 / 1024;
    }
  }

  #waiting(): Item[] {
    const { room, member } = this.options;
    return this.#items.filter(
      (item) => item.fate.is === 'on_phone' && item.room === room && item.member === member,
    );
  }

  /** Returns what was acknowledged and is not on the screen long after; it stays sent meanwhile. */
  #unseen(): Item[] {
    const { room, member, clock } = this.options;
    const now = clock();
    const unseen = this.#items.filter(
      ({ fate, ...item }) =>
        fate.is === 'sent' &&
        item.room === room &&
        item.member === member &&
        Math.abs(now - fate.at) >= SEEN_MS,
    );
    return unseen.slice(0, COMMANDS_MAX);
  }

  async #drain(): Promise<void> {
    if (!this.#ready || !this.#held || this.#shut) return;
    if (this.#flight) {
      if (this.#waiting().some(isUrgent)) this.#flight.giveWay();
      return;
    }
    this.#wake?.();
    this.#wake = null;
    const early = this.#notBefore - this.options.world.now();
    if (early > 0) {
      this.#sleep(early);
      return;
    }
    let batch = nextBatch(this.#waiting(), this.#single ? 1 : COMMANDS_MAX);
    if (batch.length === 0) {
      this.#single = false;
      batch = this.#unseen();
    }
    if (batch.length === 0) {
      if (this.#items.some(({ fate }) => fate.is === 'sent')) this.#sleep(SEEN_MS);
      return;
    }
    const flight = new Flight(batch.some(isUrgent), this.options.world);
    this.#flight = flight;
    let pause: number | null;
    try {
      for (const item of batch) if (item.fate.is !== 'sent') await this.#freeze(item);
      this.#tell();
      const commands = batch.map((item) => item.envelope);
      const answer = await flight.carry((giveUp) => this.options.send(commands, giveUp));
      this.options.onRest(null);
      // Asked again; what the room still knows it answers as before.
      pause = flight.doubted ? 1 : this.#settle(batch, answer);
      this.#attempts = 0;
    } catch (error) {
      pause = flight.gaveWay ? 0 : this.#failed(batch, error);
    } finally {
      flight.land();
      for (const item of batch) {
        if (item.fate.is === 'sending') item.fate = { is: 'on_phone' };
      }
      this.#flight = null;
      this.#tell();
    }
    if (pause === null) return;
    if (pause === 0) {
      await this.#drain();
      return;
    }
    this.#sleep(pause);
  }

  #sleep(ms: number): void {
    this.#wake?.();
    this.#wake = this.options.world.after(ms, () => {
      this.#wake = null;
      void this.#drain();
    });
  }

  /** Writes what will be sent before it is sent: a resend must be the same bytes (I-9). */
  async #freeze(item: Item): Promise<void> {
    item.fate = { is: 'sending' };
    if (item.frozen) return;
    const { clock, store } = this.options;
    item.envelope = timedEnvelope(item, clock());
    item.frozen = true;
    // A device without room must still be able to send.
    await store.put({ ...item, fate: { is: 'on_phone' } }).catch(() => this.options.onFull?.());
  }

  /** Takes the answers; returns how long to wait before the next request. */
  #settle(batch: Item[], answer: CommandsAnswer): number {
    const fates = new Map<string, Answer>(answer.fates.map(({ id, fate }) => [id, fate]));
    let pause = 0;
    let settled = 0;
    for (const item of batch) {
      const fate = fates.get(item.envelope.id);
      if (!fate) continue;
      switch (fate.is) {
        case 'ok':
        case 'dup':
          this.#become(item, {
            is: fate.seq <= this.#reached ? 'saved' : 'sent',
            seq: fate.seq,
            at: this.options.clock(),
          });
          settled += 1;
          break;
        case 'refused':
          this.#become(item, { is: 'refused', refusal: fate, at: this.options.clock() });
          settled += 1;
          break;
        case 'retry':
          pause = Math.max(pause, fate.after_ms, 1);
          // The room asked for quiet: not even a tap breaks it.
          this.#notBefore = this.options.world.now() + pause;
          break;
      }
    }
    // An answer that settles nothing must not be asked for in a tight loop.
    return settled === 0 && pause === 0 ? BACKOFF_FIRST_MS : pause;
  }

  /** Judges why a request failed; returns how long to wait, or null to rest. */
  #failed(batch: Item[], error: unknown): number | null {
    if (error instanceof ApiError) {
      if (error.shut || error.status === 404) {
        this.#shut = true;
        this.options.onRest(error.words);
        return null;
      }
      const [first] = batch;
      if (error.status === 400 || error.status === 413 || error.status === 422) {
        // One command spoils the request: send them singly, so that it blocks no other (I-11).
        if (batch.length > 1) {
          this.#single = true;
          return 0;
        }
        if (first) {
          const refusal = { code: 'malformed' as const, words: error.words };
          this.#become(first, { is: 'refused', refusal, at: this.options.clock() });
          return 0;
        }
      }
    }
    const urgent = [...batch, ...this.#waiting()].some(isUrgent);
    const last = urgent ? BACKOFF_HELP_MS : BACKOFF_LAST_MS;
    const most = Math.min(last, BACKOFF_FIRST_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    return Math.max(1, this.options.world.random() * most);
  }

  #become(item: Item, fate: Fate): void {
    item.fate = fate;
    if (fate.is !== 'saved') this.#write(item.n, item);
    else if (fate.seq <= this.#kept) this.#write(item.n, null);
    else this.#write(item.n, { ...item, fate: { ...fate, is: 'sent' } });
  }

  #write(n: number, item: Item | null): void {
    const { store } = this.options;
    const written = item === null ? store.remove(n) : store.put({ ...item });
    written.then(this.options.onStored, () => this.options.onFull?.());
  }

  /** Returns the fate of an item that was read: what this screen shows is saved. */
  #seen(fate: Fate): Fate {
    return fate.is === 'sent' && fate.seq <= this.#reached ? { ...fate, is: 'saved' } : fate;
  }

  #tell(): void {
    this.options.onItems(this.#items.map((item) => ({ ...item })));
  }

  /** Lets go of what was saved long ago; called with a new tap, so that each was seen as saved. */
  #trim(): void {
    const saved = this.#items.filter(({ fate }) => fate.is === 'saved' && fate.seq <= this.#kept);
    const old = new Set(saved.slice(0, -SAVED_SHOWN));
    this.#items = this.#items.filter((item) => !old.has(item));
  }
}
