import type { Kept, Shown } from './keep';
import type { Seq } from './wire/id';

/** Minimum time between two writes of a phone's rows to disk. */
const KEEP_MS = 3_000;

/**
 * Writes the shown rows to the phone's disk, throttled to every few seconds; returns a function that stops
 * it.
 */
export function keepRows(room: Shown, save: (kept: Kept) => Promise<void>): () => void {
  const { store, clock } = room;
  let written: Seq | null = null;
  const look = () => {
    const { cursor } = store;
    const { me } = room;
    if (cursor && cursor.seq !== written && me && room.link.state.is !== 'ended') {
      written = cursor.seq;
      const rows = {
        room: me.room,
        audience: room.face,
        from: 0,
        to: cursor.seq,
        tag: cursor.tag,
        put: store.shown(),
        del: [],
      };
      save({ me, rows, offset: clock.offset }).then(
        () => room.outbox.box?.kept(cursor.seq),
        // The device is full, or its storage was cleared while the page is open: try again.
        () => (written = null),
      );
    }
    cancel = clock.world.after(KEEP_MS, look);
  };
  let cancel = clock.world.after(0, look);
  return () => {
    cancel();
  };
}
