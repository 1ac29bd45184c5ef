import { assert, clean, deskRows, PAGES, submit, until } from './stage.mjs';

export const name = 'faces';

/** Records every later frame and HTTP response of the room that a page receives. */
function listen(page) {
  const received = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => received.push(String(payload)));
  });
  page.on('response', async (answer) => {
    // A response cut off by a reload was never received.
    if (answer.url().includes('/api/')) received.push(await answer.text().catch(() => ''));
  });
  return received;
}

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
    name: 'an unknown or incomplete link shows an explanation',
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
    name: 'a face without a login shows how to log in',
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
      const boards = ['wall', 'sitrep'];
      const received = boards.map((face) => listen(stage.faces[face]));
      for (const face of boards) {
        await stage.faces[face].reload();
        await until(`${face} is live`, async () =>
          /live/i.test(await stage.faces[face].innerText('body')),
        );
      }
      const words = 'Quillon has the chair';
      const show = { wall: true, phones: false, directors: true };
      await submit(stage, { kind: 'add_log_line', text: words, person: null, show });
      for (const said of received) {
        await until('the line is shown', () => said.some((text) => text.includes(words)));
      }
      const before = received.map((said) => said.length);
      // The line comes first, and then a person is registered under that name.
      const people = (await deskRows(stage)).filter(({ row }) => row === 'desk_person');
      const { person, card } = people.at(-1);
      const change = { known_as: 'Quillon' };
      await submit(stage, { kind: 'change_service_user', person, change }, card);
      const instead = 'This line names somebody: it is on the desk.';
      for (const [at, face] of boards.entries()) {
        const since = () => received[at].slice(before[at]);
        await until(`${face} has other words`, () => since().some((one) => one.includes(instead)));
        const painted = () => stage.faces[face].innerText('body');
        await until(
          `${face} shows other words`,
          async () => !(await painted()).includes('Quillon'),
        );
        await stage.faces[face].reload();
        await until(`${face} is live again`, async () => /live/i.test(await painted()));
        assert(!since().some((one) => one.includes('Quillon')), `${face} was sent it again`);
        assert(!(await painted()).includes('Quillon'), `${face} shows it again`);
      }
      const names = people.flatMap(({ name }) => [name, name.split(' ').at(-1)]);
      assert(people.length > 50 && !names.includes(''), `the desk lists ${people.length} people`);
      for (const [at, face] of boards.entries()) {
        const painted = await stage.faces[face].innerText('body');
        for (const said of [...received[at], painted]) {
          const told = names.find((one) => said.toLowerCase().includes(one.toLowerCase()));
          assert(told === undefined, `${face} received ${told}: ${said.slice(0, 200)}`);
        }
      }
    },
  },
  {
    name: 'a time outside the calendar breaks no face',
    async run(stage) {
      for (const at of [-9e15, 9e15]) {
        for (const [face, known] of Object.entries(stage.faces)) {
          // A page with an empty store, so that it fetches every row.
          const page = await stage.open(known.viewportSize());
          await page.context().addCookies(await known.context().cookies());
          await page.route('**/api/rooms/*/rows*', async (route) => {
            const answer = await route.fetch();
            if (answer.status() !== 200) return route.fulfill({ response: answer });
            return route.fulfill({ response: answer, json: spoilt(await answer.json(), at) });
          });
          const before = stage.complaints.length;
          // The phone shows the deadline on a separate page.
          await page.goto(`${stage.origin}${face === 'phone' ? '/m#/more' : PAGES[face]}`);
          await until(`${face} is live`, async () => /live/i.test(await page.innerText('body')));
          await until(`${face} says that a time is unknown`, async () =>
            /unknown time/i.test(await page.innerText('body')),
          );
          const thrown = stage.complaints.slice(before);
          assert(thrown.length === 0, `${face} threw: ${thrown.join('; ')}`);
          await page.context().close();
        }
      }
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
        // A name of maximum length, in the card and in the rows.
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

/** The fields of rows that hold a time. */
const TIMES = new Set(
  (
    'at,until,since,received,recorded,claimed_at,opened_at,planned_end,last_act,due_at,asked_at,left_at,' +
    'ended_at,answered_at,leaves_at,arrives_at,arrived_at'
  ).split(','),
);

/** Returns the rows with every time replaced: a journal could hold it, whatever the server accepts. */
function spoilt(value, at) {
  if (Array.isArray(value)) return value.map((one) => spoilt(one, at));
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    TIMES.has(name) && typeof field === 'number' ? at : spoilt(field, at),
  ]);
  return Object.fromEntries(fields);
}
