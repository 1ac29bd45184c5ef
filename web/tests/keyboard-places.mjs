// Destinations and the premises by keyboard alone: the directory of homes, and declaring the premises
// cleared.
import { join } from 'node:path';
import { enter, focus, kept, tab, tabTo, type } from './keys.mjs';
import { assert, deskRows, startServer, submit, until } from './stage.mjs';

export const name = 'places by keyboard';

const FILE = '16_April_2026_CQC_directory.csv';
const FOLDER = join(import.meta.dirname, '..', '..', 'tests', 'directory');

export const tests = [
  {
    name: 'a file of homes is uploaded, and a home is found, opened and added to the room',
    async run(stage) {
      const desk = await tab(stage, '7', 'Homes');
      await desk.locator('.count', { hasText: /\d+\s+homes?/ }).waitFor();
      if ((await desk.getByText('The directory is empty.').count()) > 0) await bringIn(desk);
      await type(desk, /^Name, street/, 'sunfield');
      await desk.keyboard.press('Enter');
      await desk.locator('.count', { hasText: /^\s*1\s+home\b/ }).waitFor();
      await enter(desk, /^Sunfield/);
      const detail = desk.getByRole('complementary', { name: 'One home' });
      await detail.waitFor();
      await until('the name has the focus', async () => /^Sunfield/.test(await focus(desk)));
      const here = async () =>
        (await deskRows(stage)).some((row) => row.row === 'home' && /^Sunfield/.test(row.name));
      await enter(desk, /^Add to this room$/);
      await kept(
        desk,
        'it is in the room',
        here,
        detail.getByText('In this room', { exact: true }),
      );
      await desk.keyboard.press('Escape');
      await detail.waitFor({ state: 'detached' });
      await kept(desk, 'the home is closed', () => true);
      assert(/^Sunfield/.test(await focus(desk)), `the hand is at ${await focus(desk)}`);
    },
  },
  {
    name: 'a list of vacancies is uploaded',
    async run(stage) {
      const desk = await tab(stage, '7', 'Homes');
      await desk.locator('.count', { hasText: /\d+\s+homes?/ }).waitFor();
      if ((await desk.getByText('The directory is empty.').count()) > 0) await bringIn(desk);
      let chooser = null;
      desk.once('filechooser', (asked) => (chooser = asked));
      await enter(desk, /^Bring in a vacancy list$/);
      await tabTo(desk, /^Any spreadsheet with homes/);
      await desk.keyboard.press('Enter');
      await until('a file is asked for', () => chooser !== null);
      await chooser.setFiles(join(FOLDER, 'vacancies.csv'));
      await type(desk, /^Whose list$/, 'Harbourshire council');
      await type(desk, /^Day of the list$/, '08/05/2026');
      await enter(desk, /^Bring in the list$/);
      await kept(desk, 'it is read', () => true, desk.getByText(/\d homes? of the list found/));
    },
  },
  {
    name: 'the premises are declared cleared except for one who stays, and then completely',
    async run(stage) {
      // A separate room, because nobody is left in it afterwards.
      const { server, links } = await startServer();
      const page = await stage.open({ width: 1440, height: 900 });
      const own = { desk: page, links, faces: { desk: page }, origin: new URL(links.desk).origin };
      try {
        await page.goto(links.desk);
        await page.locator('tbody tr').first().waitFor();
        const [stays, ...others] = (await deskRows(own)).filter(
          ({ place }) => place === 'at_the_home',
        );
        const plan = { side: 'exceptional', reason: 'Dies at home', until: null };
        await submit(own, { kind: 'start_side_plan', person: stays.person, plan });
        const leave = ({ person }) => ({
          kind: 'depart_service_user',
          person,
          home: null,
          vehicle: null,
        });
        await submitAll(own, others.map(leave));
        await claim(own, 'cleared_except', 'Premises cleared, with exceptions.');
        await submit(own, leave(stays));
        await claim(own, 'cleared', 'Premises cleared.');
      } finally {
        server.removeAllListeners('exit');
        server.kill();
        await page.context().close();
      }
    },
  },
];

/** Fills the directory from a file of the regulator. */
async function bringIn(desk) {
  let chooser = null;
  desk.once('filechooser', (asked) => (chooser = asked));
  await tabTo(desk, /^The file, as it was downloaded/);
  await desk.keyboard.press('Enter');
  await until('a file is asked for', () => chooser !== null);
  await chooser.setFiles(join(FOLDER, FILE));
  await enter(desk, /^Bring it in$/);
  const files = desk.getByRole('region', { name: 'Where this comes from' });
  await kept(desk, 'it is read', () => true, files.getByText('16 April 2026').first());
}

/** Sends many commands from the desk, in as few requests as the room accepts. */
async function submitAll(own, commands) {
  const AT_ONCE = 50;
  for (let at = 0; at < commands.length; at += AT_ONCE) {
    const fates = await own.desk.evaluate(
      async ([room, part]) => {
        const answer = await fetch(`/api/rooms/${room}/commands`, {
          method: 'POST',
          headers: { 'x-muster-face': 'desk', 'content-type': 'application/json' },
          body: JSON.stringify({
            commands: part.map((one) => ({ id: crypto.randomUUID(), do: one })),
          }),
        });
        return (await answer.json()).fates.map(({ fate }) => fate.is);
      },
      [own.links.room, commands.slice(at, at + AT_ONCE)],
    );
    assert(new Set(fates).size === 1 && fates[0] === 'ok', `the room says ${fates.join()}`);
  }
}

/** Declares the premises cleared, and waits until the room shows it. */
async function claim(own, stage, words) {
  const desk = await tab(own, '9', 'Incident');
  await enter(desk, /^Claim the premises cleared$/);
  await type(desk, /^Swept by$/, 'The fire warden');
  await type(desk, /^And by$/, 'The night nurse');
  await desk.keyboard.press('Enter');
  const is = async () =>
    (await deskRows(own)).find(({ row }) => row === 'desk_incident').stage === stage;
  await kept(desk, words, is, desk.getByText(words, { exact: true }));
}
