// The needs list, and the lead's actions for the whole room, at the desk.
import { ask, here, residents, view } from './desk-work.mjs';
import { assert, clean, deskRows, until } from './stage.mjs';

export const name = 'desk room';

export const tests = [
  {
    name: 'the tab counts what needs somebody, and each item is settled in place',
    async run(stage) {
      const desk = await residents(stage);
      const [, , , , , , a, b, c] = await here(stage);
      const tab = desk.getByRole('link', { name: /^Needs somebody/ });
      const before = count(await tab.innerText());
      await ask(stage, 'phone', {
        kind: 'report_trouble',
        person: a.person,
        trouble: 'refuses',
        words: 'Wants to wait for her son',
      });
      await ask(stage, 'phone', {
        kind: 'check_identity',
        person: b.person,
        moment: 'ready',
        identifier: { by: 'date_of_birth', date: '1901-01-01' },
      });
      await ask(stage, 'phone', {
        kind: 'depart_service_user',
        person: '01920000-0000-7000-8000-00000000abcd',
        home: null,
        vehicle: null,
      });
      await ask(stage, 'phone', {
        kind: 'report_trouble',
        person: c.person,
        trouble: 'not_found',
        words: null,
      });
      // One of them is both reported and looked for.
      await until('the tab counts them', async () => count(await tab.innerText()) === before + 5);
      await view(stage, 'needs', /^Needs somebody/);
      await desk.keyboard.press('j');
      assert(
        await desk.evaluate(() => document.activeElement.matches('[data-need]')),
        'j goes to the first that needs somebody',
      );
      await open(desk, 'main');
      await clean(desk, 'what needs somebody, every form open');
      const trouble = desk.locator('li.trouble', { hasText: a.reference });
      await trouble.getByText('Wants to wait for her son').waitFor();
      await trouble.getByRole('button', { name: 'I am dealing with it' }).click();
      await trouble.getByText('Seen to.').waitFor();
      const lost = desk.locator('li.confirming', { hasText: c.reference });
      await lost.getByRole('button', { name: 'Record where' }).click();
      await lost.getByText('Seen to.').waitFor();
      const unknown = desk.locator('li.alarm', { hasText: 'somebody this room does not know' });
      await unknown.getByLabel('What it was, and what was done').fill('A visitor, seen out');
      await unknown.getByRole('button', { name: 'Write it in the log' }).click();
      await unknown.getByText('Seen to.').waitFor();
      const miss = desk.locator('li.alarm', { hasText: b.reference });
      await miss.getByLabel('Birth date, as said or read').fill(b.date_of_birth);
      await miss.getByRole('button', { name: /^Check identity/ }).click();
      await miss.getByText('Seen to.').waitFor();
      await until('the room has nothing of these open', async () => {
        const rows = await deskRows(stage);
        const of = (id) => rows.find((row) => row.row === 'desk_person' && row.person === id);
        return of(a.person).troubles.length === 0 && of(c.person).place === 'at_the_home';
      });
    },
  },
  {
    name: 'a breach is reviewed and a sign-off acknowledged from the list',
    async run(stage) {
      const { desk } = stage.faces;
      const one = (await here(stage)).at(-9);
      await ask(stage, 'phone', {
        kind: 'depart_service_user',
        person: one.person,
        home: null,
        vehicle: null,
      });
      const { site } = (await deskRows(stage)).find(
        (row) => row.row === 'site' && row.kind === 'home',
      );
      const planned = Date.now() + 3_600_000;
      await ask(stage, 'phone', {
        kind: 'sign_on',
        site,
        planned_end: planned,
        duty: null,
        word: {},
      });
      const { sign_in: sign } = (await deskRows(stage)).find(
        (row) => row.row === 'desk_sign_in' && row.site === site && row.state === 'on_site',
      );
      await ask(stage, 'phone', { kind: 'sign_off', sign_in: sign, word: {} });
      // A list with the pointer in it does not change: move the pointer away.
      await desk.mouse.move(5, 5);
      await desk.evaluate(() => document.activeElement?.blur());
      await view(stage, 'needs', /^Needs somebody/);
      const off = desk.locator('li.sign_off').first();
      await off.getByRole('button', { name: 'Acknowledge the sign-off' }).click();
      await off.getByText('Seen to.').waitFor();
      const breach = desk.locator('li.breach', { hasText: one.reference }).first();
      await breach.locator('summary').click();
      await breach.getByLabel('Note').fill('The list was on paper');
      await breach.getByRole('button', { name: 'Review it' }).click();
      await breach.getByText('Seen to.').waitFor();
    },
  },
  {
    name: 'a person is registered by hand, compared with a similar person and merged',
    async run(stage) {
      const desk = await residents(stage);
      const twin = (await here(stage))[10];
      const before = register(await deskRows(stage));
      await desk.getByRole('button', { name: 'Add a resident' }).click();
      const sheet = desk.getByRole('dialog', { name: 'Add a resident' });
      await sheet.getByRole('button', { name: 'Add to the register' }).click();
      await sheet.getByText('Write the full name.').waitFor();
      await sheet.getByLabel('Full name').fill(twin.name);
      await sheet.getByLabel('Birth date').fill(twin.date_of_birth);
      await sheet.getByText('Perhaps already on the register').waitFor();
      await clean(desk, 'somebody put on the register', 'dialog[open]');
      await sheet.getByRole('button', { name: 'Add to the register' }).click();
      await until(
        'the register has risen',
        async () => register(await deskRows(stage)) === before + 1,
      );
      await view(stage, 'needs', /^Needs somebody/);
      const need = desk.locator('li.question', { hasText: twin.name });
      await need.getByRole('button', { name: 'Compare with somebody, and merge' }).click();
      const pair = desk.getByRole('dialog', { name: 'Are these one person?' });
      await pair.getByLabel(/^Compare/).selectOption(twin.person);
      await pair.locator('tr.differs', { hasText: 'Bedroom' }).waitFor();
      await pair.getByRole('button', { name: 'Compare NHS numbers' }).click();
      await pair.getByRole('rowheader', { name: 'NHS number' }).waitFor();
      await clean(desk, 'two look-alikes', 'dialog[open]');
      await pair.getByRole('button', { name: 'Merge: they are one person' }).click();
      await pair.getByText('Write how you know').waitFor();
      await pair.getByRole('radio', { name: twin.reference }).check();
      await pair
        .getByLabel('How you know')
        .fill('Same date of birth, one bedroom, seen by the nurse');
      await pair.getByRole('button', { name: 'Merge: they are one person' }).click();
      await until(
        'the register has fallen',
        async () => register(await deskRows(stage)) === before,
      );
    },
  },
  {
    name: 'a member gets a second role, and the last lead cannot be removed',
    async run(stage) {
      const { desk } = stage.faces;
      await view(stage, 'team', 'Team and sign-ins');
      const member = (await deskRows(stage)).find(
        (row) => row.row === 'desk_member' && row.roles.includes('named_sw'),
      );
      await desk.getByRole('button', { name: `Roles of ${member.name}` }).click();
      const sheet = desk.getByRole('dialog', { name: `Roles of ${member.name}` });
      await clean(desk, 'the roles of a member', 'dialog[open]');
      await sheet.getByLabel('Staff support').check();
      await sheet.getByRole('button', { name: 'Give these roles' }).click();
      await until('the member has both', async () =>
        (await deskRows(stage)).some(
          (row) =>
            row.row === 'desk_member' &&
            row.member === member.member &&
            row.roles.includes('staffsup') &&
            row.roles.includes('named_sw'),
        ),
      );
      const lead = (await deskRows(stage)).find(
        (row) => row.row === 'desk_member' && row.roles.includes('lead'),
      );
      await desk.getByRole('button', { name: `Roles of ${lead.name}` }).click();
      const own = desk.getByRole('dialog', { name: `Roles of ${lead.name}` });
      await own.getByLabel('Lead co-ordinating manager').uncheck();
      await own.getByLabel('Loggist').check();
      await own.getByRole('button', { name: 'Give these roles' }).click();
      await desk.getByText('give somebody else the lead first').waitFor();
      await desk.getByRole('button', { name: 'I have read it' }).click();
    },
  },
  {
    name: 'a deadline is set and lifted, the incident is changed and a site is opened',
    async run(stage) {
      const { desk } = stage.faces;
      await view(stage, 'incident', 'Incident');
      await open(desk, 'main');
      await clean(desk, 'the incident, every form open');
      await desk.reload();
      const deadlines = desk.getByRole('region', { name: /^Deadlines/ });
      await deadlines.getByText('Set a deadline').first().click();
      await deadlines.getByLabel('Time', { exact: true }).fill('at nine');
      await deadlines.getByLabel('Set by').fill('The fire service');
      await deadlines.getByLabel('Why this time').fill('The sprinklers are shut off');
      await deadlines.getByRole('button', { name: 'Set a deadline' }).click();
      await deadlines.getByText('Write the date, and a time like 20:00.').waitFor();
      await deadlines.getByLabel('Date').fill('2031-01-15');
      await deadlines.getByLabel('Time', { exact: true }).fill('21:30');
      await deadlines.getByRole('button', { name: 'Set a deadline' }).click();
      const set = Date.parse('2031-01-15T21:30:00Z');
      await until('the deadline stands', async () =>
        (await incident(stage)).deadlines.some(({ deadline: { at } }) => at === set),
      );
      const mine = deadlines.locator('.deadline', { hasText: 'The fire service' });
      await mine.getByText('Lift the deadline').click();
      await mine.getByLabel('Why it is lifted').fill('The sprinklers work again');
      await mine.getByRole('button', { name: 'Lift it' }).click();
      await mine.waitFor({ state: 'detached' });
      await desk.getByText('Change what is written here').click();
      await desk.getByLabel('Contacts').fill('Duty officer, by the switchboard');
      await desk.getByRole('button', { name: 'Save' }).click();
      await until(
        'the contacts are written',
        async () => (await incident(stage)).contacts === 'Duty officer, by the switchboard',
      );
      // Somebody else saves while the form is open: both edits survive.
      await desk.getByText('Change what is written here').click();
      await desk.getByLabel('Order under which the home closes').fill('Section 31, at noon');
      const change = { order: 'Section 30, granted 08:47' };
      await asOtherLead(stage, { kind: 'change_incident', change });
      await desk.getByRole('button', { name: 'Save' }).click();
      const refused = desk.getByRole('alert').filter({ hasText: 'Refused: change the incident' });
      for (const words of ['Section 30, granted 08:47', 'Section 31, at noon']) {
        await refused.getByText(words).waitFor();
      }
      await clean(desk, 'the incident, refused');
      await desk.getByText('Change what is written here').click();
      const order = desk.getByLabel('Order under which the home closes');
      assert((await order.inputValue()) === 'Section 31, at noon', 'what was written is not lost');
      await desk.getByRole('button', { name: 'I have read it' }).click();
      await desk.getByRole('button', { name: 'Save' }).click();
      await until(
        'the lead who read both decides',
        async () => (await incident(stage)).order === 'Section 31, at noon',
      );
      await desk.getByText('Open a site').first().click();
      await desk.getByLabel('Name', { exact: true }).fill('Church hall');
      await desk.getByRole('button', { name: 'Open a site' }).click();
      await desk.locator('li', { hasText: 'Church hall' }).waitFor();
    },
  },
  {
    name: 'a call for help appears on every tab, is announced at once, answered and ended with words',
    async run(stage) {
      const desk = await residents(stage);
      const call = await ask(stage, 'phone', {
        kind: 'call_for_help',
        help: 'not_safe',
        person: null,
        place: 'first floor, east corridor',
      });
      const bar = desk.getByRole('list', { name: 'Calls for help' });
      for (const key of ['residents', 'needs', 'team', 'log', 'incident']) {
        await desk.goto(`${stage.origin}/desk#/${key}`);
        await bar.getByText('first floor, east corridor').waitFor();
      }
      await desk
        .getByRole('alert')
        .filter({ hasText: 'Help. I am not safe.' })
        .waitFor({ state: 'attached' });
      assert((await desk.title()).startsWith('HELP'), `the title is ${await desk.title()}`);
      await clean(desk, 'a call for help', '.calls');
      await bar.getByRole('button', { name: 'I am answering' }).click();
      await bar.getByText(/ answers/).waitFor();
      await until('the room knows who answers', async () =>
        (await deskRows(stage)).some(
          (row) => row.row === 'help' && row.call === call && row.answered_by !== null,
        ),
      );
      assert(!(await desk.title()).startsWith('HELP'), 'nobody waits for an answer');
      await bar.getByRole('button', { name: 'It is over' }).click();
      await bar.getByRole('button', { name: 'Help has come' }).click();
      await bar.getByText('Write how it ended').waitFor();
      await bar.getByLabel('How it ended').fill('The team leader is with her, both are safe');
      await bar.getByRole('button', { name: 'Help has come' }).click();
      await bar.waitFor({ state: 'detached' });
    },
  },
  {
    name: 'the desk at 400% zoom reflows without scrolling sideways',
    async run(stage) {
      const { desk } = stage.faces;
      await desk.setViewportSize({ width: 320, height: 256 });
      try {
        const person = (await here(stage))[0].person;
        const tabs = await desk
          .locator('nav a')
          .evaluateAll((links) => links.map((link) => link.getAttribute('href').slice(2)));
        assert(tabs.length >= 10, `the desk has ${tabs.length} views`);
        for (const key of [...tabs, `residents/${person}`]) {
          await desk.goto(`${stage.origin}/desk#/${key}`);
          await desk.locator('h1').waitFor();
          await open(desk, 'main');
          const cut = await desk.evaluate(() =>
            [document.documentElement, ...document.querySelectorAll('main, .page, aside')]
              .filter((part) => part.scrollWidth > innerWidth)
              .map((part) => `${part.tagName}.${part.className} ${part.scrollWidth}`),
          );
          assert(cut.length === 0, `${key} runs sideways: ${cut.join(', ')}`);
        }
        await desk.goto(`${stage.origin}/desk#/residents`);
        const wide = await desk
          .locator('tbody tr')
          .first()
          .evaluate((row) => row.scrollWidth);
        assert(wide <= 320, `a resident is ${wide} pixels wide`);
        await clean(desk, 'the desk at 320 pixels');
      } finally {
        await desk.setViewportSize({ width: 1440, height: 900 });
      }
    },
  },
];

