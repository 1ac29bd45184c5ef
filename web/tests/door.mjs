import { assert, clean, deskRows, until } from './stage.mjs';

export const name = 'door';

const PHONE = { width: 390, height: 844 };

export const tests = [
  {
    name: 'a pasted roster, a door code and one batch admit people, each with their roles',
    async run(stage) {
      const { desk } = stage.faces;
      await desk.goto(`${stage.origin}/desk#/door`);
      await desk.getByRole('heading', { level: 1, name: 'Getting in' }).waitFor();
      await desk
        .getByLabel('Paste a roster')
        .fill('Name\tRole\nTamsin Okoro\tTransport\nBram Vellacott\tNamed social worker\n\tNobody');
      await desk.getByText('no name is on this line').waitFor();
      await desk.getByRole('button', { name: 'Expect 2 people' }).click();
      await desk.locator('.expected').getByText('Bram Vellacott', { exact: true }).waitFor();
      await desk.getByRole('button', { name: 'Open the door' }).click();
      const code = await desk.locator('.code b').innerText();
      await desk.getByAltText('QR code').waitFor();
      await clean(desk, 'getting in, with the door open');

      const pages = [];
      for (const who of ['vellacott BRAM', 'Tamsin Okoro', 'Somebody Else']) {
        const page = await stage.open(PHONE);
        await page.goto(`${stage.origin}/door`);
        if (pages.length === 0) await clean(page, 'the door on a phone');
        await page.getByLabel('Door code').fill(code.toLowerCase());
        await page.getByLabel('Your name').fill(who);
        await page.getByRole('button', { name: 'Ask to come in' }).click();
        await page.getByRole('heading', { name: 'You are at the door' }).waitFor();
        pages.push(page);
      }
      await pages[0].reload();
      await pages[0].getByRole('heading', { name: 'You are at the door' }).waitFor();
      await desk.getByText('not on the roster').waitFor();
      await clean(desk, 'three at the door');
      await desk.getByRole('button', { name: 'Let 2 people in' }).click();
      await pages[0].waitForURL('**/m*');
      await pages[1].waitForURL('**/m*');
      const members = (await deskRows(stage)).filter((row) => row.row === 'desk_member');
      const bram = members.find((row) => row.name === 'vellacott BRAM');
      assert(bram.roles.join() === 'named_sw', `the roster's role, and not ${bram.roles}`);
      assert(bram.ceiling === 'code', 'by the code');

      await desk.getByRole('button', { name: 'Turn away' }).click();
      await pages[2].getByRole('heading', { name: 'You were not let in' }).waitFor();
      await clean(pages[2], 'turned away');
      for (const page of pages) await page.context().close();
    },
  },
  {
    name: 'a link made on the desk opens a phone, once',
    async run(stage) {
      const { desk } = stage.faces;
      await desk.goto(`${stage.origin}/desk#/door`);
      const form = desk.locator('section', { hasText: 'A link for one person or screen' });
      await form.getByLabel('Name', { exact: true }).fill('Clementine Oakapple');
      await form.getByLabel('Nurse', { exact: true }).check();
      await form.getByRole('button', { name: 'Make the link' }).click();
      const made = form.getByLabel('The link');
      const link = await made.inputValue();
      const inSight = (field) => field.getBoundingClientRect().bottom <= innerHeight;
      await until('the link stands in sight', () => made.evaluate(inSight));
      for (const works of [true, false]) {
        const page = await stage.open(PHONE);
        await page.goto(link);
        if (works) await page.waitForURL('**/m*');
        else
          await page.getByRole('heading', { name: 'This link does not open the room' }).waitFor();
        await page.context().close();
      }
    },
  },
  {
    name: 'cover takes one tap, and the roles revert when it ends',
    async run(stage) {
      const { desk } = stage.faces;
      await desk.goto(`${stage.origin}/desk#/door`);
      const covers = desk.locator('section', { hasText: 'One tap gives you' });
      await covers
        .getByRole('button', { name: /I'm covering for/ })
        .first()
        .click();
      const back = covers.getByRole('button', { name: /is back$/ });
      await back.waitFor();
      const { covers: held } = (await deskRows(stage)).find((row) => row.covers?.length > 0);
      assert(held.length === 1, 'one is covered');
      await back.click();
      await until('nobody covers', async () =>
        (await deskRows(stage)).every((row) => (row.covers?.length ?? 0) === 0),
      );
    },
  },
];
