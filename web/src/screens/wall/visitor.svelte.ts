import { keep, kept } from './kept';

/** How long the key is held, or a second tap is waited for. */
export const HOLD_MS = 2_000;
const CONFIRM_MS = 10_000;

/**
 * "Visitor in room": one key or one tap cuts the picture to counts at once; to lift it takes a second,
 * deliberate step, because the lead answers for it (SECURITY rule 18).
 */
export class Visitor {
  /** Counts only. */
  on = $state(kept('visitor') !== null);
  /** The second step is waited for. */
  asking = $state(false);
  /** The key is held. */
  holding = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    this.#rest();
    this.on = true;
    keep('visitor', 'on');
  }

  /** The first step of lifting it by a tap; forgotten when the second does not follow. */
  ask(): void {
    this.#rest();
    this.asking = true;
    this.#timer = setTimeout(() => {
      this.asking = false;
    }, CONFIRM_MS);
  }

  lift(): void {
    this.#rest();
    this.on = false;
    keep('visitor', null);
  }

  /** The key went down: counts at once, or the beginning of a hold that lifts them. */
  press(): void {
    if (!this.on) {
      this.start();
      return;
    }
    this.#rest();
    this.holding = true;
    this.#timer = setTimeout(() => {
      this.lift();
    }, HOLD_MS);
  }

  /** The key came up. */
  release(): void {
    if (this.holding) this.#rest();
  }

  /** The second step is not taken. */
  stay(): void {
    this.#rest();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.asking = false;
    this.holding = false;
  }
}
