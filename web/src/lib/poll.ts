import type { LinkOptions, Polled } from './link-options';
import type { Time } from './proto/id';

/** At least this long between two polls; at most twice as long. */
const POLL_MS = 5_000;
/** Where nothing answers at all, a poll is rarer: the link itself knocks often enough. */
const POLL_LAST_MS = 30_000;

/** What the link tells of itself, and is told. */
export interface Watched {
  /** Whether no socket is open. */
  away: () => boolean;
  /** The login is over; the words say so. */
  ended: (words: string) => void;
  /** The server's time, to the second. */
  clock: (time: Time) => void;
  /** Something changed that the face must say. */
  tell: () => void;
}

/**
 * Asks by request now and then while no socket opens. Some networks let requests pass and take the
 * upgrade of a socket away; a screen there is never live, but what it shows must not stand still.
 */
export class Poll {
  /** Whether the last poll had its answer. */
  answers = false;
  /** When a poll last had its answer, by the device's clock. */
  answeredAt: number | null = null;
  #cancel: (() => void) | null = null;
  #silent = 0;
  /** Counts the beginnings, so that an answer to an earlier one says nothing of the present. */
  #began = 0;

  constructor(
    readonly options: Pick<LinkOptions, 'world' | 'sink' | 'poll' | 'shut' | 'onOtherHistory'>,
    readonly link: Watched,
  ) {}

  /** Begins, unless it has. */
  start(): void {
    if (this.#cancel) return;
    this.#began += 1;
    // Screens that lost the same node at the same moment do not ask at the same moment.
    this.#later(this.options.world.random() * POLL_MS);
  }

  /** Ends: a socket is there, or the link has ended. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.answers = false;
    this.#silent = 0;
  }

  #later(ms: number): void {
    const { world } = this.options;
    this.#cancel = world.after(ms, () => {
      if (world.visible()) void this.#ask();
      else this.#later(POLL_MS);
    });
  }

  async #ask(): Promise<void> {
    const began = this.#began;
    const { poll, sink, shut, world } = this.options;
    const { head } = sink;
    const polled = await poll(head).catch((error: unknown) => {
      const words = shut(error);
      if (words !== null) this.link.ended(words);
      return null;
    });
    if (this.#cancel === null || began !== this.#began) return;
    // A socket may have come and gone meanwhile: an old answer must not take back what it brought.
    const same = sink.head?.tag === head?.tag && sink.head?.seq === head?.seq;
    if (polled && same && this.link.away()) this.#take(polled);
    this.answers = polled !== null;
    this.#silent = polled ? 0 : this.#silent + 1;
    const most = Math.min(POLL_LAST_MS, POLL_MS * 2 ** this.#silent);
    this.#later(most * (1 + world.random()));
    this.link.tell();
  }

  #take({ rows, time }: Polled): void {
    const { sink, world, onOtherHistory } = this.options;
    if (time !== null) this.link.clock(time);
    if (rows) {
      if (sink.head && rows.to < sink.head.seq) onOtherHistory();
      sink.replace(rows);
    }
    this.answeredAt = world.now();
  }
}
