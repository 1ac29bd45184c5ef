import { openDB, type DBSchema } from 'idb';
import { noKeep, type Keep, type Kept } from './keep';
import { keepRows } from './keep-rows';
import { openSeal, type Sealed } from './seal';

interface Schema extends DBSchema {
  keep: { key: string; value: Sealed };
}

/** Opens the persistent storage of this face. */
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
        // Undecryptable data was sealed with a lost key: treat this as a fresh phone.
        return sealed ? seal.open<Kept>(sealed).catch(() => null) : null;
      },
      follow: (room) =>
        keepRows(room, async (kept) => {
          const sealed = await seal.close(kept);
          // A write in flight must not restore what was deleted.
          if (!forgotten) await db.put('keep', sealed, 'last');
        }),
      forget: () => {
        forgotten = true;
        return db.clear('keep');
      },
    };
  } catch {
    return noKeep;
  }
}
