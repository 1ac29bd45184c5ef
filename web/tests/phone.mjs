import { assert, clean, deskRows, submit, until } from './stage.mjs';

export const name = 'phone';

export const tests = [
  {
    name: 'the face can be added to the home screen',
    async run(stage) {
      const { phone } = stage.faces;
      await phone.goto(`${stage.origin}/m#/mine`);
      const href = await phone.locator('link[rel=manifest]').getAttribute('href');
      const told = await phone.evaluate(async (path) => {
        const answer = await fetch(path);
        return { kind: answer.headers.get('content-type'), manifest: await answer.json() };
      }, href);
      assert(told.kind === 'application/manifest+json', `the manifest is ${told.kind}`);
      assert(told.manifest.display === 'standalone', 'it opens in a browser tab');
      const apple = await phone.locator('link[rel=apple-touch-icon]').getAttribute('href');
      const icons = [...told.manifest.icons, { src: apple, sizes: '180x180' }];
      for (const { src, sizes } of icons) {
        const size = await phone.evaluate(async (path) => {
          const image = await createImageBitmap(await (await fetch(path)).blob());
          return `${image.width}x${image.height}`;
        }, src);
        assert(size === sizes, `${src} is ${size}`);
      }
    },
  },
  {
    name: 'an update counts as unread until somebody reads it',
    async run(stage) {
      const { phone } = stage.faces;
      await phone.goto(`${stage.origin}/m#/updates`);
      await phone.getByRole('heading', { name: 'Updates' }).waitFor();
      await phone.goto(`${stage.origin}/m#/mine`);
      await until('nothing is unread', async () => (await phone.locator('.unread').count()) === 0);
      const show = { wall: false, phones: true, directors: false };
      const text = 'The side door is open from now on.';
      await submit(stage, { kind: 'add_log_line', text, person: null, show });
      await phone.locator('.unread', { hasText: '1' }).waitFor();
      await phone.getByRole('link', { name: /Updates/ }).click();
      await phone.getByText(text).waitFor();
      await until('it is read', async () => (await phone.locator('.unread').count()) === 0);
      await phone.reload();
      await phone.getByText(text).waitFor();
      assert((await phone.locator('.unread').count()) === 0, 'a reload forgets what was read');
    },
  },
  {
    name: 'one tap on the roster covers for a member, and one ends it',
    async run(stage) {
      const { phone } = stage.faces;
      await phone.goto(`${stage.origin}/m#/team`);
      const take = phone.getByRole('button', { name: /^I'm covering/ }).first();
      const who = (await take.getAttribute('aria-label')).replace("I'm covering ", '');
      await take.click();
      await phone.getByText(`You are covering ${who}`).waitFor();
      await clean(phone, 'team, covering');
      const covering = async () =>
        (await deskRows(stage)).some((row) => row.row === 'desk_member' && row.covers.length > 0);
      await until('the desk sees the cover', covering);
      await phone.getByRole('button', { name: `${who} is back` }).click();
      await until('the desk sees that it ended', async () => !(await covering()));
    },
  },
  {
    name: 'axe finds nothing on the lazily loaded views: more, team, updates',
    async run(stage) {
      const { phone } = stage.faces;
      for (const view of ['more', 'team', 'updates']) {
        await phone.goto(`${stage.origin}/m#/${view}`);
        await phone.locator('h1').waitFor();
        await clean(phone, view);
      }
    },
  },
  {
    // Must be last: nobody is logged in on the phone afterwards.
    name: 'a phone is cleared before it is handed over, and not while commands are unsent',
    async run(stage) {
      const { phone } = stage.faces;
      await phone.goto(`${stage.origin}/m#/everyone`);
      const id = (await phone.locator('.rows a').nth(30).getAttribute('href')).split('/').pop();
      await phone.context().setOffline(true);
      await phone.route('**/commands', (route) => route.abort('internetdisconnected'));
      await phone.goto(`${stage.origin}/m#/trouble/${id}`);
      await phone.getByRole('button', { name: 'Unwell' }).click();
      await phone.goto(`${stage.origin}/m#/more`);
      await phone.getByText('1 change is not sent yet.').waitFor();
      const button = phone.getByRole('button', { name: 'Hand over this phone' });
      assert((await button.count()) === 0, 'it can be handed over with an unsent change');

      await phone.unroute('**/commands');
      await phone.context().setOffline(false);
      await button.waitFor({ timeout: 30_000 });
      await button.click();
      await phone.route('**/api/logout', (route) => route.abort('internetdisconnected'));
      await phone.getByRole('button', { name: 'Yes, empty this phone' }).click();
      await phone.getByText('No answer from the room, so nothing was done').waitFor();
      await phone.unroute('**/api/logout');
      await phone.getByRole('button', { name: 'Yes, empty this phone' }).click();
      await phone.getByText('This phone is empty.').waitFor();
      await until('the phone keeps nothing', async () => (await kept(phone)) === 0);
      await phone.reload();
      await phone.getByRole('heading', { name: 'Not in a room' }).waitFor();
      await clean(phone, 'handed over');
    },
  },
];

/** Counts the people and commands stored on the phone's disk. */
function kept(page) {
  return page.evaluate(async () => {
    const count = (name, store) =>
      new Promise((resolve, reject) => {
        const asked = indexedDB.open(name);
        asked.onerror = () => reject(asked.error);
        asked.onsuccess = () => {
          const db = asked.result;
          const counted = db.transaction(store).objectStore(store).count();
          counted.onerror = () => reject(counted.error);
          counted.onsuccess = () => {
            db.close();
            resolve(counted.result);
          };
        };
      });
    return (
      (await count('muster-keep-phone', 'keep')) + (await count('muster-outbox-phone', 'outbox'))
    );
  });
}
