import type { World } from './world';

/** A call for help without a response after this time is sent again on another connection. */
const HELP_ANSWER_MS = 8_000;
/** How long a call for help waits for a request in flight. */
const GIVE_WAY_MS = 1_000;

/** A request in flight. It never times out, unless a call for help is in it or behind it. */
export class Flight {
  /** The room's history was replaced during the request, so its response may describe the lost history. */
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

  /** Set if the request was, or will be, cancelled for a call for help that is to be sent at once. */
  get gaveWay(): boolean {
    return this.#gaveWay;
  }

  /** Sends the request; cancelling settles it at once as lost, whatever its connection does afterwards. */
  carry<Answer>(send: (giveUp: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const { signal } = this.#giveUp;
    const lost = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('given up'));
      });
    });
    return Promise.race([send(signal), lost]);
  }

  /** Cancels a hanging request; its commands are sent again later. */
  giveWay(): void {
    if (this.urgent || this.#gaveWay) return;
    this.#gaveWay = true;
    this.#giveUpAfter(GIVE_WAY_MS);
  }

  /** Marks the request as finished, whatever its outcome. */
  land(): void {
    this.#stop();
  }

  #giveUpAfter(ms: number): void {
    this.#stop = this.world.after(ms, () => {
      this.#giveUp.abort();
    });
  }
}
