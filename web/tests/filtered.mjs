// A network with a filter (E31): it blocks sockets, refuses requests with a page of its own, or responds
// with a page in place of a file. The filter is a real nginx.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeWorld, comesIn, openWorld } from './proxy.mjs';
import { assert, until } from './stage.mjs';

export const name = 'a network in the way';

let open = null;

/** Closes what the tests have opened. */
export async function close() {
  if (open) await closeWorld(open);
  open = null;
}

export const tests = [
  {
    name: 'where sockets are blocked every face polls, and says that it is not live',
    async run() {
      open = await openWorld('filter');
      open.phone = await comesIn(open, 'phone', '/m', 'nurse');
      open.desk = await comesIn(open, 'desk', '/desk', 'lead');
      open.wall = await comesIn(open, 'wall', '/wall');
      const { phone, desk, wall } = open;
      await phone.getByText('Not live. Changes are sent.').waitFor();
      for (const face of [desk, wall]) {
        await face
          .getByText(/^Not live, as at \d\d:\d\d/)
          .first()
          .waitFor();
      }
      await phone.goto(`${open.origin}/m#/help`);
      await phone.getByRole('button', { name: 'I need the room' }).click();
      await phone.getByRole('heading', { name: 'The room has your call' }).waitFor();
      // The desk receives it with its next poll.
      const call = desk.getByText('Ignatius phone').first();
      await call.waitFor();
      await wall.getByText(/help/i).first().waitFor();
      await phone.getByRole('button', { name: /it is over/ }).click();
      await phone.getByRole('button', { name: 'I need the room' }).waitFor();
    },
  },
  {
    name: 'a filter that refuses every request logs nobody out and refuses no fact',
    async run() {
      const { phone, desk, wall } = open;
      const worker = () => phone.evaluate(() => navigator.serviceWorker.controller !== null);
      await phone.reload();
      await until('the phone opens without signal', worker);
      turnAway('closed', true);
      await phone.getByText('No signal. Keep working.').waitFor();
      await phone.goto(`${open.origin}/m#/help`);
      await phone.getByRole('button', { name: 'I need the room' }).click();
      await phone.getByRole('heading', { name: /NOT SENT/ }).waitFor();
      await phone.reload();
      await phone.getByRole('heading', { name: /NOT SENT/ }).waitFor();
      for (const face of [desk, wall]) {
        assert((await face.getByText('not in a room').count()) === 0, 'a face was logged out');
      }
      turnAway('closed', false);
      await phone.getByRole('heading', { name: 'The room has your call' }).waitFor();
      await desk.getByText('Ignatius phone').first().waitFor();
      await phone.getByRole('button', { name: /it is over/ }).click();
      await phone.getByText('Not live. Changes are sent.').waitFor();
    },
  },
  {
    name: "a portal's page in place of a file is never cached as a phone's page",
    async run() {
      turnAway('closed', false);
      turnAway('portal', true);
      const other = await comesIn(open, 'phone', '/m', 'nurse');
      await until('the worker was tried', () =>
        other.evaluate(async () => {
          const found = await navigator.serviceWorker.getRegistration();
          return found === undefined || (found.installing === null && found.active === null);
        }),
      );
      const kept = () => other.evaluate(async () => (await caches.keys()).length);
      assert((await kept()) === 0, 'the phone keeps what a portal said');
      turnAway('portal', false);
      await other.reload();
      await until('the phone keeps its page', async () => (await kept()) === 1);
      const pages = await other.evaluate(async () => {
        const cache = await caches.open((await caches.keys())[0]);
        const types = await Promise.all(
          (await cache.keys()).map(async (one) => {
            const answer = await cache.match(one);
            return `${new URL(one.url).pathname} ${answer.headers.get('content-type')}`;
          }),
        );
        return types.filter((one) => one.includes('text/html'));
      });
      assert(pages.join() === '/m text/html; charset=utf-8', pages.join('\n'));
    },
  },
];

/** Turns the filter's refusals on or off. */
function turnAway(what, on) {
  const file = join(open.folder, what);
  if (on) writeFileSync(file, '');
  else rmSync(file, { force: true });
}
