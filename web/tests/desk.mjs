import { assert, clean, deskRows, submit, until } from './stage.mjs';

export const name = 'desk';

export const tests = [
  {
    name: 'axe finds nothing on the person panel with every form open, nor on team and log',
    async run(stage) {
      const { desk } = stage.faces;
      const { person } = await somebodyAtHome(stage);
      const panel = await openPanel(stage, person);
      await clean(desk, 'the person panel');
      await openAll(panel);
      await clean(desk, 'the person panel with its forms');
      for (const [view, title] of [
        ['team', 'Team and sign-ins'],
        ['log', 'Log'],
      ]) {
        await desk.goto(`${stage.origin}/desk#/${view}`);
        await desk.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
        await openAll(desk.locator('main'));
        await clean(desk, view);
      }
    },
  },
  {
    name: 'a person can be found, opened and acted on by keyboard',
    async run(stage) {
      const { desk } = stage.faces;
      const { name: words } = await somebodyAtHome(stage);
      await desk.goto(`${stage.origin}/desk#/residents`);
      await desk.locator('tbody tr').first().waitFor();
      await desk.keyboard.press('/');
      assert(
        await desk.getByRole('searchbox').evaluate((box) => box === document.activeElement),
        'the search has the focus',
      );
      await desk.keyboard.type(words);
      await until('one row is left', async () => (await desk.locator('tbody tr').count()) === 1);
      await tabTo(desk, 'a link to the person', { selector: 'tbody a' });
      await desk.keyboard.press('Enter');
      const heading = desk.locator('aside h2');
      await heading.waitFor();
      await until('the name has the focus', () =>
        heading.evaluate((one) => one === document.activeElement),
      );
      await tabTo(desk, 'the form of the register', { selector: 'aside summary' });
      await tabTo(desk, 'the form for Left', { words: 'Left' });
      await desk.keyboard.press('Enter');
      const form = desk.locator('aside details[open]', { hasText: 'For which home' });
      await form.waitFor();
      await tabTo(desk, 'the time', { words: 'Happened earlier?' });
      await desk.keyboard.press('Enter');
      await desk.keyboard.press('Tab');
      await desk.keyboard.type(await clock(desk, -20));
      await tabTo(desk, 'the button', { words: 'Record as left' });
      await desk.keyboard.press('Enter');
      await form.getByText('Say why it is entered more than 5 minutes late.').waitFor();
      const field = form.getByLabel('Why it is entered late');
      await until('the reason has the focus', () =>
        field.evaluate((one) => one === document.activeElement),
      );
      await desk.keyboard.press('Escape');
      await desk.locator('aside').waitFor({ state: 'detached' });
      await desk.getByRole('searchbox').fill('');
    },
  },
  {
    name: 'a departure entered later keeps its time, and the log shows both times',
    async run(stage) {
      const { desk } = stage.faces;
      const { person, reference } = await somebodyAtHome(stage);
      const panel = await openPanel(stage, person);
      const form = act(panel, 'Left');
      await form.locator('> summary').click();
      const at = await clock(desk, -30);
      await form.getByText('Happened earlier?').click();
      await form.getByLabel('Happened at').fill(at);
      await form.getByLabel('Why it is entered late').fill('Told by telephone');
      await form.getByRole('button', { name: 'Record as left' }).click();
      await until('the desk has the departure', async () =>
        (await deskRows(stage)).some((row) => row.person === person && row.place === 'on_the_way'),
      );
      await desk.goto(`${stage.origin}/desk#/log`);
      const line = desk.locator('tr', { hasText: `(${reference}) left` }).first();
      await line.waitFor();
      const text = await line.innerText();
      assert(text.includes(at), `the line shows when it happened: ${text}`);
      assert(/recorded .*\d\d:\d\d/.test(text), `the line shows when it was recorded: ${text}`);
      assert(text.includes('late: Told by telephone'), `the line shows the reason: ${text}`);
    },
  },
  {
    name: "a late sign-off on somebody's word needs a reason and shows both times",
    async run(stage) {
      const { desk } = stage.faces;
      await desk.goto(`${stage.origin}/desk#/team`);
      const on = act(desk.locator('main'), 'Sign somebody on, on their word');
      await on.locator('> summary').click();
      await on.getByLabel('Who', { exact: true }).selectOption({ index: 2 });
      await on.getByLabel('Where').selectOption({ index: 1 });
      await on.getByLabel('Planned end').fill(await clock(desk, 300));
      await on.getByLabel('On whose word').fill('Own, by telephone');
      await on.getByRole('button', { name: 'Sign on' }).click();
      const row = desk.locator('tr', { hasText: 'Own, by telephone' }).first();
      await row.getByRole('button', { name: 'Sign off on a word' }).click();
      const now = await row.getByLabel('Left at').inputValue();
      assert(/^\d\d:\d\d$/.test(now), `the time is now, and is ${now}`);
      await row.getByLabel('On whose word').fill('Own, in person');
      const at = await clock(desk, -10);
      await row.getByLabel('Left at').fill(at);
      await row.getByRole('button', { name: 'Sign off', exact: true }).click();
      await row.getByText('Say why it is entered more than 5 minutes late.').waitFor();
      await row.getByLabel('Why it is entered late').fill('The battery was flat');
      await row.getByRole('button', { name: 'Sign off', exact: true }).click();
      await desk.getByText(/^Signed off: \d+/).click();
      const ended = desk.locator('tr', { hasText: 'Own, in person' });
      await ended.waitFor();
      const text = await ended.innerText();
      assert(text.includes(at), `the row shows when they left: ${text}`);
      assert(/recorded .*\d\d:\d\d/.test(text), `the row shows when it was entered: ${text}`);
      const kept = (await deskRows(stage)).find((one) => one.on_word_of === 'Own, in person');
      assert(kept.state === 'signed_off_late', `the room says ${kept.state}`);
    },
  },
  {
    name: 'a log line about an earlier time needs a reason',
    async run(stage) {
      const { desk } = stage.faces;
      await desk.goto(`${stage.origin}/desk#/log`);
      const form = desk.locator('form', { hasText: 'What happened or was decided' });
      await form.getByLabel('What happened or was decided').fill('Fire panel silent since noon');
      await form.getByText('Happened earlier?').click();
      await form.getByLabel('Happened at').fill(await clock(desk, -40));
      await form.getByRole('button', { name: 'Add to the log' }).click();
      await form.getByText('Say why it is entered more than 5 minutes late.').waitFor();
      await form.getByLabel('Why it is entered late').fill('From the paper log');
      await form.getByRole('button', { name: 'Add to the log' }).click();
      const line = desk.locator('tr', { hasText: 'Fire panel silent since noon' });
      await line.getByText('late: From the paper log').waitFor();
    },
  },
  {
    name: 'a refused plan shows what is missing, who can supply it and who may pass it',
    async run(stage) {
      const { desk } = stage.faces;
      const { person } = await somebodyAtHome(stage);
      const panel = await openPanel(stage, person);
      const form = act(panel, 'Declare ready to go');
      await form.locator('> summary').click();
      await form.getByRole('button', { name: 'Declare ready to go' }).click();
      const refusal = panel.getByRole('alert').filter({ hasText: 'Refused: declare ready' });
      await refusal.getByText('Can supply it:').first().waitFor();
      const text = await refusal.innerText();
      assert(/May pass it, with a reason: \w+/.test(text), `somebody may pass it: ${text}`);
      assert((await refusal.locator('.missing').count()) > 0, `something is missing: ${text}`);
      await clean(desk, 'a refusal');
      await panel.getByRole('button', { name: 'I have read it' }).click();
      await refusal.waitFor({ state: 'detached' });
    },
  },
  {
    name: 'P-94 P-95: a protected destination is in no list, and the panel shows it to authorized readers',
    async run(stage) {
      const { desk, wall } = stage.faces;
      const { person, reference } = await somebodyAtHome(stage);
      const { home, name: words } = (await deskRows(stage)).find((row) => row.row === 'home');
      for (const gate of ['G1', 'G3']) {
        const reason = 'There is no time';
        await submit(stage, { kind: 'pass_gate', gate, people: [person], reason, until: null });
      }
      await submit(stage, { kind: 'accept_place', person, home });
      const panel = await openPanel(stage, person);
      const row = desk.locator('tbody tr', { hasText: reference });
      await row.getByText(words).waitFor();
      const form = act(panel, 'Protect the destination');
      await form.locator('> summary').click();
      await form.getByLabel('Who may not be told').fill('Mortimer Grindle');
      await form.getByLabel('What they are to the person').fill('nephew');
      await form.getByLabel('Where this comes from').selectOption('court');
      await form.getByLabel('Why').fill('The order is in the file');
      await form.getByRole('button', { name: 'Protect it' }).click();
      const about = panel.getByRole('region', { name: 'Protected destination' });
      await about.getByText('Protected: do not say where').waitFor();
      await row.getByText('Protected').waitFor();
      assert(!(await row.innerText()).includes(words), 'the table says where');
      assert(!(await panel.innerText()).includes(words), 'the panel says where, its log too');
      const shown = await wall.locator('body').innerText();
      assert(!shown.includes('Protected'), 'the wall tells that somebody is protected');
      await about.getByRole('button', { name: 'Read where, and who may not be told' }).click();
      await about.getByText(words).waitFor();
      await about.getByText('Mortimer Grindle').waitFor();
      await clean(desk, 'a protected destination');
      const end = act(about, 'End this protection');
      await end.locator('> summary').click();
      await end.getByLabel('Why it ends').fill('The order was lifted');
      await end.getByRole('button', { name: 'End it' }).click();
      await about.waitFor({ state: 'detached' });
      await row.getByText(words).waitFor();
    },
  },
];

