import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import type { Fate, Item } from './outbox-store';
import { answerTo } from './room-answer.svelte';
import { RoomOutbox } from './room-outbox.svelte';
import { RowStore } from './rows.svelte';
import { settle } from './testing/chance';

const world = { now: () => 0, after: () => () => undefined, drawn: () => undefined };

test('a caller waits until the room has answered, and not longer', async () => {
  const outbox = new RoomOutbox('desk', new RowStore(world, 0));
  const item = { n: 7, fate: { is: 'on_phone' } } as Item;
  outbox.send = () => Promise.resolve(item);
  const become = async (fate: Fate): Promise<void> => {
    outbox.items = [
      { ...item, n: 6, fate: { is: 'saved', seq: 1, at: 0 } },
      { ...item, fate },
    ];
    flushSync();
    await settle();
  };
  let answer: Fate | null = null;
  void answerTo(outbox, { kind: 'close_door' }).then((fate) => (answer = fate));
  await become({ is: 'on_phone' });
  await become({ is: 'sending' });
  expect(answer).toBeNull();
  await become({ is: 'sent', seq: 9, at: 1 });
  expect(answer).toEqual({ is: 'sent', seq: 9, at: 1 });
  await become({ is: 'saved', seq: 9, at: 1 });
  expect(answer).toEqual({ is: 'sent', seq: 9, at: 1 });
});
