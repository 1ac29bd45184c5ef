import type { Time } from './proto/id';
import { MINUTE_MS } from './time';
import type { World } from './world';

const TICK_MS = 1_000;

/** The server's clock, as this device knows it; it ticks each second. */
export class RoomClock {
  now: Time = $state(0);
  /** The minute's beginning: a list of hundreds that asked for the second would be reckoned anew each second. */
  readonly minute: Time = $derived(Math.floor(this.now / MINUTE_MS) * MINUTE_MS);
  offset = 0;

  constructor(readonly world: Pick<World, 'now' | 'after'>) {}

  tick(): void {
    this.now = this.read();
  }

  /** Returns the server's time at this very moment. */
  read(): Time {
    return Math.round(this.world.now() + this.offset);
  }

  /** Ticks from here on; returns what ends it. */
  run(): () => void {
    let cancel: () => void;
    const next = () => {
      this.tick();
      // On the second, so that a clock on the wall and one on the desk turn together.
      cancel = this.world.after(TICK_MS - (this.read() % TICK_MS), next);
    };
    next();
    return () => {
      cancel();
    };
  }
}
