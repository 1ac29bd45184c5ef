import type { Time } from './wire/id';
import { MINUTE_MS } from './time';
import type { World } from './world';

const TICK_MS = 1_000;

/** The server's clock as this device knows it; ticks each second. */
export class RoomClock {
  now: Time = $state(0);
  /** The start of the current minute: with seconds, a list of hundreds would recompute each second. */
  readonly minute: Time = $derived(Math.floor(this.now / MINUTE_MS) * MINUTE_MS);
  offset = 0;

  constructor(readonly world: Pick<World, 'now' | 'after'>) {}

  tick(): void {
    this.now = this.read();
  }

  /** Returns the server's time at this moment. */
  read(): Time {
    return Math.round(this.world.now() + this.offset);
  }

  /** Starts ticking; returns a function that stops it. */
  run(): () => void {
    let cancel: () => void;
    const next = () => {
      this.tick();
      // On the full second, so that the wall's clock and the desk's turn together.
      cancel = this.world.after(TICK_MS - (this.read() % TICK_MS), next);
    };
    next();
    return () => {
      cancel();
    };
  }
}
