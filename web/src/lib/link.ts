import { copy } from './copy';
import type { LinkOptions } from './link-options';
import type { LinkState } from './link-state';
import type { Poll } from './poll';
import type { ClientFrame, Rows, ServerFrame } from './wire/frame';
import type { Cursor, Time } from './wire/id';
import { SILENCE_MS } from './wire/limits';
import type { Socket } from './world';

/** The name of a planted bug; empty in shipped builds, so that the bundler drops the branch. */
declare const __PLANT__: string;

/** Radios need longer than any server; a socket that is not open by then never will be. */
const CONNECT_MS = 8_000;
/** How far a beat may run ahead of its rows before they count as lost. */
const ROWS_SOON_MS = 2_000;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_LAST_MS = 10_000;
/** A waking phone's network needs a moment; a socket opened at once often fails at once. */
const SETTLE_MS = 750;
/** How long a starting link shows "catching up" before it admits that there is no signal. */
const GRACE_MS = 3_000;
const NO_CURSOR: Cursor = { seq: 0, tag: '0000000000000000' };

/** The link's timers; at most one of each runs. */
type Timer = 'connect' | 'come_back' | 'silence' | 'rows' | 'fetch' | 'tell';

/** The state of the present socket. */
type Phase = 'closed' | 'opening' | 'fetching' | 'asking' | 'current';

/**
 * Keeps one face in sync with its room. Rows are applied only if they follow the cursor exactly; anything
 * else ends in a subscription from the cursor, or in a snapshot.
 */
export class Link {
  #socket: Socket | null = null;
  #phase: Phase = 'closed';
  #attempts = 0;
  #since: number;
  #heardAt: number | null = null;
  #currentAt: number | null = null;
  #silenceMs = SILENCE_MS;
  #offset = 0;
  #build: string | null = null;
  #ended: LinkState | null = null;
  #state: LinkState = { is: 'catching_up' };
  #cancels = new Map<Timer, () => void>();
  #poll: Poll | null = null;
  readonly #stopResume: () => void;

