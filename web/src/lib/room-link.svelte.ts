import { Link } from './link';
import type { LinkOptions } from './link-options';
import type { LinkState } from './link-state';
import type { Mode } from './wire/frame';
import type { Present } from './wire/presence';

/** What a room gives its link; the link's state is kept here. */
export type LinkTold = Omit<
  LinkOptions,
  'poller' | 'onState' | 'onMode' | 'onPresent' | 'onBuild'
> & {
  /** The link is live again. */
  onLive: () => void;
  /** This device may not show anything any more. */
  onEnded: () => void;
};

/** The link's state, as its face shows it. */
export class RoomLink {
  state: LinkState = $state.raw({ is: 'catching_up' });
  mode: Mode = $state('live');
  /** Who is connected, as last sent to a desk. */
  present: readonly Present[] = $state.raw([]);
  /** The server runs a later release than this page. */
  newBuild = $state(false);
  /** The link itself; null until the room is open. */
  line: Link | null = null;

  open(told: LinkTold): void {
    this.line = new Link({
      ...told,
      poller: async () => (await import('./poll')).Poll,
      onState: (state) => {
        if (state.is === 'live' && this.state.is !== 'live') told.onLive();
        this.state = state;
        if (state.is === 'ended' && !state.reload) told.onEnded();
      },
      onMode: (mode) => {
        this.mode = mode;
      },
      onPresent: (present) => {
        this.present = present;
      },
      onBuild: () => {
        this.newBuild = true;
      },
    });
  }
}
