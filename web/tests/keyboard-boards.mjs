// The wall and the sitrep by keyboard alone: every control.
import { boardRows, pretend } from './board.mjs';
import { enter, focus, kept, tabTo } from './keys.mjs';
import { assert, until } from './stage.mjs';

export const name = 'boards by keyboard';

export const tests = [
  {
    name: 'the wall is reduced to counts and restored, dimmed and resized, through Tab alone',
    async run(stage) {
      const page = await stage.open({ width: 1920, height: 1080 });
      await pretend(page, 'wall', { put: boardRows({ face: 'wall', count: 62 }) });
      await page.goto(`${stage.origin}/wall`);
      await page.locator('.wall').waitFor();
      const root = (name) =>
        page.evaluate((one) => document.documentElement.classList.contains(one), name);
      await enter(page, /^Visitor in room/);
      const counts = page.getByText('Counts only', { exact: true });
      await kept(page, 'counts only', () => true, counts);
      await enter(page, /^Visitor has left$/);
      const lift = page.getByRole('button', { name: 'Show everything' });
      await kept(page, 'it is asked once more', () => true, lift);
      await enter(page, /^Show everything$/);
      await counts.waitFor({ state: 'detached' });
      await kept(page, 'everything is shown', () => true);
      await enter(page, /^Night/);
      await kept(page, 'it is night', () => root('night'));
      const size = () =>
        page.evaluate(() => document.documentElement.style.getPropertyValue('--wall-size'));
      const before = await size();
      await tabTo(page, /^Smaller$/);
      // To the limit and beyond: a button that becomes disabled must not lose the focus.
      for (let press = 0; press < 5; press += 1) await page.keyboard.press('Enter');
      await kept(page, 'it is smaller', async () => Number(await size()) < Number(before));
      await enter(page, /^Larger$/);
      await kept(page, 'it is larger', async () => (await size()) !== '0.8');
    },
  },
  {
    name: 'the sitrep is printed, and its table is opened',
    async run(stage) {
      const page = await stage.open({ width: 1200, height: 900 });
      await pretend(page, 'sitrep', { put: boardRows({ face: 'sitrep', count: 62 }) });
      await page.goto(`${stage.origin}/sitrep`);
      await page.locator('.sheet').waitFor();
      await page.evaluate(() => {
        window.printed = 0;
        window.print = () => (window.printed += 1);
      });
      await enter(page, /^Print$/);
      await until('the printer was asked', () => page.evaluate(() => window.printed === 1));
      const table = page.locator('details').first();
      const words = (await table.locator('summary').innerText()).trim();
      await tabTo(page, new RegExp(words.slice(0, 12)));
      await page.keyboard.press('Enter');
      await kept(page, 'the table is open', () => table.evaluate((one) => one.open));
      assert((await focus(page)) !== '', 'the focus is lost');
    },
  },
];
