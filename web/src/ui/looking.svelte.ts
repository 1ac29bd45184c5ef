import type { ClientFrame } from '../lib/wire/frame';
import type { PersonId } from '../lib/wire/id';
import type { Room } from '../lib/room.svelte';

/** Debounce: walking down a list opens many panels in a second, and only the last is sent. */
const STAYS_MS = 400;

/**
 * Tells the desks whose panel is open on this screen, for as long as it is, and again after each reconnect.
 * Call it while a component initializes.
 */
export function looking(room: Pick<Room, 'me' | 'link'>, person: () => PersonId): void {
  const say = (frame: ClientFrame): void => {
    // A connecting socket cannot send.
    if (room.link.state.is === 'live') room.link.line?.say(frame);
  };
  $effect(() => {
    const { me } = room;
    const at = person();
    if (me === null || room.link.state.is !== 'live') return;
    const timer = setTimeout(() => {
      say({ t: 'look', room: me.room, person: at });
    }, STAYS_MS);
    return () => {
      clearTimeout(timer);
    };
  });
  $effect(() => () => {
    if (room.me !== null) say({ t: 'look', room: room.me.room });
  });
}
