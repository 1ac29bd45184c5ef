// The desk's actions for the whole room, by keyboard alone: members, waiting devices, calls for help.
import { ask, clock, here, residents } from './desk-work.mjs';
import { choose, enter, focus, kept, needTo, tab, tabTo, tick, type } from './keys.mjs';
import { assert, deskRows, submit, until } from './stage.mjs';

export const name = 'whole room by keyboard';

export const tests = [
  {
    name: 'an overdue member is confirmed safe and signed off late on a word; a sign-off is acknowledged',
    async run(stage) {
      const { desk } = stage.faces;
      const [first, second] = await signOn(stage);
      await overdue(stage, first);
      await tab(stage, '3', 'Team and sign-ins');
      await rowTo(desk, /^Confirm safe$/, first.name);
      await desk.keyboard.press('Enter');
      await until('who saw them has the focus', async () => /^Seen by/.test(await focus(desk)));
      await desk.keyboard.type('The night nurse');
      await desk.keyboard.press('Enter');
      const state = (one) => async () =>
        (await signIns(stage)).find(({ sign_in: id }) => id === one.sign_in).state;
      const safe = async () => (await state(first)()) === 'confirmed_safe';
      await kept(desk, 'they are safe', safe, desk.getByText('Confirmed safe').first());
      await rowTo(desk, /^Sign off on a word$/, first.name);
      await desk.keyboard.press('Enter');
      await until('the word has the focus', async () => /^On whose word/.test(await focus(desk)));
      await desk.keyboard.type('The ward sister, by radio');
      await tabTo(desk, /^Left at$/);
      await desk.keyboard.press('Control+A');
      await desk.keyboard.type(await clock(desk, -12));
      await type(desk, /^Why it is entered late$/, 'The radio was flat');
      await desk.keyboard.press('Enter');
      await kept(desk, 'they are signed off', async () => /^signed_off/.test(await state(first)()));
      await ask(stage, 'phone', { kind: 'sign_off', sign_in: second.sign_in, word: {} });
      const asked = desk.locator('tr', { hasText: second.name }).getByText('Acknowledge');
      await asked.waitFor();
      await rowTo(desk, /^Acknowledge the sign-off$/, second.name);
      await desk.keyboard.press('Enter');
      await asked.waitFor({ state: 'detached' });
      await kept(desk, 'it is acknowledged', async () => /^signed_off/.test(await state(second)()));
    },
  },
  {
    name: 'a member is given a role, and it is removed again',
    async run(stage) {
      const { desk } = stage.faces;
      const whose = async () =>
        (await deskRows(stage)).find(
          ({ row, name: one }) => row === 'desk_member' && one === 'Leila Haddad',
        ).roles;
      const supports = async () => (await whose()).includes('staffsup');
      const before = await supports();
      await tab(stage, '3', 'Team and sign-ins');
      for (const gives of [!before, before]) {
        await enter(desk, /^Roles of Leila Haddad$/);
        const sheet = desk.getByRole('dialog', { name: 'Roles of Leila Haddad' });
        await sheet.waitFor();
        await tick(desk, /^Staff support$/);
        await enter(desk, /^Give these roles$/);
        await sheet.waitFor({ state: 'detached' });
        await kept(desk, `it is ${gives}`, async () => (await supports()) === gives);
        assert(/^Roles of Leila/.test(await focus(desk)), 'the hand is where it was');
      }
    },
  },
  {
    name: 'a member is covered, and returns',
    async run(stage) {
      const { desk } = stage.faces;
      const covers = async () =>
        (await deskRows(stage)).filter(
          ({ row, covers: held }) => row === 'desk_member' && held.length > 0,
        ).length;
      await tab(stage, '4', 'Getting in');
      await enter(desk, /^I'm covering for Leila Haddad$/);
      const back = desk.getByRole('button', { name: 'Leila Haddad is back' });
      await kept(desk, 'she is covered for', async () => (await covers()) === 1, back);
      await enter(desk, /^Leila Haddad is back$/);
      await back.waitFor({ state: 'detached' });
      await kept(desk, 'she is back', async () => (await covers()) === 0);
    },
  },
  {
    name: 'a roster is pasted and crossed off, the door is opened, a device is turned away, the door is closed',
    async run(stage) {
      const { desk } = stage.faces;
      const rows = async (kind) => (await deskRows(stage)).filter(({ row }) => row === kind);
      await tab(stage, '4', 'Getting in');
      const door = async () => (await rows('door'))[0];
      if ((await door()) === undefined) {
        await enter(desk, /^Open the door$/);
        const close = desk.getByRole('button', { name: 'Close the door' });
        await kept(desk, 'the door is open', async () => (await door()) !== undefined, close);
      }
      const phone = await stage.open({ width: 390, height: 844 });
      await phone.goto(`${stage.origin}/door`);
      await type(phone, /^Door code$/, (await door()).code);
      await type(phone, /^Your name/, 'Barnaby Quillfeather');
      await phone.keyboard.press('Enter');
      await desk.getByRole('rowheader', { name: /^Barnaby Quillfeather/ }).waitFor();
      const asked = async () => (await rows('asker')).some(({ name: one }) => /^Barnaby/.test(one));
      await rowTo(desk, /^Turn away$/, 'Barnaby Quillfeather');
      await desk.keyboard.press('Enter');
      await phone.getByRole('heading', { name: 'You were not let in' }).waitFor();
      await kept(desk, 'he was turned away', async () => !(await asked()));
      await tabTo(desk, /^Paste a roster$/);
      await desk.keyboard.insertText('Hesper Vane\tNurse');
      await enter(desk, /^Expect 1 person$/);
      const expected = desk.locator('.expected').getByText('Hesper Vane', { exact: true });
      await kept(desk, 'she is expected', () => true, expected);
      await rowTo(desk, /^Not expected$/, 'Hesper Vane', 'li');
      await desk.keyboard.press('Enter');
      await expected.waitFor({ state: 'detached' });
      await kept(desk, 'she is not', async () =>
        (await rows('expected')).every(({ name: one }) => one !== 'Hesper Vane'),
      );
      await enter(desk, /^Close the door$/);
      await kept(
        desk,
        'the door is closed',
        async () => (await door()) === undefined,
        desk.getByRole('button', { name: 'Open the door' }),
      );
    },
  },
  {
    name: 'a call for help is answered, and ended with words',
    async run(stage) {
      const desk = await residents(stage);
      const call = await ask(stage, 'phone', {
        kind: 'call_for_help',
        help: 'not_safe',
        person: null,
        place: 'Laundry',
      });
      const row = async () => (await deskRows(stage)).find((one) => one.call === call);
      await desk.getByRole('button', { name: 'I am answering' }).waitFor();
      await enter(desk, /^I am answering$/);
      const over = desk.getByRole('list', { name: 'Calls for help' }).getByText(/ answers/);
      await kept(desk, 'it is answered', async () => (await row()).answered_by !== null, over);
      await enter(desk, /^It is over$/);
      await until('the words have the focus', async () => /^How it ended/.test(await focus(desk)));
      await desk.keyboard.type('Both are safe');
      await desk.keyboard.press('Enter');
      await over.waitFor({ state: 'detached' });
      await kept(desk, 'it is over', async () => (await row()) === undefined);
    },
  },
  {
    name: "the incident's details are changed, and a site is opened",
    async run(stage) {
      const { desk } = stage.faces;
      await tab(stage, '9', 'Incident');
      await enter(desk, /^Change what is written here$/);
      await tabTo(desk, /^Order under/);
      await desk.keyboard.press('Control+A');
      await desk.keyboard.type('Order made at noon');
      await enter(desk, /^Save$/);
      await kept(desk, 'it is written', async () =>
        (await deskRows(stage)).some(({ order }) => order === 'Order made at noon'),
      );
      await enter(desk, /^Open a site$/);
      await type(desk, /^Name$/, 'Scout hut');
      await choose(desk, /^What it is$/, 'Another');
      await desk.keyboard.press('Enter');
      await enter(desk, /^Open a site$/);
      await kept(desk, 'it is open', async () =>
        (await deskRows(stage)).some(({ row, name: one }) => row === 'site' && one === 'Scout hut'),
      );
      await enter(desk, /^Claim the premises cleared$/);
      await type(desk, /^Swept by$/, 'The fire warden');
      await type(desk, /^And by$/, 'The night nurse');
      await desk.keyboard.press('Enter');
      await desk.getByText('Refused: premises cleared').first().waitFor();
      await enter(desk, /^I have read it$/);
      await kept(
        desk,
        'the claim is refused, and read',
        async () => (await desk.getByText('Refused: premises cleared').count()) === 0,
      );
    },
  },
  {
    name: 'the needs list is worked through: a missing person, an alarm, a question',
    async run(stage) {
      const { desk } = stage.faces;
      const free = (await here(stage)).filter(
        ({ troubles, breaches }) => troubles.length === 0 && breaches.length === 0,
      );
      const [one, two] = free.slice(-14);
      await ask(stage, 'phone', {
        kind: 'report_trouble',
        person: one.person,
        trouble: 'not_found',
        words: null,
      });
      await ask(stage, 'phone', {
        kind: 'check_identity',
        person: two.person,
        moment: 'ready',
        identifier: { by: 'date_of_birth', date: '1901-01-01' },
      });
      await ask(stage, 'desk', {
        kind: 'register_service_user',
        person: await desk.evaluate(() => crypto.randomUUID()),
        details: { name: 'Philippa Starling', bedroom: '86' },
        questions: ['duplicate'],
      });
      await tab(stage, '2', /^Needs somebody/);
      const item = (kind, whose) =>
        desk.locator(`li.${kind}`, { hasText: whose.reference }).first();
      const done = (need) => need.getByText('Seen to.');
      const lost = item('confirming', one);
      await needTo(desk, lost);
      await enter(desk, /^Found, or the place/);
      await type(desk, /^By whom/, 'The night nurse');
      await desk.keyboard.press('Enter');
      const person = async () => (await deskRows(stage)).find((row) => row.person === one.person);
      await kept(
        desk,
        'they are found',
        async () => (await person()).place === 'at_the_home',
        done(lost),
      );
      const miss = item('alarm', two);
      await needTo(desk, miss);
      await enter(desk, /^Say what it was$/);
      await type(desk, /^What it was/, 'Asked again, and right');
      await enter(desk, /^Write it in the log$/);
      await kept(
        desk,
        'it is in the log',
        async () => (await deskRows(stage)).some(({ text }) => /^Asked again/.test(text ?? '')),
        done(miss),
      );
      const question = desk.locator('li.question', { hasText: 'Philippa Starling' });
      await needTo(desk, question);
      await enter(desk, /^They are two people$/);
      await type(desk, /^How it was settled$/, 'Both were seen');
      await desk.keyboard.press('Enter');
      const asked = async () =>
        (await deskRows(stage)).find(({ name: whose }) => whose === 'Philippa Starling').questions;
      await kept(desk, 'it is settled', async () => (await asked()).length === 0, done(question));
      // What the report left outstanding, if finding them did not settle it.
      const { troubles } = await person();
      if (troubles.length > 0) {
        await needTo(desk, item('trouble', one));
        await enter(desk, /^I am dealing with it$/);
        const none = async () => (await person()).troubles.length === 0;
        await kept(desk, 'it is dealt with', none, done(item('trouble', one)));
      }
    },
  },
  {
    name: 'a paper slip is entered with its time, and its pack is returned',
    async run(stage) {
      const { desk } = stage.faces;
      // A person who has never moved: no later move outdates the slip's earlier time.
      const one = (await here(stage)).find(
        ({ times, bedroom }) => times.since === null && bedroom !== null,
      );
      await submit(stage, {
        kind: 'print_packs',
        pack: 'person',
        people: [one.person],
        held_by: null,
      });
      const pack = async () =>
        (await deskRows(stage)).find((row) => row.person === one.person && row.row === 'pack');
      await tab(stage, '6', 'Paper');
      await type(desk, /^Code on the slip$/, (await pack()).code);
      await desk.getByText(`${one.reference}, ${one.bedroom}`).first().waitFor();
      await enter(desk, /^Gone with family$/);
      await type(desk, /^With whom$/, 'Her niece');
      await enter(desk, /^Happened earlier/);
      await type(desk, /^Happened at$/, await clock(desk, -20));
      await type(desk, /^Why it is entered late$/, 'From the slip');
      await desk.keyboard.press('Enter');
      const place = async () =>
        (await deskRows(stage)).find(
          (row) => row.person === one.person && row.row === 'desk_person',
        ).place;
      await kept(
        desk,
        'it is entered',
        async () => (await place()) === 'with_family',
        desk.getByText('Came back to the home').first(),
      );
      await tick(desk, new RegExp(`^Choose ${(await pack()).code}$`));
      await desk.keyboard.press('Shift+Tab');
      await tabTo(desk, /^Back$/, 'Shift+Tab');
      await desk.keyboard.press('Enter');
      await kept(desk, 'the pack is back', async () => (await pack()).state === 'returned');
      await submit(stage, { kind: 'return_service_user', person: one.person });
    },
  },
];

const signIns = async (stage) =>
  (await deskRows(stage)).filter(({ row }) => row === 'desk_sign_in');

/** Signs two members on at the home: one on their word, and the phone's own. */
async function signOn(stage) {
  const rows = await deskRows(stage);
  const { site } = rows.find((row) => row.row === 'site' && row.kind === 'home');
  const { member } = rows.find(
    ({ row, name: one }) => row === 'desk_member' && one === 'Imran Sheikh',
  );
  const how = { kind: 'sign_on', site, planned_end: Date.now() + 7_200_000, duty: null };
  await submit(stage, { ...how, word: { member, on_word_of: 'Own, by telephone' } });
  const own = await stage.faces.phone.evaluate(async () => {
    const me = await fetch('/api/me', { headers: { 'x-muster-face': 'phone' } });
    return (await me.json()).member;
  });
  const open = async (whose, state = 'on_site') =>
    (await signIns(stage)).find((row) => row.member === whose && row.state === state);
  const asked = await open(own, 'sign_off_asked');
  if (asked !== undefined)
    await submit(stage, { kind: 'acknowledge_sign_off', sign_in: asked.sign_in });
  if ((await open(own)) === undefined) await ask(stage, 'phone', { ...how, word: {} });
  const named = (row) => ({
    ...row,
    name: rows.find((one) => one.row === 'desk_member' && one.member === row.member).name,
  });
  return [named(await open(member)), named(await open(own))];
}

/** Makes the desk show a check-in as due, so that the test need not wait an hour. */
async function overdue(stage, { sign_in: late }) {
  await stage.desk.route(/\/rows\?/, async (route) => {
    const answer = await route.fetch();
    if (answer.status() !== 200) return route.fulfill({ response: answer });
    const json = await answer.json();
    for (const { row } of json.put) if (row.sign_in === late) row.due_at = row.since - 3_600_000;
    return route.fulfill({ response: answer, json });
  });
}

/** Moves the focus to the element with this name in a person's row. */
async function rowTo(desk, called, whose, row = 'tr') {
  for (;;) {
    await tabTo(desk, called);
    const text = await desk.evaluate(
      (kind) => document.activeElement.closest(kind)?.textContent ?? '',
      row,
    );
    if (text.includes(whose)) return;
  }
}
