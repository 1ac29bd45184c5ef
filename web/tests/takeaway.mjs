import { readFile } from 'node:fs/promises';
import { assert, clean, deskRows, until } from './stage.mjs';

export const name = 'take away';

export const tests = [
  {
    name: 'each file is saved by keyboard, the log records it, and axe finds nothing',
    async run(stage) {
      const { desk } = stage.faces;
      await open(stage);
      await clean(desk, 'take away');
      const files = desk.locator('main li');
      assert((await files.count()) === 5, 'there are five files');
      await files.first().getByRole('button').click();
      await desk.getByText('Say what the file is for').waitFor();
      assert(
        await desk
          .getByLabel('What it is for')
          .evaluate((field) => field === document.activeElement),
        'the field that is missing has the focus',
      );
      await clean(desk, 'take away with an error');
      await desk.keyboard.type('browser test');
      for (let at = 0; at < 5; at += 1) {
        const button = files.nth(at).getByRole('button');
        await button.focus();
        const saving = desk.waitForEvent('download');
        await desk.keyboard.press('Enter');
        const saved = await saving;
        const file = saved.suggestedFilename();
        assert(/^muster_\w+_[\d-]+_\d+_entry-\d+\.(csv|xlsx|jsonl)$/.test(file), file);
        const bytes = await readFile(await saved.path());
        assert(bytes.length > 200, `${file} holds something`);
        await files.nth(at).getByText(`Saved as ${file}`).waitFor();
      }
      await until('the log tells of all five', async () => {
        const rows = await deskRows(stage);
        const told = rows.filter(({ text }) => text?.includes('for: browser test.'));
        return told.length === 5;
      });
      await clean(desk, 'take away with its answers');
    },
  },
  {
    name: 'a file that cannot be fetched is explained in words, and nothing is saved',
    async run(stage) {
      const { desk } = stage.faces;
      await open(stage);
      await desk.getByLabel('What it is for').fill('browser test');
      await desk.route('**/exports/*', (route) => route.abort());
      await desk.locator('main li').first().getByRole('button').click();
      await desk.getByText('The room cannot be reached from here').waitFor();
      await desk.unroute('**/exports/*');
    },
  },
];

async function open(stage) {
  const { desk } = stage.faces;
  await desk.goto(`${stage.origin}/desk#/takeaway`);
  await desk.reload();
  await desk.getByRole('heading', { level: 1, name: 'Take away', exact: true }).waitFor();
}
