import type { Seq } from '../../lib/proto/id';
import type { Room } from '../../lib/room.svelte';

const KEY = 'muster-updates-read';

/** The last update that was on this screen; only its number is kept. */
const last: { seq: Seq } = $state({ seq: kept() });

function kept(): Seq {
  try {
    return Number(localStorage.getItem(KEY) ?? 0);
  } catch {
    return 0;
  }
}

/** Returns how many updates nobody has looked at on this phone. */
export function unread(room: Room<'phone'>): number {
  return room.rows.of('log').filter(({ seq }) => seq > last.seq).length;
}

/** Says that everything told so far was on the screen. */
export function readAll(room: Room<'phone'>): void {
  const newest = room.rows.of('log').at(-1);
  if (newest) keep(newest.seq);
}

/** Forgets what was read: the next person on this phone has read nothing. */
export function forgetRead(): void {
  keep(0);
}

function keep(seq: Seq): void {
  last.seq = seq;
  try {
    localStorage.setItem(KEY, String(seq));
  } catch {
    // A phone that keeps nothing counts anew after a reload.
  }
}
