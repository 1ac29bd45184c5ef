import { ApiError } from './api';
import { Flight } from './flight';
import type { Command, Envelope } from './wire/command';
import type { CommandsAnswer } from './wire/http';
import type { MemberId, RoomId, Seq, Time } from './wire/id';
import { COMMANDS_MAX } from './wire/limits';
import type { Fate as Answer } from './wire/outcome';
import { freshEnvelope, timedEnvelope, type Said } from './envelope';
import { isUrgent, nextBatch } from './lane';
import type { Fate, Item, OutboxStore } from './outbox-store';
import type { World } from './world';

const BACKOFF_FIRST_MS = 500;
const BACKOFF_LAST_MS = 30_000;
/** The maximum retry interval while a call for help is unsent. */
const BACKOFF_HELP_MS = 2_000;
/**
 * How long an acknowledged command may take to appear on this screen. After that it is sent again: the
 * history may have been replaced behind this screen's cursor.
 */
const SEEN_MS = 10_000;
/** Saved items that stay visible, so that a person can see what became of the last taps. */
const SAVED_SHOWN = 20;

/** What an outbox needs. */
export interface OutboxOptions {
  room: RoomId;
  member: MemberId | null;
  world: World;
  store: OutboxStore;
  /** Whether this device stores its rows; if so, it reports how far through {@link Outbox.kept}. */
  keeps?: boolean;
  /** The server's time. */
  clock: () => Time;
  /** Whether the face can reach the room; only affects the reason of a late command. */
  inTouch: () => boolean;
  /** Sends a request; the signal cancels it. */
  send: (commands: Envelope[], giveUp: AbortSignal) => Promise<CommandsAnswer>;
  /** The items changed; called with a fresh array each time. */
  onItems: (items: readonly Item[]) => void;
  /** Something was written that other tabs of this face should read. */
  onStored: () => void;
  /** The server refused the whole request: sending pauses until a person acts. */
  onRest: (words: string | null) => void;
  /** The device's storage is full: unsent commands exist only in this page. */
  onFull?: () => void;
}

