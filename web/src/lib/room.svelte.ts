import { openApi, ApiError, type Api } from './api';
import { copy } from './copy';
import { comeIn, type Entered } from './enter';
import type { Said } from './envelope';
import { noKeep, type Keep } from './keep';
import { inTouch } from './link-state';
import type { Item } from './outbox-store';
import type { Command } from './wire/command';
import type { Me } from './wire/http';
import type { Seq } from './wire/id';
import type { Audience } from './wire/role';
import { RoomClock } from './room-clock.svelte';
import { RoomLink } from './room-link.svelte';
import { RoomOutbox } from './room-outbox.svelte';
import { RoomRows, type RowTags } from './room-rows';
import { RowStore } from './rows.svelte';
import { browserWorld, type World } from './world';

/** Whether this face is in its room. */
export type Door =
  | { is: 'opening' }
  | { is: 'open'; me: Me }
  /** Not logged in; the words say how to log in. */
  | { is: 'shut'; words: string };

/** How long rows are batched before a render, in milliseconds; measured for each face. */
const GAP_MS: Record<Audience, number> = { wall: 300, desk: 400, sitrep: 400, phone: 200 };

/** One face in its room: the rows, clock, outbox and link together. */
export class Room<A extends Audience = Audience> {
  door: Door = $state.raw({ is: 'opening' });
  readonly clock: RoomClock;
  readonly rows: RoomRows<A>;
  readonly outbox: RoomOutbox;
  readonly link = new RoomLink();
  readonly api: Api;
  readonly store: RowStore;
  #keep: Keep = noKeep;
  #stops: (() => void)[] = [];

  constructor(
    readonly face: A,
    tags: RowTags<A>,
    /** Only a phone stores its rows: it opens without signal. */
    openKeep: () => Promise<Keep> = () => Promise.resolve(noKeep),
    readonly world: World = browserWorld(),
  ) {
    this.store = new RowStore(world, GAP_MS[face], Object.keys(tags));
    this.rows = new RoomRows(this.store, tags);
    this.outbox = new RoomOutbox(face, this.store);
    this.clock = new RoomClock(world);
    this.#stops.push(this.clock.run());
    this.api = openApi(face, world);
    void this.#open(openKeep);
  }

  get me(): Me | null {
    return this.door.is === 'open' ? this.door.me : null;
  }

  /** Queues a command; resolves as soon as this device has stored it. */
  send(command: Command, said?: Said): Promise<Item> {
    return this.outbox.send(command, said);
  }

  /**
   * Clears this device for its next user: ends the login and deletes the stored rows and settled commands.
   * If the server does not respond nothing is done, because the login would still open this face. The words
   * replace the screen.
   */
  async handOver(words: string): Promise<void> {
    try {
      await this.api.logout();
    } catch (error) {
      if (!(error instanceof ApiError && error.shut)) throw error;
    }
    this.#shut(words);
    await this.outbox.box?.forgetSettled();
    await this.#keep.forget();
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  async #open(openKeep: () => Promise<Keep>): Promise<void> {
    this.#keep = await openKeep();
    const kept = await this.#keep.load();
    const entered = await comeIn(this.api, this.world, kept?.me ?? null, () => {
      this.link.state = { is: 'not_live', asAt: null, answers: false };
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
    this.#stops.push(this.#keep.follow(this));
  }

  async #openOutbox({ me, sure }: Entered): Promise<void> {
    const { world } = this;
    const stop = await this.outbox.open({
      room: me.room,
      member: me.member,
      world,
      keeps: this.#keep !== noKeep,
      clock: () => this.clock.read(),
      inTouch: () => world.online() && inTouch(this.link.state),
      send: async (commands, giveUp) => {
        if (!(await sure(giveUp))) {
          this.#shut(copy.enter.another);
          throw new Error('somebody else is logged in here');
        }
        return this.api.send(me.room, commands, giveUp);
      },
    });
    this.#stops.push(stop);
  }

  #openLink({ room }: Me): void {
    const { api, face: audience, store: sink, world } = this;
    this.link.open({
      room,
      audience,
      world,
      sink,
      snapshot: () => api.rows(room, this.#told()),
      poll: (at) => api.poll(room, at, this.#told()),
      shut: (error) => (error instanceof ApiError && error.shut ? copy.enter[audience] : null),
      onLive: () => {
        this.outbox.kick();
      },
      onEnded: () => {
        void this.#keep.forget();
        this.outbox.box?.kept(Infinity);
      },
      onClock: (offset) => {
        this.clock.offset = offset;
        this.clock.tick();
      },
      onOtherHistory: () => {
        this.outbox.box?.askAgain();
      },
    });
    this.#stops.push(() => {
      this.link.line?.stop();
    });
  }

  /** Returns the last entry known to this device: shown, or acknowledged to a tap. */
  #told(): Seq {
    return Math.max(this.store.head?.seq ?? 0, this.outbox.answered());
  }

  #shut(words: string): void {
    this.stop();
    this.door = { is: 'shut', words };
  }
}
