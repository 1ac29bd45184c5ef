import type { LinkOptions, Polled } from './link-options';
import type { Time } from './wire/id';

/** Minimum poll interval; the maximum is twice as long. */
const POLL_MS = 5_000;
/** Poll interval where nothing responds; the link's own connection attempts are frequent enough. */
const POLL_LAST_MS = 30_000;

/** What polling reads from the link, and reports to it. */
export interface Watched {
  /** Whether no socket is open. */
  away: () => boolean;
  /** The login has ended; the words say so. */
  ended: (words: string) => void;
  /** The server's time, to the second. */
  clock: (time: Time) => void;
  /** Something changed that the face must show. */
  tell: () => void;
}

/**
 * Polls while no socket opens. Some networks pass requests and block the WebSocket upgrade; a screen there
 * is never live, but its figures must not stand still.
 */
export class Poll {
  /** Whether the last poll got a response. */
  answers = false;
  /** When a poll last got a response, by the device's clock. */
  answeredAt: number | null = null;
  #cancel: (() => void) | null = null;
  #silent = 0;
  /** Counts starts, so that a response to an earlier start is ignored. */
  #began = 0;

  constructor(
    readonly options: Pick<LinkOptions, 'world' | 'sink' | 'poll' | 'shut' | 'onOtherHistory'>,
    readonly link: Watched,
  ) {}

  /** Starts polling, unless it runs already. */
  start(): void {
    if (this.#cancel) return;
    this.#began += 1;
    // Jitter: screens that lost the same node must not poll in step.
    this.#later(this.options.world.random() * POLL_MS);
  }

  /** Stops polling: a socket is open, or the link has ended. */
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
    // A socket may have come and gone meanwhile: a stale response must not revert what it delivered.
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
