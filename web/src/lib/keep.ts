import type { Rows } from './wire/frame';
import type { Me } from './wire/http';
import type { Room } from './room.svelte';

/** What a phone shows when it opens without signal: its member and the last stored rows. */
export interface Kept {
  me: Me;
  rows: Rows | null;
  /** The server's time minus the device's, so that a tap without signal uses the room's time. */
  offset: number;
}

/** The part of a room that is stored, and that is notified of how far. */
export type Shown = Pick<Room, 'face' | 'me' | 'store' | 'clock' | 'link' | 'outbox'>;

/** Stores the last rows on a phone, sealed. A phone that cannot seal stores nothing. */
export interface Keep {
  load(): Promise<Kept | null>;
  /** Stores the shown rows from here on; returns a function that stops it. */
  follow(room: Shown): () => void;
  forget(): Promise<void>;
}

/** Stores nothing: for the other faces, and for devices that cannot seal. */
export const noKeep: Keep = {
  load: () => Promise.resolve(null),
  follow: () => () => undefined,
  forget: () => Promise.resolve(),
};