/**
 * Stores commands until the room has answered each: in order, one request in flight, across reloads and
 * without signal. Nothing is dropped; a refusal stays until a person has read it, and never blocks later
 * commands (I-10, I-11, I-25). A call for help waits for nothing else (R36).
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
  /** A reload shows acknowledged commands up to this entry without their items. */
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

  /** Loads what an earlier page left. */
  async open(): Promise<void> {
    const kept = await this.options.store.load();
    const known = new Set(this.#items.map(({ n }) => n));
    for (const item of kept) {
      // Commands in flight when the page closed have no response here: send them again.
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

  /** Sets whether this tab is the one that sends. */
  hold(held: boolean): void {
    this.#held = held;
    if (held) void this.refresh();
  }

  /** Reads what other tabs of this face have written. */
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
      // What another tab has handed to the network is sent again byte for byte (I-9).
      if (there?.frozen === true && !item.frozen) {
        item.envelope = there.envelope;
        item.frozen = true;
      }
      if (this.#held) continue;
      // The sending tab decides; an item that it removed was saved, or its refusal was read.
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

  /** Queues a command; resolves once it is on the device. */
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
      // Another tab's notification may have made this tab read the disk meanwhile.
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

  /** Dismisses a refusal that a person has read. */
  dismiss(n: number): void {
    const item = this.#items.find((one) => one.n === n);
    if (!item || (item.fate.is !== 'refused' && item.fate.is !== 'saved')) return;
    this.#items = this.#items.filter((one) => one.n !== n);
    void this.options.store.remove(n);
    this.#tell();
  }

  /**
   * Deletes every settled command, regardless of author. An unsettled one stays, sealed, until its author
   * uses this device again (I-25).
   */
  async forgetSettled(): Promise<void> {
    const settled = this.#items.filter(({ fate }) => 'at' in fate);
    for (const item of settled) await this.options.store.remove(item.n);
    this.#items = this.#items.filter((item) => !settled.includes(item));
    this.#tell();
  }

  /** Records that the screen shows the room up to this entry. */
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
   * Records that the device has stored the room up to this entry. Until then a saved command stays on it: a
   * phone reopened without signal must not show a departed person as still waiting to leave (I-25).
   */
  kept(seq: Seq): void {
    const before = this.#kept;
    this.#kept = seq;
    for (const { n, fate } of this.#items) {
      if (fate.is === 'saved' && fate.seq > before && fate.seq <= seq) this.#write(n, null);
    }
  }

  /**
   * The room's history was replaced by an older one, so acknowledged commands may be lost. Sends the same
   * ids again; the room repeats its earlier outcome for those it still has.
   */
  askAgain(): void {
    for (const item of this.#items) {
      if (item.fate.is === 'sent') this.#become(item, { is: 'on_phone' });
    }
    if (this.#flight) this.#flight.doubted = true;
    this.#tell();
    this.kick();
  }

  /** Retries at once, whatever the backoff. */
  kick(): void {
    this.#attempts = 0;
    this.#shut = false;
    void this.#drain();
  }

  /** Writes an item to the device, or keeps it in the page if storage is full. */
  async #place(item: Omit<Item, 'n'>): Promise<number> {
    try {
      return await this.options.store.add(item);
    } catch {
      this.options.onFull?.();
      // Between the last number that the disk assigned and the next one.
      return (this.#items.at(-1)?.n ?? 0) + 1 / 1024;
    }
  }

  #waiting(): Item[] {
    const { room, member } = this.options;
    return this.#items.filter(
      (item) => item.fate.is === 'on_phone' && item.room === room && item.member === member,
    );
  }

  /** Returns acknowledged commands that the screen has not shown for too long; they stay `sent`. */
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
      // Sent again; the room repeats its earlier outcome for those it still has.
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

  /** Stores what will be sent before sending it: a resend must be the same bytes (I-9). */
  async #freeze(item: Item): Promise<void> {
    item.fate = { is: 'sending' };
    if (item.frozen) return;
    const { clock, store } = this.options;
    item.envelope = timedEnvelope(item, clock());
    item.frozen = true;
    // A device with full storage must still be able to send.
    await store.put({ ...item, fate: { is: 'on_phone' } }).catch(() => this.options.onFull?.());
  }

  /** Applies the outcomes; returns how long to wait before the next request. */
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
          // The room asked for a pause: not even a tap shortens it.
          this.#notBefore = this.options.world.now() + pause;
          break;
      }
    }
    // An outcome that settles nothing must not cause a tight retry loop.
    return settled === 0 && pause === 0 ? BACKOFF_FIRST_MS : pause;
  }

  /** Classifies a failed request; returns how long to wait, or null to pause. */
  #failed(batch: Item[], error: unknown): number | null {
    if (error instanceof ApiError) {
      if (error.shut || error.status === 404) {
        this.#shut = true;
        this.options.onRest(error.words);
        return null;
      }
      const [first] = batch;
      if (error.status === 400 || error.status === 413 || error.status === 422) {
        // One command invalidates the request: send each alone, so that it blocks no other (I-11).
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

  /** Returns the fate of a stored item: what this screen shows is saved. */
  #seen(fate: Fate): Fate {
    return fate.is === 'sent' && fate.seq <= this.#reached ? { ...fate, is: 'saved' } : fate;
  }

  #tell(): void {
    this.options.onItems(this.#items.map((item) => ({ ...item })));
  }

  /** Drops items saved long ago; called with the next tap, so that each was visible as saved. */
  #trim(): void {
    const saved = this.#items.filter(({ fate }) => fate.is === 'saved' && fate.seq <= this.#kept);
    const old = new Set(saved.slice(0, -SAVED_SHOWN));
    this.#items = this.#items.filter((item) => !old.has(item));
  }
}
