import { expect, it } from 'vitest';
import { ApiError, NotTheServer, openApi } from './api';
import type { World } from './world';

it('I-22: a rows request names the last entry acknowledged to this device', async () => {
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

/** A network in which something other than the server answers every request. */
function way(answer: () => Response): World {
  return { after: () => () => undefined, fetch: () => Promise.resolve(answer()) } as never;
}

const page = '<html><h1>Access denied</h1></html>';

it('P-66: a refusal from a filter on the network does not log anybody out', async () => {
  for (const status of [401, 403, 404, 407, 422, 502, 503]) {
    const api = openApi(
      'phone',
      way(() => new Response(page, { status })),
    );
    const error: unknown = await api.me().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotTheServer);
    expect(error).not.toBeInstanceOf(ApiError);
  }
  const portal = openApi(
    'phone',
    way(() => new Response(page)),
  );
  await expect(portal.me()).rejects.toThrow(SyntaxError);
  const other = openApi(
    'phone',
    way(() => Response.json({ error: 7 }, { status: 403 })),
  );
  await expect(other.me()).rejects.toBeInstanceOf(NotTheServer);
});

it('a refusal from the server counts, and so does a 413 from a proxy', async () => {
  const said = { error: 'no_login', words: 'This device is not signed in here.' };
  const out = openApi(
    'phone',
    way(() => Response.json(said, { status: 401 })),
  );
  await expect(out.me()).rejects.toMatchObject({ shut: true, words: said.words });
  const large = openApi(
    'desk',
    way(() => new Response(page, { status: 413 })),
  );
  await expect(large.me()).rejects.toMatchObject({ status: 413, code: 'too_large' });
});

it('a poll returns the server time, and no rows when nothing has changed', async () => {
  const headers = { date: 'Sun, 22 Nov 2026 03:12:00 GMT' };
  const asked: string[] = [];
  const world = {
    after: () => () => undefined,
    fetch: (path: string) => {
      asked.push(path);
      return Promise.resolve(new Response(null, { status: 204, headers }));
    },
  } as unknown as World;
  const at = { seq: 7, tag: '00000000000000ff' };
  const polled = await openApi('wall', world).poll('0b5e', at, 7);
  expect(polled).toEqual({ rows: null, time: Date.UTC(2026, 10, 22, 3, 12) });
  expect(asked).toEqual(['/api/rooms/0b5e/rows?audience=wall&after=7&at=7.00000000000000ff']);
});
