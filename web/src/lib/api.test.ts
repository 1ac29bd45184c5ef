import { expect, it } from 'vitest';
import { openApi } from './api';
import type { World } from './world';

it('I-22: rows are asked for from the last entry on that this device was told of', async () => {
  const asked: string[] = [];
  const world = {
    after: () => () => undefined,
    fetch: (path: string) => {
      asked.push(path);
      return Promise.resolve(Response.json({ to: 7 }));
    },
  } as unknown as World;
  const rows = await openApi('desk', world).rows('0b5e', 7);
  expect(rows.to).toBe(7);
  expect(asked).toEqual(['/api/rooms/0b5e/rows?audience=desk&after=7']);
});
