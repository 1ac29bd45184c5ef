// The wall and the sitrep: in every state, at every size, and during recovery.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boardRows, pretend } from './board.mjs';
import { assert, clean, startServer, until } from './stage.mjs';

export const name = 'boards';

const WALLS = [
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
  { width: 1080, height: 1920 },
  { width: 1366, height: 768 },
];
const CROWDS = [
  { count: 62 },
  { count: 500 },
  { count: 500, long: true },
  { count: 62, staff: 2 },
  { count: 62, help: 3 },
];
const REFERENCE = /\b[A-Z][2346-9][A-Z]\b/;

/** Opens a face that shows an invented room. */
async function show(stage, face, size, { link = 'live', ...room } = {}) {
  const page = await stage.open(size);
  await pretend(page, face, { put: boardRows({ face, ...room }), link });
  await page.goto(`${stage.origin}/${face}`);
  await page.locator(face === 'wall' ? '.wall' : '.sheet').waitFor();
  return page;
}

/** Returns the elements that overflow their boxes. */
async function spilt(page) {
  return page.evaluate(() => {
    const parts =
      'header, header *, .hero, .lanes, .lane, .lane ul, .chip, aside, .panel, .panel li, footer';
    const root = document.documentElement;
    // Glyphs overflow their line slightly; allow two pixels on a wall of 1920, and rounding on a small one.
    const slack = Math.max(2, Number.parseFloat(getComputedStyle(root).fontSize) / 8);
    const page =
      root.scrollWidth > innerWidth || root.scrollHeight > innerHeight ? ['the page'] : [];
    const cut = [...document.querySelectorAll(parts)].filter((part) => {
      const style = getComputedStyle(part);
      if (part.closest('svg') || part.classList.contains('visually-hidden')) return false;
      // Long free text may end in an ellipsis; everything else must fit.
      if (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') return false;
      if (style.display === 'inline') return false;
      return (
        part.scrollHeight > part.clientHeight + slack || part.scrollWidth > part.clientWidth + slack
      );
    });
    const low = [...document.querySelectorAll('aside .panel, .lane')].filter((part) => {
      const box = part.getBoundingClientRect();
      const around = part.closest('aside, .lanes').getBoundingClientRect();
      return box.bottom > around.bottom + 1 || box.right > around.right + 1;
    });
    return [...page, ...[...cut, ...low].map((part) => `${part.tagName}.${part.className}`)];
  });
}

/** Waits until everything fits; reports what does not. */
async function fits(page, what) {
  let cut = [];
  const looked = until('it fits', async () => {
    cut = await spilt(page);
    return cut.length === 0;
  });
  await looked.catch(() => assert(false, `does not fit at ${what}: ${cut.join(', ')}`));
}

/** Returns the sum of the lanes' numbers, and the register as shown on the bar. */
async function sums(page) {
  const lanes = await page.locator('.lane .count').allInnerTexts();
  const bar = await page.locator('.census .sum b').innerText();
  return [lanes.reduce((sum, number) => sum + Number(number), 0), Number(bar)];
}

async function wallFits(stage, size) {
  for (const crowd of CROWDS) {
    for (const state of ['everything', 'visitor']) {
      const page = await show(stage, 'wall', size, crowd);
      if (state === 'visitor') await page.keyboard.press('v');
      const what = `${size.width}x${size.height} ${JSON.stringify(crowd)} ${state}`;
      await fits(page, what);
      const [lanes, bar] = await sums(page);
      assert(lanes === crowd.count && bar === crowd.count, `${what}: ${lanes} and ${bar} people`);
      await page.context().close();
    }
  }
}

/** Counts how often a page was loaded. */
function loads(page) {
  let count = 0;
  page.on('domcontentloaded', () => {
    count += 1;
  });
  return () => count;
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const isLive = async (page) => (await page.locator('.link-state.live').count()) === 1;

export const tests = [
  ...WALLS.map((size) => ({
    name: `the wall fits ${size.width}x${size.height}, with 62 and with 500 people, and its counts add up`,
    run: (stage) => wallFits(stage, size),
  })),
  {
    name: 'the wall fits at its largest and smallest size',
    async run(stage) {
      const page = await show(stage, 'wall', WALLS[0], { count: 500, long: true });
      for (const button of ['Larger', 'Smaller']) {
        const step = page.getByRole('button', { name: button });
        while (await step.isEnabled()) await step.click();
        await fits(page, button);
      }
      await page.context().close();
    },
  },
  {
    name: 'a wall zoomed to 400% becomes a page: nothing scrolls sideways or is cut off, and its counts add up',
    async run(stage) {
      for (const width of [320, 640]) {
        for (const crowd of [
          { count: 62, help: 1 },
          { count: 500, long: true },
        ]) {
          const size = { width, height: width * 0.8 };
          const page = await show(stage, 'wall', size, crowd);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert(wide <= width, `${wide} pixels wide at ${width}`);
          const cut = (await spilt(page)).filter((part) => part !== 'the page');
          assert(cut.length === 0, `${width}, ${crowd.count} people: ${cut.join(', ')}`);
          const [lanes, bar] = await sums(page);
          assert(lanes === crowd.count && bar === crowd.count, `${lanes} and ${bar} people`);
          if (width === 320 && !crowd.long) await clean(page, 'the wall as a page');
          await page.context().close();
        }
      }
    },
  },
  {
    name: 'before there is a register, the wall and the sitrep say so',
    async run(stage) {
      for (const face of ['wall', 'sitrep']) {
        const page = await show(stage, face, WALLS[0], { count: 0, staff: 0 });
        await page.getByText('Nobody is on the register yet.').waitFor();
        await clean(page, `${face} before the register`);
        await page.context().close();
      }
    },
  },
  {
    name: 'with a visitor in the room the wall shows only counts, across a reload, until lifted on purpose',
    async run(stage) {
      const page = await show(stage, 'wall', WALLS[0], { count: 62 });
      const shown = () => page.evaluate(() => document.documentElement.outerHTML);
      assert(REFERENCE.test(await page.innerText('.lanes')), 'references stand on the wall');
      await page.keyboard.press('v');
      await page.getByText('Counts only', { exact: true }).waitFor();
      assert(!REFERENCE.test(await shown()), 'a reference is left in the page');
      assert(!/bedroom/i.test(await shown()), 'a bedroom is left in the page');
      await page.reload();
      await page.getByText('Counts only', { exact: true }).waitFor();
      assert(!REFERENCE.test(await shown()), 'a reference is in the page after a reload');
      await page.keyboard.press('v');
      assert(!REFERENCE.test(await shown()), 'a second press lifts it');
      await page.getByRole('button', { name: 'Visitor has left' }).click();
      assert(!REFERENCE.test(await shown()), 'the first of two taps lifts it');
      await page.getByRole('button', { name: 'Keep counts only' }).click();
      await page.keyboard.down('v');
      await until('holding the key lifts it', async () => REFERENCE.test(await shown()));
      await page.keyboard.up('v');
      await page.context().close();
    },
  },
  ...['live', 'read_only', 'silent'].map((link) => ({
    name: `axe finds nothing on the wall by day, by night and with a visitor: ${link}`,
    async run(stage) {
      const page = await show(stage, 'wall', WALLS[0], { count: 62, link });
      if (link === 'silent')
        await page
          .getByText(/^Not live/)
          .first()
          .waitFor();
      if (link === 'read_only') await page.getByText('Read only').waitFor();
      await clean(page, 'day');
      await page.keyboard.press('n');
      await clean(page, 'night');
      await page.keyboard.press('v');
      await clean(page, 'visitor at night');
      await page.context().close();
    },
  })),
  {
    name: 'the sitrep says that commands are not accepted, and axe finds nothing',
    async run(stage) {
      const page = await show(stage, 'sitrep', { width: 390, height: 844 }, { link: 'read_only' });
      await page.getByText('Read only: nothing is taken at the moment').waitFor();
      await clean(page, 'read only');
      await page.context().close();
    },
  },
  {
    name: 'the sitrep reflows at 320 and 390 pixels with 500 people and long words',
    async run(stage) {
      for (const width of [320, 390, 1200]) {
        const page = await show(
          stage,
          'sitrep',
          { width, height: 844 },
          { count: 500, long: true },
        );
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert(wide <= width, `${wide} pixels wide at ${width}`);
        await clean(page, `sitrep at ${width}`);
        await page.context().close();
      }
    },
  },
  {
    name: 'the sitrep prints on two A4 pages at most, tagged, and addresses no reader',
    async run(stage) {
      for (const room of [{ count: 62 }, { count: 500, long: true }]) {
        const page = await show(stage, 'sitrep', { width: 1200, height: 900 }, room);
        const words = await page.innerText('.sheet');
        assert(!/\byou(r)?\b/i.test(words), 'the sitrep says "you"');
        // Paper shows only the sheet: anything beyond the chart's edge would be cut off.
        const cut = await page.locator('svg[role=img]').evaluateAll((charts) =>
          charts.flatMap((chart) => {
            const { right } = chart.getBoundingClientRect();
            const labels = [...chart.querySelectorAll('text')];
            const over = (label) => label.getBoundingClientRect().right > right + 1;
            return labels.filter(over).map(({ textContent }) => textContent);
          }),
        );
        assert(cut.length === 0, `cut off on paper: ${cut.join(', ')}`);
        const pdf = (await page.pdf({ preferCSSPageSize: true, tagged: true })).toString('latin1');
        const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
        assert(pages === 1 || pages === 2, `${pages} pages for ${JSON.stringify(room)}`);
        assert(/\/MarkInfo\s*<<[^>]*\/Marked true/.test(pdf), 'the print is not tagged');
        await page.context().close();
      }
    },
  },
  {
    name: 'a call for help is prominent on the wall, by initials and role, and as a count for a visitor',
    async run(stage) {
      const page = await show(stage, 'wall', WALLS[0], { count: 62, help: 2 });
      const alert = page.getByRole('alert');
      for (const words of ['Help called', 'Resident unwell', 'NOT ANSWERED', 'answered by SO']) {
        assert((await alert.innerText()).includes(words), `"${words}" is not there`);
      }
      await clean(page, 'help');
      await page.keyboard.press('v');
      await until('it is a count', async () => /^Help called\s+2$/.test(await alert.innerText()));
      await page.context().close();
    },
  },
  {
    name: 'every part of the sitrep adds up to the register',
    async run(stage) {
      const page = await show(stage, 'sitrep', { width: 1200, height: 900 }, { count: 500 });
      for (const title of ['places-title', 'stages-title']) {
        const table = page.locator(`section[aria-labelledby=${title}] table`);
        const numbers = await table.locator('tbody .num').allInnerTexts();
        const sum = numbers.reduce((total, number) => total + Number(number), 0);
        assert(sum === Number(await table.locator('tfoot .num').innerText()), `${title}: ${sum}`);
      }
      await page.context().close();
    },
  },
  {
    name: 'a wall recovers by itself when its server is killed and restarted',
    async run(stage) {
      const folder = await mkdtemp(join(tmpdir(), 'muster-wall-'));
      const flags = ['--port', String(await freePort()), '--data', folder];
      let { server, links } = await startServer(flags);
      const page = await stage.open(WALLS[0]);
      try {
        await page.goto(links.wall);
        await until('the wall is live', () => isLive(page));
        const entry = await page.locator('.lanes').innerText();
        server.removeAllListeners('exit');
        server.kill('SIGKILL');
        await until('it says that it is not live', async () =>
          /Not live/.test(await page.innerText('header')),
        );
        ({ server } = await startServer(flags));
        await until('it is live again', () => isLive(page), 30_000);
        assert((await page.locator('.lanes').innerText()) === entry, 'it shows the same people');
      } finally {
        server.removeAllListeners('exit');
        server.kill();
        await page.context().close();
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
  {
    name: 'a wall without a heartbeat for a minute reloads, unless it could not read its rows afterwards',
    async run(stage) {
      const page = await stage.open(WALLS[0]);
      await pretend(page, 'wall', { put: boardRows({ face: 'wall' }), link: 'silent' });
      await page.clock.install();
      const count = loads(page);
      // A running node that has lost its database: it recognizes the screen, and cannot show it anything.
      let away = false;
      let refused = 0;
      await page.route('**/api/rooms/*/rows*', (route) => {
        if (!away) return route.fallback();
        refused += 1;
        return route.fulfill({ status: 503, contentType: 'application/json', body: '{}' });
      });
      await page.goto(`${stage.origin}/wall`);
      await page.locator('.wall').waitFor();
      await until('it has its rows', async () => (await page.locator('.wall h1').count()) > 0);
      away = true;
      await page.clock.runFor(300_000);
      await until('it looked whether it would be given rows', () => refused > 0);
      assert(count() === 1, 'it keeps what it has while there is nothing to be had');
      away = false;
      await until('it loads itself again', async () => {
        await page.clock.runFor(2_000);
        return count() > 1;
      });
      await page.context().close();
    },
  },
  {
    name: 'a wall whose script fails to load reloads itself',
    async run(stage) {
      const page = await stage.open(WALLS[0]);
      await pretend(page, 'wall', { put: boardRows({ face: 'wall' }) });
      let broken = 1;
      await page.route('**/assets/main-*.js', (route) => {
        broken -= 1;
        return broken >= 0 ? route.abort() : route.continue();
      });
      await page.goto(`${stage.origin}/wall`);
      await until('the wall is live', () => isLive(page));
      assert(broken < 0, 'the script was fetched a second time');
      await page.context().close();
    },
  },
];