/** Returns a person at the home near the end of the list, which no other test uses. */
async function somebodyAtHome(stage) {
  const rows = await deskRows(stage);
  const here = rows.filter((row) => row.row === 'desk_person' && row.place === 'at_the_home');
  here.sort((a, b) => Number.parseInt(b.bedroom ?? '0') - Number.parseInt(a.bedroom ?? '0'));
  assert(here.length > 0, 'somebody is at the home');
  return here[0];
}

async function openPanel(stage, person) {
  const { desk } = stage.faces;
  await desk.goto(`${stage.origin}/desk#/residents/${person}`);
  const panel = desk.getByRole('complementary', { name: 'One resident' });
  await panel.getByRole('heading', { name: 'What has happened' }).waitFor();
  return panel;
}

/** Returns a form by the words on its closed line. */
const act = (within, title) =>
  within.locator('details', {
    has: within.page().locator(`xpath=./summary[starts-with(normalize-space(.), "${title}")]`),
  });

async function openAll(within) {
  await within
    .locator('details')
    .evaluateAll((all) => all.forEach((details) => (details.open = true)));
}

/** Presses Tab until the focus is on the target; fails after too many presses. */
async function tabTo(page, what, { selector = '*', words = null }) {
  for (let press = 0; press < 80; press += 1) {
    await page.keyboard.press('Tab');
    const there = await page.evaluate(
      ([wanted, text]) => {
        const at = document.activeElement;
        return at.matches(wanted) && (text === null || at.textContent.trim() === text);
      },
      [selector, words],
    );
    if (there) return;
  }
  throw new Error(`Tab does not reach ${what}`);
}

/** Returns the desk's own clock plus some minutes, as it is typed. */
async function clock(page, minutes) {
  const shown = await page.locator('header time, header .clock').first().innerText();
  const [hour, minute] = shown.trim().split(':').map(Number);
  const at = (hour * 60 + minute + minutes + 2 * 1440) % 1440;
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
}
