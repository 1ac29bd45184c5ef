import type { Rows } from './proto/frame';
import type { Me } from './proto/http';

/** What a phone shows when it is opened without signal: who it is, and the rows it last had. */
export interface Kept {
  me: Me;
  rows: Rows | null;
  /** The server's time minus the device's, so that a tap without signal has the room's time. */
  offset: number;
}

/** Keeps the last rows on a phone, sealed. A phone that cannot seal keeps nothing. */
export interface Keep {
  load(): Promise<Kept | null>;
  save(kept: Kept): Promise<void>;
  forget(): Promise<void>;
}

/** Keeps nothing: for the faces in the room, and for devices that cannot seal. */
export const noKeep: Keep = {
  load: () => Promise.resolve(null),
  save: () => Promise.resolve(),
  forget: () => Promise.resolve(),
};
