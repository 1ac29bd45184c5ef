// The phone's actions at the home, by keyboard alone: for people who use a switch or a keyboard.
import { here } from './desk-work.mjs';
import { enter, focus, kept, tabTo, tick, type, walk } from './keys.mjs';
import { assert, deskPerson, deskRows, submit, until } from './stage.mjs';

export const name = 'phone by keyboard';

const WHO = 'Cordelia Winterbourne';
const SIZE = { width: 390, height: 844 };

export const tests = [
  {
    name: 'a member signs on to a shift, checks in, and signs off',
    async run(stage) {
      const phone = await ownPhone(stage);
      const mine = async () =>
        (await signIns(stage)).find(({ state }) => !state.startsWith('signed_off'));
      await enter(phone, /^Sign on$/);
      await arrived(phone, /^Sign on$/);
      await type(phone, /^What for/, 'Packing');
      await phone.keyboard.press('Enter');
      const off = phone.getByRole('button', { name: 'Sign off site' });
      await kept(phone, 'they are signed on', async () => (await mine())?.duty === 'Packing', off);
      const { last_act: before } = await mine();
      await enter(phone, /^I am well$/);
      const checked = phone.getByText(/^Checked in \d\d:\d\d/);
      await kept(
        phone,
        'they are checked in',
        async () => (await mine()).last_act > before,
        checked,
      );
      assert(/^I am well$/.test(await focus(phone)), 'the hand is where it was');
      await enter(phone, /^Sign off site$/);
      await kept(
        phone,
        'the sign-off is asked',
        async () => (await mine()).state === 'sign_off_asked',
        phone.getByText('Sign-off asked.'),
      );
      await submit(stage, { kind: 'acknowledge_sign_off', sign_in: (await mine()).sign_in });
      await phone.getByRole('link', { name: 'Sign on' }).waitFor();
      await kept(phone, 'it is acknowledged', async () => (await mine()) === undefined);
    },
  },
  {
    name: 'a person is found, checked at the door, leaves, arrives, and is confirmed there',
    async run(stage) {
      const phone = await ownPhone(stage);
      const one = await findOn(phone, stage);
      const of = () => deskPerson(stage, one.reference);
      const known = async (item) => (await of()).items.find((row) => row.item === item).state;
      await enter(phone, /^Check at the door/);
      await arrived(phone, /^Check at the door$/);
      const [year, month, day] = one.date_of_birth.split('-');
      await type(phone, /^Day$/, day);
      await type(phone, /^Month$/, month);
      await type(phone, /^Year$/, year);
      await phone.keyboard.press('Enter');
      await phone.waitForURL('**/m#/person/*');
      // Not ready by the rules: the plan is refused, the focus moves to the reason, and the fact is
      // accepted.
      await until('why not has the focus', async () => /not yet/.test(await focus(phone)));
      await enter(phone, /^I have read it$/);
      await kept(phone, 'it is read', async () => (await known('door')) !== undefined);
      await enter(phone, /^Left$/);
      const there = phone.getByRole('button', { name: 'Arrived' });
      await kept(phone, 'they have left', async () => (await of()).place === 'on_the_way', there);
      assert(!/^Arrived$/.test(await focus(phone)), 'a second press would mean an arrival');
      await tabTo(phone, /^Arrived$/);
      const confirm = phone.getByRole('link', { name: 'Confirm arrival' });
      await until('they have arrived', async () => {
        // A second press within a moment does not count; a later one does.
        if (/^Arrived$/.test(await focus(phone))) await phone.keyboard.press('Enter');
        return (await of()).place === 'arrived';
      });
      await kept(phone, 'they have arrived', () => true, confirm);
      await enter(phone, /^Confirm arrival$/);
      await arrived(phone, /^Confirm arrival$/);
      await tabTo(phone, /^Birth date, as they/);
      for (let way = 0; way < 3; way += 1) await phone.keyboard.press('ArrowDown');
      await tick(phone, /^Spoken handover/);
      await type(phone, /^Confirmed by/, 'The nurse in charge, by telephone');
      await phone.keyboard.press('Enter');
      await kept(
        phone,
        'the arrival is confirmed',
        async () => (await known('arrival')) === 'done',
      );
    },
  },
  {
    name: 'the list of everyone is walked down and up, and the bar hides no row',
    async run(stage) {
      const phone = await ownPhone(stage);
      await enter(phone, /^Everyone$/);
      await arrived(phone, /^Everyone/);
      await walk(phone, [...Array(25).fill('Tab'), ...Array(25).fill('Shift+Tab')]);
    },
  },
  {
    name: 'problems are reported, and what the room refused is read',
    async run(stage) {
      const phone = await ownPhone(stage);
      const { reference } = await findOn(phone, stage);
      const of = () => deskPerson(stage, reference);
      await enter(phone, /^Not going to plan$/);
      await arrived(phone, /^Not going to plan$/);
      await type(phone, /^In your words/, 'Sick since noon');
      await enter(phone, /^Unwell$/);
      await phone.waitForURL('**/m#/person/*');
      await kept(phone, 'it is told', async () => (await of()).troubles.length === 1);
      await enter(phone, /^Not going to plan$/);
      await arrived(phone, /^Not going to plan$/);
      await type(phone, /^Which hospital/, 'Her niece');
      await enter(phone, /^Gone with family$/);
      await phone.waitForURL('**/m#/person/*');
      await kept(phone, 'they are with family', async () => (await of()).place === 'with_family');
      await enter(phone, /^Not going to plan$/);
      await enter(phone, /^Back at the home$/);
      await phone.waitForURL('**/m#/person/*');
      const ready = phone.getByRole('button', { name: 'Declare ready' });
      await kept(phone, 'they are back', async () => (await of()).place === 'at_the_home', ready);
      const [{ report }] = (await of()).troubles;
      await submit(stage, { kind: 'answer_trouble', person: (await of()).person, report });
      await enter(phone, /^Declare ready$/);
      await until('why not has the focus', async () => /not yet/.test(await focus(phone)));
      await enter(phone, /^I have read it$/);
      await kept(
        phone,
        'it is read',
        async () => (await phone.getByRole('button', { name: 'I have read it' }).count()) === 0,
      );
    },
  },
  {
    name: "help is called with two presses and ended; another member's call is answered",
    async run(stage) {
      const phone = await ownPhone(stage);
      const calls = async () => (await deskRows(stage)).filter(({ row }) => row === 'help');
      await enter(phone, /^! ?Help|^Help/);
      await phone.keyboard.press('Enter');
      await arrived(phone, /^Help$/);
      await type(phone, /^Where, if/, 'Laundry');
      await enter(phone, /^I need the room$/);
      const told = phone.getByRole('heading', { name: 'The room has your call' });
      await kept(phone, 'the room has it', async () => (await calls()).length === 1, told);
      await type(phone, /^How it ended/, 'It was the boiler');
      await enter(phone, /^I am safe now/);
      await told.waitFor({ state: 'detached' });
      await kept(phone, 'it is over', async () => (await calls()).length === 0);
      const where = { person: null, place: 'Attic' };
      await submit(stage, { kind: 'call_for_help', help: 'not_safe', ...where });
      const call = phone.locator('.call', { hasText: 'Attic' });
      await call.waitFor();
      await enter(phone, /^I am going$/);
      const answered = call.getByText('Answered by');
      await kept(
        phone,
        'it is answered',
        async () => (await calls())[0].answered_by !== null,
        answered,
      );
      await enter(phone, /^It is over$/);
      await call.waitFor({ state: 'detached' });
      await kept(phone, 'theirs is over', async () => (await calls()).length === 0);
    },
  },
  {
    name: 'updates are read, cover is ended, the outbox is viewed, and the phone is handed over',
    async run(stage) {
      const phone = await ownPhone(stage);
      await enter(phone, /^Updates/);
      await arrived(phone, /^Updates$/);
      await enter(phone, /^More$/);
      await arrived(phone, /^More$/);
      await enter(phone, /^Who is in/);
      await arrived(phone, /^Who is in/);
      const covers = async () =>
        (await deskRows(stage)).some(
          ({ row, covers: held }) => row === 'desk_member' && held.length > 0,
        );
      await enter(phone, /^I'm covering Leila Haddad$/);
      const back = phone.getByRole('button', { name: 'Leila Haddad is back' });
      await kept(phone, 'she is covered for', covers, back);
      await enter(phone, /^Leila Haddad is back$/);
      await back.waitFor({ state: 'detached' });
      await kept(phone, 'she is back', async () => !(await covers()));
      await enter(phone, /^Back to More$/);
      await enter(phone, /^On this phone/);
      await arrived(phone, /^On this phone$/);
      await phone.getByText('All changes sent.').waitFor();
      await enter(phone, /^Back to my residents$/);
      await arrived(phone, /^My residents/);
      await enter(phone, /^More$/);
      await arrived(phone, /^More$/);
      await enter(phone, /^Hand over this phone$/);
      const sure = phone.getByRole('button', { name: 'Yes, empty this phone' });
      await kept(phone, 'it is asked once more', () => true, sure);
      await enter(phone, /^Yes, empty this phone$/);
      await kept(phone, 'it is empty', () => true, phone.getByText('This phone is empty.'));
      await enter(phone, /^Come in$/);
      await phone.waitForURL('**/join');
    },
  },
];

/** Opens a separate phone, so that nobody else's sign-in, cover or call is affected. */
async function ownPhone(stage) {
  const known = (await deskRows(stage)).find(
    (row) => row.row === 'desk_member' && row.name === WHO,
  );
  const { link } = await stage.desk.evaluate(
    async ([room, asked]) => {
      const answer = await fetch(`/api/rooms/${room}/links`, {
        method: 'POST',
        headers: { 'x-muster-face': 'desk', 'content-type': 'application/json' },
        body: JSON.stringify(asked),
      });
      return answer.json();
    },
    [
      stage.links.room,
      {
        face: 'phone',
        name: WHO,
        organisation: null,
        job: null,
        mobile: null,
        roles: ['named_sw'],
        outside: false,
        member: known?.member ?? null,
      },
    ],
  );
  const phone = await stage.open(SIZE);
  await phone.goto(link);
  await phone.waitForURL('**/m*');
  await phone.locator('.strip', { hasText: /^\s*Live/ }).waitFor();
  return phone;
}

async function signIns(stage) {
  const rows = await deskRows(stage);
  const me = rows.find(({ row, name: one }) => row === 'desk_member' && one === WHO);
  return rows.filter(({ row, member }) => row === 'desk_sign_in' && member === me.member);
}

/** Waits until a view is shown and its heading has the focus. */
async function arrived(phone, title) {
  await until(`${title} has the focus`, async () => title.test(await focus(phone)));
}

/** Opens a person at the home with nothing outstanding, through the list of everyone. */
async function findOn(phone, stage) {
  const free = (row) =>
    row.stage !== 'ready_to_go' &&
    row.troubles.length === 0 &&
    row.breaches.length === 0 &&
    row.date_of_birth !== null &&
    !row.protected;
  const one = (await here(stage)).filter(free).at(-16);
  await enter(phone, /^Everyone$/);
  await arrived(phone, /^Everyone/);
  await type(phone, /^Name, reference or bedroom$/, one.reference);
  await enter(phone, new RegExp(one.name));
  await arrived(phone, new RegExp(`^${one.name}$`));
  return one;
}