  constructor(readonly options: LinkOptions) {
    this.#since = options.world.now();
    this.#stopResume = options.world.onResume(() => {
      this.#resume();
    });
    this.#connect();
  }

  /** Stops the link permanently. */
  stop(): void {
    this.#stopResume();
    this.#poll?.stop();
    this.#drop();
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  #connect(): void {
    if (this.#ended) return;
    const { world, audience } = this.options;
    this.#drop();
    this.#phase = 'opening';
    const socket = world.connect(`/ws?face=${audience}`);
    this.#socket = socket;
    const mine = () => this.#socket === socket;
    socket.onopen = () => {
      if (mine()) this.say({ t: 'hello', v: 1 });
    };
    socket.onmessage = ({ data }) => {
      if (mine() && typeof data === 'string') this.#hear(data);
    };
    socket.onclose = ({ code, reason }) => {
      if (mine()) this.#closed(code, reason);
    };
    this.#later('connect', CONNECT_MS, () => {
      if (this.#phase === 'opening') this.#lost();
    });
    this.#watchSilence();
    this.#tell();
  }

  /** Removes the handlers and closes; a dead socket may never emit a close event. */
  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#phase = 'closed';
    this.#cancel('connect');
    this.#cancel('rows');
    this.#cancel('fetch');
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  /** Reconnects with exponential backoff and full jitter. */
  #lost(afterMs?: number): void {
    this.#drop();
    const { world, audience } = this.options;
    const most = Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    this.#later('come_back', afterMs ?? world.random() * most, () => {
      // A phone in a pocket does not reconnect until it is visible again.
      if (audience === 'phone' && !world.visible()) return;
      this.#connect();
    });
    this.#tell();
  }

  #resume(): void {
    if (this.#ended) return;
    const { world, audience } = this.options;
    this.#attempts = 0;
    this.#since = world.now();
    this.#drop();
    this.#later('come_back', audience === 'phone' ? SETTLE_MS : 0, () => {
      this.#connect();
    });
    this.#tell();
  }

  #closed(code: number, reason: string): void {
    if (code < 4500 || code > 4999) {
      this.#lost();
      return;
    }
    const known = copy.close[code];
    this.#end(known ?? (reason || copy.error.server), code === 4503);
  }

  #end(words: string, reload: boolean): void {
    this.#drop();
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
    this.#ended = { is: 'ended', words, reload };
    this.#tell();
  }

  #hear(text: string): void {
    const frame = parse(text);
    if (!frame) {
      this.#lost();
      return;
    }
    this.#heardAt = this.options.world.now();
    this.#watchSilence();
    switch (frame.t) {
      case 'welcome':
        this.#cancel('connect');
        this.#silenceMs = frame.silence_ms;
        this.#setClock(frame.time);
        if (this.#build !== null && this.#build !== frame.build) this.options.onBuild();
        this.#build = frame.build;
        if (this.options.sink.head) this.#subscribe();
        else this.#fetch();
        break;
      case 'presence':
        this.options.onPresent(frame.present);
        break;
      case 'rows':
        this.#rows(frame);
        break;
      case 'beat':
        this.#beat(frame);
        break;
      case 'resync':
        if (frame.room !== this.options.room || frame.audience !== this.options.audience) break;
        if (frame.why === 'other_history' || frame.why === 'ahead') this.options.onOtherHistory();
        this.#fetch();
        break;
      case 'bye': {
        const [least, most] = frame.after_ms;
        this.#lost(least + this.options.world.random() * Math.max(0, most - least));
        break;
      }
      default:
        // A later server may send frames that this page does not know; ignoring them is safe.
        break;
    }
    this.#tell();
  }

  #rows(rows: Rows): void {
    const { room, audience, sink } = this.options;
    if (rows.room !== room || rows.audience !== audience || this.#phase === 'fetching') return;
    const { head } = sink;
    if (!head) return;
    if (rows.to < head.seq) return;
    if (rows.to === head.seq) {
      if (rows.tag === head.tag) this.#caughtUp();
      else this.#fetch();
      return;
    }
    // I-20: rows that do not start at this screen's cursor would leave a silent gap.
    if (__PLANT__ !== 'gap_check_off' && rows.from !== head.seq) {
      // Until the answer to `sub` arrives, frames from before it may still come in.
      if (this.#phase === 'current') this.#subscribe();
      return;
    }
    sink.apply(rows);
    this.#caughtUp();
  }

  #beat(beat: Extract<ServerFrame, { t: 'beat' }>): void {
    const { room, sink, world } = this.options;
    if (beat.room !== room) return;
    this.#setClock(beat.time);
    this.options.onMode(beat.mode);
    const { head } = sink;
    this.say({ t: 'pong', cursor: this.#cursor() });
    if (!head || this.#phase === 'fetching') return;
    if (beat.seq === head.seq) {
      if (beat.tag === head.tag) this.#caughtUp();
      else this.#fetch();
    } else if (beat.seq < head.seq) {
      this.#subscribe();
    } else {
      this.#currentAt = this.#phase === 'current' ? world.now() : this.#currentAt;
      this.#later('rows', ROWS_SOON_MS, () => {
        if ((sink.head?.seq ?? 0) < beat.seq && this.#phase !== 'fetching') this.#subscribe();
      });
    }
  }

  #subscribe(): void {
    const { room, audience, sink } = this.options;
    if (!sink.head) {
      this.#fetch();
      return;
    }
    this.#phase = 'asking';
    this.say({ t: 'sub', room, audience, at: sink.head });
    // The answer itself may be lost behind a frame that did not fit: retry until one fits.
    this.#later('rows', this.#silenceMs / 2, () => {
      if (this.#phase === 'asking') this.#subscribe();
    });
  }

  /** Fetches a snapshot. No rows are applied until it arrives: two histories never mix (I-19). */
  #fetch(attempt = 0): void {
    const { sink, snapshot, shut, world } = this.options;
    const socket = this.#socket;
    if (!socket || (this.#phase === 'fetching' && attempt === 0)) return;
    this.#phase = 'fetching';
    this.#cancel('rows');
    snapshot().then(
      (rows) => {
        if (this.#socket !== socket) return;
        sink.replace(rows);
        this.#subscribe();
        // The snapshot is current at this moment; the subscription delivers what follows.
        this.#currentAt = world.now();
        this.#phase = 'current';
        this.#attempts = 0;
        this.#tell();
      },
      (error: unknown) => {
        if (this.#socket !== socket) return;
        const words = shut(error);
        if (words !== null) {
          this.#end(words, false);
          return;
        }
        const most = Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** attempt);
        this.#later('fetch', world.random() * most, () => {
          this.#fetch(attempt + 1);
        });
      },
    );
  }

  /** Starts polling; if its code cannot be loaded, the next connection attempt retries. */
  #startPoll(): void {
    if (this.#poll) {
      this.#poll.start();
      return;
    }
    this.options.poller().then(
      (Part) => {
        this.#poll ??= new Part(this.options, {
          away: () => this.#phase === 'closed' || this.#phase === 'opening',
          ended: (words) => {
            if (!this.#ended) this.#end(words, false);
          },
          clock: (time) => {
            if (this.#build === null) this.#setClock(time);
          },
          tell: () => {
            this.#tell();
          },
        });
        this.#tell();
      },
      () => undefined,
    );
  }

  #caughtUp(): void {
    this.#phase = 'current';
    this.#currentAt = this.options.world.now();
    this.#attempts = 0;
  }

  #setClock(time: Time): void {
    this.#offset = time - this.options.world.now();
    this.options.onClock(this.#offset);
  }

  #watchSilence(): void {
    this.#later('silence', this.#silenceMs, () => {
      // A snapshot over a slow radio takes time and no beats arrive meanwhile: stay connected, and send a
      // sign of life.
      if (this.#phase === 'fetching') this.say({ t: 'pong', cursor: this.#cursor() });
      else if (this.#phase !== 'closed') this.#lost();
      this.#watchSilence();
      this.#tell();
    });
  }

  /** Reports the current state, if it has changed. */
  #tell(): void {
    const state = this.#judge();
    this.#tellLater(state);
    if (state.is === 'not_live') this.#startPoll();
    else this.#poll?.stop();
    if (JSON.stringify(state) === JSON.stringify(this.#state) && state.is !== 'ended') return;
    this.#state = state;
    this.options.onState(state);
  }

  /** Rechecks the state later: without signal no event announces that the figures have become stale. */
  #tellLater(state: LinkState): void {
    if (state.is !== 'catching_up' || this.#phase === 'fetching') {
      this.#cancel('tell');
      return;
    }
    const now = this.options.world.now();
    const fresh = this.#currentAt === null ? now : this.#currentAt + this.#silenceMs;
    this.#later('tell', Math.max(1, Math.max(fresh, this.#since + GRACE_MS) - now), () => {
      this.#tell();
    });
  }

  #judge(): LinkState {
    if (this.#ended) return this.#ended;
    const now = this.options.world.now();
    const heard = this.#heardAt !== null && now - this.#heardAt < this.#silenceMs;
    if (this.#phase === 'current' && heard) return { is: 'live' };
    // If the server accepts the request and never responds, the figures on the screen are stale.
    if (this.#phase === 'fetching') return { is: 'catching_up' };
    const fresh = this.#currentAt !== null && now - this.#currentAt < this.#silenceMs;
    if (fresh || now - this.#since < GRACE_MS) return { is: 'catching_up' };
    const seenAt = Math.max(this.#currentAt ?? -1, this.#poll?.answeredAt ?? -1);
    const asAt = seenAt < 0 ? null : seenAt + this.#offset;
    return { is: 'not_live', asAt, answers: this.#poll?.answers ?? false };
  }

  #cursor(): Cursor {
    return this.options.sink.head ?? NO_CURSOR;
  }

  /** Sends a frame on the socket, if there is one. */
  say(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  #later(name: Timer, ms: number, run: () => void): void {
    this.#cancel(name);
    this.#cancels.set(
      name,
      this.options.world.after(ms, () => {
        this.#cancels.delete(name);
        run();
      }),
    );
  }

  #cancel(name: Timer): void {
    this.#cancels.get(name)?.();
    this.#cancels.delete(name);
  }
}

function parse(text: string): ServerFrame | null {
  try {
    const frame = JSON.parse(text) as ServerFrame | null;
    return typeof frame === 'object' && frame !== null ? frame : null;
  } catch {
    return null;
  }
}
