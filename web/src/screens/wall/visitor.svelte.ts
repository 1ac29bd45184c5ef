import { keep, kept } from './kept';

/** How long the key must be held, or a second tap is awaited. */
export const HOLD_MS = 2_000;
const CONFIRM_MS = 10_000;

/**
 * "Visitor in room": one key or tap reduces the picture to counts at once; lifting it takes a second,
 * deliberate step, because the lead is responsible for it (SECURITY rule 18).
 */
export class Visitor {
  /** Counts only. */
  on = $state(kept('visitor') !== null);
  /** Waiting for the second step. */
  asking = $state(false);
  /** The key is held. */
  holding = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    this.#rest();
    this.on = true;
    keep('visitor', 'on');
  }

  /** The first tap of lifting it; expires without the second. */
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

  /** Key down: shows counts at once, or starts a hold that lifts them. */
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

  /** Key up. */
  release(): void {
    if (this.holding) this.#rest();
  }

  /** Cancels the second step. */
  stay(): void {
    this.#rest();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.asking = false;
    this.holding = false;
  }
}
