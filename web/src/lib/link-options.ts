import type { LinkState } from './link-state';
import type { Poll } from './poll';
import type { Mode, Rows } from './wire/frame';
import type { Cursor, RoomId, Time } from './wire/id';
import type { Present } from './wire/presence';
import type { Audience } from './wire/role';
import type { World } from './world';

/** The result of a poll. */
export interface Polled {
  /** Every row; null if nothing has changed since the cursor. */
  rows: Rows | null;
  /** The server's time, to the second. */
  time: Time | null;
}

/** Receives rows and tracks the cursor they have reached. */
export interface RowSink {
  /** The last entry received, rendered or not. */
  readonly head: Cursor | null;
  /** Replaces everything with a snapshot. */
  replace(rows: Rows): void;
  /** Applies rows that follow the head. */
  apply(rows: Rows): void;
}

/** What a link needs. */
export interface LinkOptions {
  room: RoomId;
  audience: Audience;
  world: World;
  sink: RowSink;
  /** Fetches a snapshot. */
  snapshot: () => Promise<Rows>;
  /** Polls for changes since a cursor. */
  poll: (at: Cursor | null) => Promise<Polled>;
  /** Loads the polling code; a live face does not need it. */
  poller: () => Promise<typeof Poll>;
  /** Returns what to show if an error means that this login has ended, otherwise null. */
  shut: (error: unknown) => string | null;
  onState: (state: LinkState) => void;
  /** The server's time minus the device's. */
  onClock: (offset: number) => void;
  onMode: (mode: Mode) => void;
  /** Who is connected; only desks receive this. */
  onPresent: (present: Present[]) => void;
  /** The server runs a different release from this page's. */
  onBuild: () => void;
  /** The history was replaced: commands acknowledged in the old one must be sent again. */
  onOtherHistory: () => void;
}
