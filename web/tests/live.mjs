import { assert, clean, deskPerson, openPerson, until } from './stage.mjs';

export const name = 'live';

export const tests = [
  {
    name: 'one tap on the phone changes the wall, the desk and the sitrep',
    async run(stage) {
      const { phone, wall, desk, sitrep } = stage.faces;
      await desk.goto(`${stage.origin}/desk#/residents`);
      const before = await count(sitrep, 'on the way');
      const reference = await openPerson(stage, 0);
      const began = Date.now();
      await phone.getByRole('button', { name: 'Left' }).click();
      await until('the wall shows the person on the way', async () =>
        (await wall.locator('section[aria-label="On the way"]').innerText()).includes(reference),
      );
      await until('the desk shows the person on the way', async () =>
        /on the way/i.test(await desk.locator('tr', { hasText: reference }).first().textContent()),
      );
      await until(
        'the sitrep counts one more on the way',
        async () => (await count(sitrep, 'on the way')) === before + 1,
      );
      console.log(`  # seen everywhere after ${Date.now() - began} ms`);
      await phone.getByText('Not met, recorded').waitFor();
    },
  },
  {
    name: 'a desk shows who is connected and who looks at the same resident',
    async run(stage) {
      const { desk, phone } = stage.faces;
      const reference = await openPerson(stage, 0);
      const { person } = await deskPerson(stage, reference);
      await desk.goto(`${stage.origin}/desk#/residents/${person}`);
      const panel = desk.getByRole('complementary', { name: 'One resident' });
      await panel.getByText(/ is looking at this$/).waitFor();
      await clean(desk, 'the panel of somebody who is looked at');
      await phone.goto(`${stage.origin}/m#/mine`);
      await until(
        'nobody else looks any more',
        async () => (await panel.getByText(/ looking at this$/).count()) === 0,
      );
      await desk.goto(`${stage.origin}/desk#/team`);
      await desk.getByRole('heading', { name: /^Members \d+, connected: [1-9]/ }).waitFor();
      await desk.goto(`${stage.origin}/desk#/residents`);
    },
  },
  {
    name: 'a fact is saved, and its fate is shown',
    async run(stage) {
      const { phone } = stage.faces;
      const reference = await openPerson(stage, 1);
      await phone.getByRole('button', { name: 'Left' }).click();
      await phone.locator('.act.saved', { hasText: 'Left' }).waitFor();
      assert((await deskPerson(stage, reference)).place === 'on_the_way', 'the room knows it');
      // "Arrived" replaces "Left" in the same place: a nervous second tap does not count, a later one does.
      const arrived = phone.getByRole('button', { name: 'Arrived' });
      await until('the room knows the arrival', async () => {
        // In one step: between a check and a tap the button may have gone.
        await arrived.evaluateAll((buttons) => buttons.forEach((one) => one.click()));
        return (await deskPerson(stage, reference)).place === 'arrived';
      });
    },
  },
  {
    name: 'a refused plan says what is missing and stays until it is read',
    async run(stage) {
      const { phone } = stage.faces;
      await openPerson(stage, 2);
      await phone.getByRole('button', { name: 'Declare ready' }).click();
      await phone
        .getByRole('alert')
        .filter({ hasText: /can supply it|not/i })
        .waitFor();
      const read = phone.locator('#main').getByRole('button', { name: 'I have read it' });
      await read.click();
      await until('the refusal is gone', async () => (await read.count()) === 0);
    },
  },
  {
    name: 'signing on and checking in reach the desk',
    async run(stage) {
      const { phone } = stage.faces;
      await phone.goto(`${stage.origin}/m#/sign-on`);
      await phone.locator('input[name=site]').first().waitFor();
      await phone.getByRole('button', { name: 'Sign on' }).click();
      await phone.getByText('On site since').waitFor();
      await phone.getByRole('button', { name: 'I am well' }).click();
      await phone.getByText(/Checked in \d\d:\d\d/).waitFor();
      await phone.getByRole('button', { name: 'Sign off site' }).click();
      await phone.getByText('Sign-off asked.').waitFor();
    },
  },
];

/** Returns the number in the first row of a table that begins with these words. */
async function count(page, words) {
  const row = page.locator('tr', { hasText: new RegExp(`^\\s*${words}`, 'i') }).first();
  await row.waitFor();
  return Number(/(\d+)/.exec(await row.innerText())?.[1]);
}
