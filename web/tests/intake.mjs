import { assert, clean, deskRows, until } from './stage.mjs';

export const name = 'intake';

const FIRST = [
  'Lantern Court: late additions,,,,',
  'Room,Name,D.O.B,NHS No.,Funding',
  '71,Margaret Oakenshaw,03/04/1938,999 012 3474,SF',
  '72,Hettie Larkrise,02/11/1934,,CHC',
  '73,Hettie Larkryse,02/11/1934,,CHC',
  '74,Mr & Mrs Dunnockby,18/04/1932 & 02/12/1934,,SF',
  '75,Percy Fernleigh,13/09/24,,SF',
  'Total,6,,,',
  '',
].join('\n');

const SECOND = [
  'Room,Name,D.O.B,NHS No.,Funding',
  '81,Margaret Oakenshaw,03/04/1938,,SF',
  '72,Hettie Larkrise,02/11/1934,,CHC',
  '',
].join('\n');

/** Opens the view and chooses a file. */
async function begin(stage, name, text) {
  const { desk } = stage.faces;
  await desk.goto(`${stage.origin}/desk#/import`);
  await desk.getByRole('heading', { level: 1, name: 'Import a list' }).waitFor();
  const another = desk.getByRole('button', { name: /Import another list|Start again/ });
  if ((await another.count()) > 0) await another.click();
  await desk
    .getByLabel('Spreadsheet or CSV file')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await desk.getByRole('heading', { name: 'What will happen' }).waitFor();
  return desk;
}

const people = async (stage) => (await deskRows(stage)).filter(({ row }) => row === 'desk_person');

/** Waits until the server has answered the last choice. */
const settled = (desk) =>
  until('the answer', async () => (await desk.locator('.rest.busy').count()) === 0);

export const tests = [
  {
    name: 'a list is previewed, settled by keyboard, and imported with counts that add up',
    async run(stage) {
      const before = (await people(stage)).length;
      const desk = await begin(stage, 'additions.csv', FIRST);
      await desk.getByText('6 rows').first().waitFor();
      await desk.getByText('1 nobody (sums, headings, remarks)').first().waitFor();
      await clean(desk, 'the import, a list looked at');
      assert((await people(stage)).length === before, 'looking changes nothing');

      // The usual meanings are offered, and only a person can accept them.
      const usual = desk.getByRole('button', { name: 'Say yes to 2 usual meanings' });
      await usual.focus();
      await desk.keyboard.press('Enter');
      await desk.getByText('0 not explained').waitFor();
      await settled(desk);

      // Two spellings of one person: settled at the row, by keyboard.
      const pair = desk.getByRole('group', { name: /who may be the same/ }).first();
      await pair.getByText('Hettie Larkrise').waitFor();
      await pair.getByRole('button', { name: 'Same person' }).focus();
      await desk.keyboard.press('Enter');
      await desk.getByText('1 the same person as another row').first().waitFor();
      await settled(desk);
      await desk.getByRole('button', { name: /^All rows/ }).click();
      await desk.getByText('Mr Dunnockby', { exact: true }).waitFor();
      await desk.getByText('Mrs Dunnockby', { exact: true }).waitFor();
      await clean(desk, 'the import, settled');

      await desk.getByRole('button', { name: 'Take in 5 people' }).click();
      const done = desk.getByRole('heading', { name: 'The list is in the room' });
      await done.waitFor();
      await until('the heading has the focus', () =>
        done.evaluate((one) => one === document.activeElement),
      );
      await desk.getByText('Every screen shows it.').waitFor();
      await clean(desk, 'the import, done');
      const after = await people(stage);
      assert(after.length === before + 5, `${before} and then ${after.length}`);
      const born = after.find(({ name: one }) => one === 'Percy Fernleigh');
      assert(born.date_of_birth === null, 'a year that may be of either century is asked about');
    },
  },
  {
    name: 'a later list shows both values and changes only what a person accepted',
    async run(stage) {
      if (!(await people(stage)).some(({ name: one }) => one === 'Margaret Oakenshaw')) {
        const first = await begin(stage, 'additions.csv', FIRST);
        await first.getByRole('button', { name: /^Take in/ }).click();
        await first.getByRole('heading', { name: 'The list is in the room' }).waitFor();
      }
      const desk = await begin(stage, 'later.csv', SECOND);
      await desk.getByText('1 in the room, with differences').first().waitFor();
      await desk.getByRole('button', { name: /^Different/ }).click();
      const choice = desk.getByLabel('Bedroom of Margaret Oakenshaw');
      await choice.waitFor();
      assert((await choice.inputValue()) === 'take', 'nobody changed it by hand');
      await clean(desk, 'the import, a later list');
      await choice.selectOption('leave');
      await desk.getByRole('button', { name: 'Nothing to take in' }).waitFor();
      await settled(desk);
      await choice.selectOption('take');
      await desk.getByRole('button', { name: 'Take in 0 people and 1 difference' }).click();
      await desk.getByRole('heading', { name: 'The list is in the room' }).waitFor();
      const rows = await people(stage);
      const moved = rows.find(({ name: one }) => one === 'Margaret Oakenshaw');
      assert(moved.bedroom === '81', `bedroom ${moved.bedroom}`);
      const stored = await desk.evaluate(async () => {
        const kept = await Promise.all(
          (await caches.keys()).map(async (key) => (await (await caches.open(key)).keys()).length),
        );
        return JSON.stringify({ ...localStorage, ...sessionStorage }) + kept.join();
      });
      assert(!/Oakenshaw|intake/.test(stored), 'nothing of a list is kept in the browser');
    },
  },
  {
    name: 'a file that is not a list is rejected with an explanation, and no content of it is shown',
    async run(stage) {
      const { desk } = stage.faces;
      await desk.goto(`${stage.origin}/desk#/import`);
      await desk.getByRole('heading', { level: 1, name: 'Import a list' }).waitFor();
      const again = desk.getByRole('button', { name: /Import another list|Start again/ });
      if ((await again.count()) > 0) await again.click();
      await desk.getByLabel('Spreadsheet or CSV file').setInputFiles({
        name: 'residents.xlsx',
        mimeType: 'application/octet-stream',
        buffer: Buffer.from('PK\x03\x04 this is no workbook', 'latin1'),
      });
      await desk.getByRole('alert').getByText('The spreadsheet is damaged').waitFor();
      assert((await desk.getByText('What will happen').count()) === 0, 'nothing is shown');
      await clean(desk, 'the import, a file that cannot be read');
      await desk.getByRole('button', { name: 'Start again' }).click();
    },
  },
];
