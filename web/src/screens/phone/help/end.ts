import type { Room } from '../../../lib/room.svelte';
import type { OwnCall } from './call';

/** Ends a call, in words that the room keeps. A call that the room refused is dismissed. */
export async function endCall(room: Room<'phone'>, call: OwnCall, words: string): Promise<void> {
  const item = room.outbox.items.find(({ envelope }) => envelope.id === call.call);
  if (call.refused !== null && item) {
    room.outbox.dismiss(item);
    return;
  }
  await room.send({ kind: 'end_help', call: call.call, words });
}
