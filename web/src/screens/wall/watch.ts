/** When an unattended screen reloads itself. */

/** The watchdog's environment; tests supply their own. */
export interface Guarded {
  now(): number;
  /** The page's state: `live`, `new`, `out`, `away`; null before the first render. */
  sign(): string | undefined;
  /** Whether a reload would show the room; otherwise it would end on an empty page. */
  answers(): Promise<boolean>;
  /** Whether this browser has a login for the wall. */
  loggedIn(): Promise<boolean>;
  reload(): void;
  /** The count of failed reloads, stored across reloads. */
  tries: { get(): number; set(tries: number): void };
}

/** A page without a heartbeat for this long is reloaded. */
export const PATIENCE_MS = 60_000;
/** How often a screen without a login checks whether somebody opened a link on it. */
const OUT_MS = 15_000;
/** After being live for this long a page counts as healthy, and the retry count resets. */
const WELL_MS = 5 * 60_000;
const BACKOFF_FIRST_MS = 2_000;
const BACKOFF_LAST_MS = 5 * 60_000;

/** Watches the page and reloads it when it is broken, silent or outdated. `look` is called each second. */
export class Watchdog {
  readonly #began: number;
  #liveAt: number;
  #brokenAt: number | null = null;
  #lookedAt: number;
  #busy = false;

  constructor(readonly guarded: Guarded) {
    this.#began = guarded.now();
    this.#liveAt = this.#began;
    this.#lookedAt = this.#began;
  }

  /** A script failed, or could not be loaded. */
  broke(): void {
    this.#brokenAt ??= this.guarded.now();
  }

  async look(): Promise<void> {
    const { guarded } = this;
    const now = guarded.now();
    const sign = guarded.sign();
    if (sign === 'live') {
      this.#liveAt = now;
      if (now - this.#began > WELL_MS && this.#brokenAt === null) guarded.tries.set(0);
    }
    if (this.#busy || !this.#wants(sign, now)) return;
    this.#busy = true;
    try {
      await (sign === 'out' ? this.#whenLetIn(now) : this.#whenAnswered());
    } finally {
      this.#busy = false;
    }
  }

  /** Returns whether to reload the page. Unsuccessful reloads back off. */
  #wants(sign: string | undefined, now: number): boolean {
    const tries = this.guarded.tries.get();
    const rest = tries === 0 ? 0 : Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** tries);
    if (now - this.#began < rest) return false;
    if (sign === 'out') return now - this.#lookedAt >= OUT_MS;
    if (sign === 'new') return true;
    if (this.#brokenAt !== null) return now - this.#brokenAt >= BACKOFF_FIRST_MS;
    return now - this.#liveAt >= PATIENCE_MS;
  }

  async #whenLetIn(now: number): Promise<void> {
    this.#lookedAt = now;
    if (await this.guarded.loggedIn()) this.#reload();
  }

  async #whenAnswered(): Promise<void> {
    if (await this.guarded.answers()) this.#reload();
  }

  #reload(): void {
    this.guarded.tries.set(this.guarded.tries.get() + 1);
    this.guarded.reload();
  }
}
