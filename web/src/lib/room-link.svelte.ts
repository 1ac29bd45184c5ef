import { Link } from './link';
import type { LinkOptions } from './link-options';
import type { LinkState } from './link-state';
import type { Mode } from './proto/frame';
import type { Present } from './proto/presence';

/** What the link of a face is told by its room; what it says is kept here. */
export type LinkTold = Omit<
  LinkOptions,
  'poller' | 'onState' | 'onMode' | 'onPresent' | 'onBuild'
> & {
  /** The link is live again. */
  onLive: () => void;
  /** Nothing more is shown to this device. */
  onEnded: () => void;
};

/** What the link says, as its face shows it. */
export class RoomLink {
  state: LinkState = $state.raw({ is: 'catching_up' });
  mode: Mode = $state('live');
  /** Who is connected, as a desk was told last. */
  present: readonly Present[] = $state.raw([]);
  /** The server runs a newer release than this page. */
  newBuild = $state(false);
  /** What is told and says all that; none until the room is open. */
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
