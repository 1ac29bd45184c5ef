import { join } from 'node:path';
import { assert, clean, deskRows, until } from './stage.mjs';

export const name = 'homes';

const FILES = join(import.meta.dirname, '..', '..', 'tests', 'directory');

export const tests = [
  {
    name: 'an empty directory says what to do, and a CQC file fills it',
    async run(stage) {
      const desk = await open(stage);
      await desk.getByText('The directory is empty.').waitFor();
      await clean(desk, 'the empty directory');
      const files = desk.getByRole('region', { name: 'Where this comes from' });
      const form = files.locator('details', { hasText: 'Bring in a CQC file' });
      await form.getByLabel('The file, as it was downloaded').setInputFiles({
        name: 'notes.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('Room,Surname\n1,Ellis\n'),
      });
      await form.getByRole('button', { name: 'Bring it in' }).click();
      await files.getByText('No row with the column names of a CQC file was found.').waitFor();
      await bringIn(desk);
      await clean(desk, 'the directory, filled');
    },
  },
  {
    name: 'the nearest homes come first, a vacancy shows its age, and two registrations are one choice',
    async run(stage) {
      const desk = await filled(stage);
      await desk.getByLabel('Near this postcode').fill('PO6 4CV');
      await desk.getByLabel('Within').selectOption('20');
      await desk.getByRole('button', { name: 'Search', exact: true }).click();
      const rows = desk.getByRole('region', { name: 'Homes found, table' }).locator('tbody tr');
      await until('the homes near by are found', async () => (await rows.count()) > 3);
      const first = await rows.first().innerText();
      assert(first.includes('Ashlea') && first.includes('less than a mile'), first);
      assert(/4 said vacant, \d+ days old - not verified/.test(first), first);
      const twin = await rows.filter({ hasText: 'Sunfield' }).innerText();
      assert(twin.includes('2 registrations') && twin.includes('2 said vacant'), twin);
      const other = await rows.filter({ hasText: 'Birchmere' }).innerText();
      assert(other.includes('vacancy not known') && other.includes('beds not known'), other);
      await desk.getByLabel('Near this postcode').fill('BT1 1AA');
      await desk.getByRole('button', { name: 'Search', exact: true }).click();
      await desk.getByRole('alert').getByText('Northern Ireland').waitFor();
      await clean(desk, 'a search that cannot be done');
    },
  },
  {
    name: 'a home is found, opened and added to the room once, by keyboard',
    async run(stage) {
      const desk = await filled(stage);
      const field = desk.getByLabel('Name, street, telephone, CQC id');
      await field.focus();
      await desk.keyboard.type('ashlea');
      await desk.keyboard.press('Enter');
      await desk.locator('.count', { hasText: /^\s*1\s+home\b/ }).waitFor();
      const link = desk.getByRole('button', { name: 'Ashlea', exact: true });
      await link.focus();
      await desk.keyboard.press('Enter');
      const detail = desk.getByRole('complementary', { name: 'One home' });
      const heading = detail.getByRole('heading', { name: 'Ashlea' });
      await heading.waitFor();
      await until('the name has the focus', () =>
        heading.evaluate((one) => one === document.activeElement),
      );
      const text = await detail.innerText();
      for (const words of [
        '01632 960026',
        '1-990000001',
        'CQC file of 16 April 2026',
        'Phone before you count on it.',
      ])
        assert(text.includes(words), `${words} is not in: ${text}`);
      await clean(desk, 'one home');
      await desk.keyboard.press('Tab');
      await desk.keyboard.press('Tab');
      await desk.keyboard.press('Enter');
      await detail.getByText('In this room', { exact: true }).waitFor();
      const added = (await deskRows(stage)).filter(
        (row) =>
          row.row === 'home' &&
          row.telephone === '01632 960026' &&
          row.registered_for[0] === 'general_nursing',
      );
      assert(
        added.some((row) => row.address?.includes('PO6 4CV')),
        JSON.stringify(added),
      );
      assert(
        (await detail.getByRole('button', { name: 'Add to this room' }).count()) === 0,
        'once',
      );
      await desk.keyboard.press('Escape');
      await detail.waitFor({ state: 'detached' });
      const row = desk
        .getByRole('region', { name: 'Homes found, table' })
        .locator('tbody tr')
        .first();
      assert((await row.innerText()).includes('in this room'), await row.innerText());
    },
  },
];

/** Uploads a file of the regulator and a list of vacancies. */
async function bringIn(desk) {
  const files = desk.getByRole('region', { name: 'Where this comes from' });
  const form = files.locator('details', { hasText: 'Bring in a CQC file' });
  await form
    .getByLabel('The file, as it was downloaded')
    .setInputFiles(join(FILES, '16_April_2026_CQC_directory.csv'));
  await form.getByRole('button', { name: 'Bring it in' }).click();
  await files.getByText('11 homes and home care agencies out of 13 rows').waitFor();
  await files.getByText('16 April 2026').first().waitFor();
  const list = files.locator('details', { hasText: 'Bring in a vacancy list' });
  await list.locator('summary').click();
  await list.getByLabel('Any spreadsheet').setInputFiles(join(FILES, 'vacancies.csv'));
  await list.getByLabel('Whose list').fill('Harbourshire council');
  await list.getByLabel('Day of the list').fill('08/05/2026');
  await list.getByRole('button', { name: 'Bring in the list' }).click();
  await files.getByText('2 homes of the list found').waitFor();
}

/** Opens the view with a filled directory, whatever tests ran before. */
async function filled(stage) {
  const desk = await open(stage);
  if ((await desk.getByText('The directory is empty.').count()) === 0) return desk;
  await bringIn(desk);
  return open(stage);
}

async function open(stage) {
  const { desk } = stage.faces;
  // Visit another view first, so that the search starts afresh.
  await desk.goto(`${stage.origin}/desk#/log`);
  await desk.getByRole('heading', { level: 1, name: 'Log', exact: true }).waitFor();
  await desk.goto(`${stage.origin}/desk#/homes`);
  await desk.getByRole('heading', { level: 1, name: 'Homes', exact: true }).waitFor();
  await desk.locator('.count', { hasText: /\d+\s+homes?/ }).waitFor();
  return desk;
}
