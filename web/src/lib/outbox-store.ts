import { deleteDB, openDB, type DBSchema } from 'idb';
import type { Command, Envelope } from './proto/command';
import type { MemberId, RoomId, Seq, Time } from './proto/id';
import type { Refusal } from './proto/refusal';
import { openSeal, type Sealed } from './seal';

/** What became of a command so far; every one ends as `saved` or `refused` (I-25). */
export type Fate =
  | { is: 'on_phone' }
  | { is: 'sending' }
  /** The room has it as entry `seq`; this screen does not show that entry yet. */
  | { is: 'sent'; seq: Seq; at: Time }
  | { is: 'saved'; seq: Seq; at: Time }
  | { is: 'refused'; refusal: Refusal; at: Time };

/** A command as this device keeps it. */
export interface Item {
  /** The order in which it was made, on this device. */
  n: number;
  room: RoomId;
  /** Whoever was logged in when it was made; another login never sends it. */
  member: MemberId | null;
  /** The tap, by the server's clock as this device knew it. */
  at: Time;
  /** Whether there was no signal at the tap. */
  offline: boolean;
  /**
   * What is sent. Written before the first attempt and never changed afterwards: the server answers
   * an id with its first outcome only when the body is the same, byte for byte (I-9).
   */
  envelope: Envelope;
  /** Whether the envelope was ever handed to the network. */
  frozen: boolean;
  fate: Fate;
}

/** What is asked by an item. */
export function asked(item: Item): Command {
  return item.envelope.do;
}

/** Where items outlive a reload. */
export interface OutboxStore {
  /** `memory` means that a reload loses what is unsent: the face must say so. */
  readonly kind: 'disk' | 'memory';
  load: () => Promise<Item[]>;
  /** Appends an item and returns its place in the order. */
  add: (item: Omit<Item, 'n'>) => Promise<number>;
  put: (item: Item) => Promise<void>;
  remove: (n: number) => Promise<void>;
}

interface Schema extends DBSchema {
  outbox: { key: number; value: { n: number; item: Sealed } };
}

/** Opens the store of a face, on disk where the device allows it. */
export async function openOutboxStore(face: string): Promise<OutboxStore> {
  try {
    const seal = await openSeal();
    const db = await openDB<Schema>(`muster-outbox-${face}`, 1, {
      upgrade(made) {
        made.createObjectStore('outbox', { keyPath: 'n', autoIncrement: true });
      },
    });
    return {
      kind: 'disk',
      load: async () => {
        const items: Item[] = [];
        for (const { n, item } of await db.getAll('outbox')) {
          // What was sealed by a key that is gone can be read by nobody: this is a new phone.
          const opened = await seal.open<Item>(item).catch(() => null);
          if (opened) items.push({ ...opened, n });
        }
        return items;
      },
      add: async (item) => {
        const sealed = { item: await seal.close(item) };
        // The database gives the number, so that two tabs never give the same one.
        return db.add('outbox', sealed as Schema['outbox']['value']);
      },
      put: async (item) => {
        const sealed = { n: item.n, item: await seal.close(item) };
        await db.put('outbox', sealed);
      },
      remove: (n) => db.delete('outbox', n),
    };
  } catch {
    return memoryOutboxStore();
  }
}

/** Returns a store that a reload empties: for devices that keep nothing, and for tests. */
export function memoryOutboxStore(kept = new Map<number, Item>()): OutboxStore {
  let last = Math.max(0, ...kept.keys());
  return {
    kind: 'memory',
    load: () => Promise.resolve([...kept.values()].map((item) => structuredClone(item))),
    add: (item) => {
      last += 1;
      kept.set(last, structuredClone({ ...item, n: last }));
      return Promise.resolve(last);
    },
    put: (item) => {
      kept.set(item.n, structuredClone(item));
      return Promise.resolve();
    },
    remove: (n) => {
      kept.delete(n);
      return Promise.resolve();
    },
  };
}

/** Removes everything that a face kept on this device. */
export async function forgetOutbox(face: string): Promise<void> {
  await deleteDB(`muster-outbox-${face}`);
}
