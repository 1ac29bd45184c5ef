import type { Rows } from './proto/frame';
import type { Me } from './proto/http';
import type { Room } from './room.svelte';

/** What a phone shows when it is opened without signal: who it is, and the rows it last had. */
export interface Kept {
  me: Me;
  rows: Rows | null;
  /** The server's time minus the device's, so that a tap without signal has the room's time. */
  offset: number;
}

/** What of a room is kept, and tells whether and how far. */
export type Shown = Pick<Room, 'face' | 'me' | 'store' | 'clock' | 'link' | 'outbox'>;

/** Keeps the last rows on a phone, sealed. A phone that cannot seal keeps nothing. */
export interface Keep {
  load(): Promise<Kept | null>;
  /** Keeps what is shown from here on; returns what ends it. */
  follow(room: Shown): () => void;
  forget(): Promise<void>;
}

/** Keeps nothing: for the faces in the room, and for devices that cannot seal. */
export const noKeep: Keep = {
  load: () => Promise.resolve(null),
  follow: () => () => undefined,
  forget: () => Promise.resolve(),
};
