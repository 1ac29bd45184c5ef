// A phone whose browser stores nothing, clears its storage, or crashes during use (E30).
import { assert, deskRows, live, until, WAIT_MS } from './stage.mjs';

export const name = 'what a phone keeps';

const SIZE = { width: 390, height: 844 };
const CANNOT = 'This phone cannot keep changes by itself';

export const tests = [
  {
    name: 'a browser without storage shows a warning before anybody types, and still sends',
    async run(stage) {
      const page = await stage.open(SIZE, 'phone');
      await page.addInitScript(() => {
        Object.defineProperty(window, 'indexedDB', { value: undefined });
      });
      await page.goto(`${stage.origin}/m#/mine`);
      await page.getByText(CANNOT).waitFor();
      await live(page);
      const words = 'Nothing is kept here';
      await reports(page, stage, words);
      await until('the desk has it', () => isTold(stage, words));
    },
  },
  {
    name: 'a phone whose storage is cleared without signal says so, and loses nothing that it shows',
    async run(stage) {
      const page = await stage.open(SIZE, 'phone');
      await page.goto(`${stage.origin}/m#/mine`);
      await live(page);
      await signal(page, false);
      const [first, second] = ['Told before it was emptied', 'Told after it was emptied'];
      await reports(page, stage, first);
      const browser = await page.context().newCDPSession(page);
      const what = { origin: stage.origin, storageTypes: 'indexeddb' };
      await browser.send('Storage.clearDataForOrigin', what);
      await reports(page, stage, second);
      await page.getByText(CANNOT).waitFor();
      await page.goto(`${stage.origin}/m#/outbox`);
      await page.getByText('2 changes wait here').waitFor();
      assert(!(await isTold(stage, first)), 'it was sent without a signal');
      await signal(page, true);
      await page.getByText('All changes sent.').waitFor({ timeout: 2 * WAIT_MS });
      for (const words of [first, second]) {
        await until(`the desk has: ${words}`, () => isTold(stage, words));
      }
    },
  },
  {
    name: 'a page that crashes still has what it reported as stored',
    async run(stage) {
      const page = await stage.open(SIZE, 'phone');
      await page.goto(`${stage.origin}/m#/mine`);
      await live(page);
      await page.route('**/commands', (route) => route.abort('internetdisconnected'));
      const words = 'Told by a page that died';
      await reports(page, stage, words);
      await page.locator('.act', { hasText: 'on phone' }).first().waitFor();
      const again = await page.context().newPage();
      const died = page.waitForEvent('crash');
      void page.goto('chrome://crash').catch(() => undefined);
      await died;
      await again.goto(`${stage.origin}/m#/outbox`);
      await again.getByText('All changes sent.').waitFor({ timeout: 2 * WAIT_MS });
      await until('the desk has it', () => isTold(stage, words));
    },
  },
];

/** Turns the signal off or on. */
async function signal(page, has) {
  await page.context().setOffline(!has);
  if (has) await page.unroute('**/commands');
  else await page.route('**/commands', (route) => route.abort('internetdisconnected'));
}

/** Reports trouble with a person in these words. */
async function reports(page, stage, words) {
  const { person } = (await deskRows(stage)).find(({ row }) => row === 'desk_person');
  await page.goto(`${stage.origin}/m#/trouble/${person}`);
  await page.getByLabel('In your words, if there is time').fill(words);
  await page.getByRole('button', { name: 'Problem with the crew' }).click();
  await page.waitForURL(`**/m#/person/${person}`);
}

/** Returns whether the desk shows it, exactly once. */
async function isTold(stage, words) {
  const lines = (await deskRows(stage)).filter(
    ({ row, text }) => row === 'desk_log' && text.includes(words),
  );
  assert(lines.length <= 1, `${words}: ${lines.length} times`);
  return lines.length === 1;
}
