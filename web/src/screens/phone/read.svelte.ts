import type { Seq } from '../../lib/wire/id';
import type { Room } from '../../lib/room.svelte';

const KEY = 'muster-updates-read';

/** The last update shown on this screen; only its number is stored. */
const last: { seq: Seq } = $state({ seq: kept() });

function kept(): Seq {
  try {
    return Number(localStorage.getItem(KEY) ?? 0);
  } catch {
    return 0;
  }
}

/** Returns how many updates are unread on this phone. */
export function unread(room: Room<'phone'>): number {
  return room.rows.of('log').filter(({ seq }) => seq > last.seq).length;
}

/** Marks all updates received so far as read. */
export function readAll(room: Room<'phone'>): void {
  const newest = room.rows.of('log').at(-1);
  if (newest) keep(newest.seq);
}

/** Resets the count: the next user of this phone has read nothing. */
export function forgetRead(): void {
  keep(0);
}

function keep(seq: Seq): void {
  last.seq = seq;
  try {
    localStorage.setItem(KEY, String(seq));
  } catch {
    // A phone without storage starts counting again after a reload.
  }
}
