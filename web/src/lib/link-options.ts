import type { LinkState } from './link-state';
import type { Poll } from './poll';
import type { Mode, Rows } from './proto/frame';
import type { Cursor, RoomId, Time } from './proto/id';
import type { Present } from './proto/presence';
import type { Audience } from './proto/role';
import type { World } from './world';

/** What the room told a request. */
export interface Polled {
  /** Every row; null where nothing changed since the cursor. */
  rows: Rows | null;
  /** The server's time, to the second. */
  time: Time | null;
}

/** Where rows go, and which cursor they have reached. */
export interface RowSink {
  /** The last entry received, shown or about to be. */
  readonly head: Cursor | null;
  /** Takes a snapshot: everything else is dropped. */
  replace(rows: Rows): void;
  /** Takes rows that follow the head. */
  apply(rows: Rows): void;
}

/** What a link needs to know. */
export interface LinkOptions {
  room: RoomId;
  audience: Audience;
  world: World;
  sink: RowSink;
  /** Fetches a snapshot. */
  snapshot: () => Promise<Rows>;
  /** Asks by request whether anything changed since a cursor. */
  poll: (at: Cursor | null) => Promise<Polled>;
  /** Fetches what does so now and then; a face that is live can do without it. */
  poller: () => Promise<typeof Poll>;
  /** Whether an error means that this login is over. */
  shut: (error: unknown) => string | null;
  onState: (state: LinkState) => void;
  /** The server's time minus the device's. */
  onClock: (offset: number) => void;
  onMode: (mode: Mode) => void;
  /** Who is connected; told to desks alone. */
  onPresent: (present: Present[]) => void;
  /** The server runs another release than the one this page came from. */
  onBuild: () => void;
  /** The history was replaced: what was acknowledged on the old one must be asked again. */
  onOtherHistory: () => void;
}
