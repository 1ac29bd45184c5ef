import type { Fate } from './outbox-store';
import type { Command } from './wire/command';
import type { RoomOutbox } from './room-outbox.svelte';

/** Sends a command and waits for its outcome: for plans, which can be refused. */
export async function answerTo(outbox: RoomOutbox, command: Command): Promise<Fate> {
  const { n } = await outbox.send(command);
  return new Promise((resolve) => {
    const stop = $effect.root(() => {
      $effect(() => {
        const fate = outbox.items.find((one) => one.n === n)?.fate;
        if (fate?.is !== 'sent' && fate?.is !== 'saved' && fate?.is !== 'refused') return;
        resolve(fate);
        stop();
      });
    });
  });
}
