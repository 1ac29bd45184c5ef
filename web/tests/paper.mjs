import { assert, clean, deskRows, until } from './stage.mjs';

export const name = 'paper';

export const tests = [
  {
    name: 'packs are numbered, printed without a name on the slip, and returned',
    async run(stage) {
      const { desk } = stage.faces;
      await desk.evaluate(() => {
        window.printed = 0;
        window.print = () => {
          window.printed += 1;
        };
      });
      await desk.goto(`${stage.origin}/desk#/paper`);
      await desk.getByRole('heading', { level: 1, name: 'Paper' }).waitFor();
      const people = (await deskRows(stage)).filter((row) => row.row === 'desk_person');
      const [one, two] = people;
      await desk.getByLabel('What', { exact: true }).selectOption('one');
      await desk.getByLabel('References').fill(`${one.reference} ZZZ`);
      await desk.getByText('Nobody on the register is ZZZ.').waitFor();
      await desk.getByLabel('References').fill(`${one.reference}, ${two.reference}`);
      await desk.getByLabel(/With NHS number/).check();
      await desk.getByRole('button', { name: 'Number and print 2' }).click();
      await until('the printer was asked', () => desk.evaluate(() => window.printed === 1));
      const packs = (await deskRows(stage)).filter((row) => row.row === 'pack');
      assert(packs.length === 2, `two packs, and not ${packs.length}`);
      const sheets = await desk.locator('.print-only article').allTextContents();
      assert(sheets.length === 4, 'a sheet and a slip each');
      for (const sheet of sheets) {
        const slip = sheet.includes('Movement slip');
        const code = packs.find((pack) => sheet.includes(pack.code));
        const whose = people.find(({ person }) => person === code.person);
        assert(slip !== sheet.includes(whose.name), 'the name is on the sheet and not on the slip');
      }
      const pdf = await desk.pdf({ preferCSSPageSize: true });
      const pages = pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g).length;
      assert(pages === 4, `one side of A4 each, and not ${pages} pages`);
      await clean(desk, 'paper, with two packs out');

      await desk.getByLabel('Code on the slip').fill(packs[0].code.toLowerCase());
      const named = people.find(({ person }) => person === packs[0].person);
      await desk.getByText(`${named.reference}, ${named.bedroom}`).first().waitFor();
      await desk.getByLabel('Code on the slip').fill('P1Z');
      await desk.getByText('No pack of this room has that code.').waitFor();

      await desk.getByLabel(`Choose ${packs[1].code}`).check();
      await desk.getByRole('button', { name: 'Back', exact: true }).click();
      await desk.getByText('2 numbered: 1 out, 1 back').waitFor();
    },
  },
];
