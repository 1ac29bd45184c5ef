import { deleteDB, openDB, type DBSchema } from 'idb';
import type { Command, Envelope } from './wire/command';
import type { MemberId, RoomId, Seq, Time } from './wire/id';
import type { Refusal } from './wire/refusal';
import { openSeal, type Sealed } from './seal';

/** The state of a command; every command ends as `saved` or `refused` (I-25). */
export type Fate =
  | { is: 'on_phone' }
  | { is: 'sending' }
  /** The room has it as entry `seq`; this screen does not show that entry yet. */
  | { is: 'sent'; seq: Seq; at: Time }
  | { is: 'saved'; seq: Seq; at: Time }
  | { is: 'refused'; refusal: Refusal; at: Time };

/** A command as this device stores it. */
export interface Item {
  /** Its position in the order of creation on this device. */
  n: number;
  room: RoomId;
  /** The member who created it; another login never sends it. */
  member: MemberId | null;
  /** The time of the tap, by the server's clock as this device knows it. */
  at: Time;
  /** Whether there was no signal at the tap. */
  offline: boolean;
  /**
   * What is sent. Written before the first attempt and immutable from then on: the server repeats the first
   * outcome of an id only if the body is the same, byte for byte (I-9).
   */
  envelope: Envelope;
  /** Whether the envelope was ever handed to the network. */
  frozen: boolean;
  fate: Fate;
}

/** The command of an item. */
export function asked(item: Item): Command {
  return item.envelope.do;
}

/** Stores items across reloads. */
export interface OutboxStore {
  /** `memory` means that a reload loses what is unsent: the face must show that. */
  readonly kind: 'disk' | 'memory';
  load: () => Promise<Item[]>;
  /** Appends an item and returns its position. */
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
          // Nothing can decrypt what a lost key sealed: treat this as a fresh phone.
          const opened = await seal.open<Item>(item).catch(() => null);
          if (opened) items.push({ ...opened, n });
        }
        return items;
      },
      add: async (item) => {
        const sealed = { item: await seal.close(item) };
        // The database assigns the number, so that two tabs never assign the same one.
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

/** Returns an in-memory store, for devices without storage and for tests. */
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

/** Deletes everything that a face stored on this device. */
export async function forgetOutbox(face: string): Promise<void> {
  await deleteDB(`muster-outbox-${face}`);
}