const count = (text) => Number(/(\d+)\s*$/.exec(text.trim())?.[1] ?? 0);
const register = (rows) => rows.find((row) => row.row === 'census').register;
const incident = async (stage) =>
  (await deskRows(stage)).find((row) => row.row === 'desk_incident');

/** Opens every form of a part of the page. */
async function open(page, part) {
  await page
    .locator(`${part} details`)
    .evaluateAll((all) => all.forEach((details) => (details.open = true)));
}

/** Sends a command from a second lead's device, based on the present state of the room. */
async function asOtherLead(stage, command) {
  const { link } = await stage.desk.evaluate(async (room) => {
    const asked = {
      face: 'desk',
      name: 'Marguerite Fell',
      organisation: null,
      job: null,
      mobile: null,
    };
    const answer = await fetch(`/api/rooms/${room}/links`, {
      method: 'POST',
      headers: { 'x-muster-face': 'desk', 'content-type': 'application/json' },
      body: JSON.stringify({ ...asked, roles: ['deputy'], outside: false, member: null }),
    });
    return answer.json();
  }, stage.links.room);
  const other = await stage.open({ width: 1280, height: 800 });
  await other.goto(link);
  await other.waitForURL('**/desk*');
  await until('the other desk is live', async () => /live/i.test(await other.innerText('body')));
  const fate = await other.evaluate(
    async ([room, said]) => {
      const headers = { 'x-muster-face': 'desk', 'content-type': 'application/json' };
      const rows = await fetch(`/api/rooms/${room}/rows?audience=desk`, { headers });
      const { to } = await rows.json();
      const id = crypto.randomUUID();
      const answer = await fetch(`/api/rooms/${room}/commands`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ commands: [{ id, based_on: to, do: said }] }),
      });
      return (await answer.json()).fates[0].fate;
    },
    [stage.links.room, command],
  );
  assert(fate.is === 'ok', `the other lead was told ${JSON.stringify(fate)}`);
  await other.context().close();
}
