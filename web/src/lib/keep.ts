import { openDB, type DBSchema } from 'idb';
import type { Rows } from './proto/frame';
import type { Me } from './proto/http';
import { openSeal, type Sealed } from './seal';

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

interface Schema extends DBSchema {
  keep: { key: string; value: Sealed };
}

/** Opens what this face keeps. */
export async function openKeep(face: string): Promise<Keep> {
  try {
    const seal = await openSeal();
    if (!seal.real) return noKeep;
    const db = await openDB<Schema>(`muster-keep-${face}`, 1, {
      upgrade(made) {
        made.createObjectStore('keep');
      },
    });
    let forgotten = false;
    return {
      load: async () => {
        const sealed = await db.get('keep', 'last');
        // What cannot be opened was sealed by a key that is gone: this is a new phone.
        return sealed ? seal.open<Kept>(sealed).catch(() => null) : null;
      },
      save: async (kept) => {
        const sealed = await seal.close(kept);
        // A write that was on its way must not bring back what was forgotten.
        if (!forgotten) await db.put('keep', sealed, 'last');
      },
      forget: () => {
        forgotten = true;
        return db.clear('keep');
      },
    };
  } catch {
    return noKeep;
  }
}

/** Keeps nothing: for the faces in the room, and for devices that cannot seal. */
export const noKeep: Keep = {
  load: () => Promise.resolve(null),
  save: () => Promise.resolve(),
  forget: () => Promise.resolve(),
};
