import { assert, clean, PAGES, until } from './stage.mjs';

export const name = 'faces';

export const tests = [
  {
    name: 'every link opens its own face, and leaves no secret in the address',
    async run(stage) {
      for (const [face, page] of Object.entries(stage.faces)) {
        const url = new URL(page.url());
        assert(url.pathname === PAGES[face], `${face} is at ${url.pathname}`);
        const secret = new URL(stage.links[face]).hash;
        assert(!url.hash.includes(secret.slice(1)), `${face} keeps the secret in its address`);
        await until(`${face} is live`, async () => /live/i.test(await page.innerText('body')));
      }
    },
  },
  {
    name: 'a link that is not known or not whole says so in words',
    async run(stage) {
      for (const [hash, words] of [
        ['#nobody-knows-this', 'Nobody knows this link'],
        ['', 'The link is not whole'],
      ]) {
        const page = await stage.open({ width: 390, height: 844 });
        await page.goto(`${stage.origin}/join${hash}`);
        await page.getByText(words).waitFor();
        await page.context().close();
      }
    },
  },
  {
    name: 'a face without a login says how to get in',
    async run(stage) {
      for (const path of Object.values(PAGES)) {
        const page = await stage.open({ width: 390, height: 844 });
        await page.goto(`${stage.origin}${path}`);
        await until(`${path} says how to get in`, async () =>
          /link/i.test(await page.innerText('body')),
        );
        await page.context().close();
      }
    },
  },
  {
    name: 'the wall never receives a name',
    async run(stage) {
      const [wall, names] = await Promise.all([
        stage.faces.wall.innerText('body'),
        stage.faces.phone
          .goto(`${stage.origin}/m#/everyone`)
          .then(() => stage.faces.phone.locator('.rows .name').allTextContents()),
      ]);
      assert(names.length > 50, `the phone lists ${names.length} people`);
      assert(!names.includes(''), 'everybody on the phone has a name');
      for (const person of names) assert(!wall.includes(person), `the wall shows ${person}`);
    },
  },
  ...Object.keys(PAGES).map((face) => ({
    name: `axe finds nothing on the ${face}`,
    async run(stage) {
      await clean(stage.faces[face], face);
    },
  })),
  {
    name: 'axe finds nothing on the phone: person, door check, trouble, outbox, sign-on',
    async run(stage) {
      const page = stage.faces.phone;
      await page.goto(`${stage.origin}/m#/mine`);
      const href = await page.locator('article h2 a').getAttribute('href');
      const id = href.split('/').at(-1);
      for (const view of [`person/${id}`, `door/${id}`, `arrival/${id}`, `trouble/${id}`]) {
        await page.goto(`${stage.origin}/m#/${view}`);
        await page.locator('h1').waitFor();
        await clean(page, view);
      }
      for (const view of ['everyone', 'outbox', 'sign-on']) {
        await page.goto(`${stage.origin}/m#/${view}`);
        await page.locator('h1').waitFor();
        await clean(page, view);
      }
    },
  },
  {
    name: 'the phone reflows at 320 pixels without scrolling sideways',
    async run(stage) {
      const page = stage.faces.phone;
      await page.setViewportSize({ width: 320, height: 640 });
      for (const view of ['mine', 'everyone', 'outbox', 'sign-on']) {
        await page.goto(`${stage.origin}/m#/${view}`);
        await page.locator('h1').waitFor();
        // A name as long as a name can be, in the card and in the rows.
        await page.locator('h2 a, .rows .name').evaluateAll((names) => {
          for (const one of names) one.textContent = 'Wilhelmina Featherstonehaugh-Applegarden';
        });
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert(width <= 320, `${view} is ${width} pixels wide`);
      }
      await page.setViewportSize({ width: 390, height: 844 });
      await page.reload();
    },
  },
];
