import type { World } from './world';

/** A call for help that is not answered by then is sent again, on a connection of its own. */
const HELP_ANSWER_MS = 8_000;
/** A request under way has this long to be answered before it gives way to a call for help. */
const GIVE_WAY_MS = 1_000;

/** A request under way. It waits for its answer for ever, unless a call for help is in it or behind it. */
export class Flight {
  /** The history was replaced while it was under way: its answer may be of the one that is gone. */
  doubted = false;
  #gaveWay = false;
  #stop: () => void = () => undefined;
  readonly #giveUp = new AbortController();

  constructor(
    readonly urgent: boolean,
    readonly world: World,
  ) {
    if (urgent) this.#giveUpAfter(HELP_ANSWER_MS);
  }

  /** It was given up, or will be, for a call for help, which goes at once. */
  get gaveWay(): boolean {
    return this.#gaveWay;
  }

  /** Sends; a request that is given up counts as lost at once, whatever its connection still does. */
  carry<Answer>(send: (giveUp: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const { signal } = this.#giveUp;
    const lost = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('given up'));
      });
    });
    return Promise.race([send(signal), lost]);
  }

  /** Lets a request that hangs give way; what it carried is sent again after. */
  giveWay(): void {
    if (this.urgent || this.#gaveWay) return;
    this.#gaveWay = true;
    this.#giveUpAfter(GIVE_WAY_MS);
  }

  /** It is over, whatever came of it. */
  land(): void {
    this.#stop();
  }

  #giveUpAfter(ms: number): void {
    this.#stop = this.world.after(ms, () => {
      this.#giveUp.abort();
    });
  }
}
