// The desk's actions for one person, by keyboard alone: from the register to a new home, and the
// exceptions.
import { ask, here, residents } from './desk-work.mjs';
import {
  choose,
  enter,
  find,
  focus,
  kept,
  leave,
  needTo,
  tab,
  tabTo,
  tick,
  type,
} from './keys.mjs';
import { deskPerson, deskRows, submit, until } from './stage.mjs';

export const name = 'one person by keyboard';

export const tests = [
  {
    name: 'a person is registered by hand, compared and merged',
    async run(stage) {
      const desk = await residents(stage);
      const twin = (await here(stage)).find((row) => !row.similar && row.date_of_birth !== null);
      const before = await register(stage);
      await enter(desk, /^Add a resident$/);
      await until('the name has the focus', async () => /^Full name/.test(await focus(desk)));
      await desk.keyboard.type(twin.name);
      await type(desk, /^Birth date/, date(twin.date_of_birth));
      await type(desk, /^Bedroom/, '87');
      await desk.keyboard.press('Enter');
      const added = async () => (await people(stage)).find(({ bedroom }) => bedroom === '87');
      await kept(desk, 'they are on the register', async () => (await added()) !== undefined);
      await find(desk, (await added()).reference);
      await enter(desk, /^Compare with somebody/);
      const sheet = desk.getByRole('dialog', { name: 'Are these one person?' });
      await sheet.waitFor();
      await until('whom to compare with has the focus', async () =>
        /^Compare .* with$/.test(await focus(desk)),
      );
      await desk.keyboard.type(twin.reference);
      await enter(desk, /^Compare NHS numbers$/);
      await kept(
        desk,
        'the numbers are read',
        () => true,
        sheet.getByRole('rowheader', { name: 'NHS number' }),
      );
      // Both are one Tab stop: the arrow shows that the previous row is kept.
      await tabTo(desk, new RegExp(`${twin.name}$`));
      await desk.keyboard.press('ArrowDown');
      await type(desk, /^How you know/, 'The same birth date, seen by the nurse');
      await desk.keyboard.press('Enter');
      await kept(
        desk,
        'the two are one',
        async () => (await register(stage)) === before && (await added()) === undefined,
        desk.getByText('This person is no longer on the register.'),
      );
    },
  },
  {
    name: 'a person is confirmed, assessed, rated, placed, booked, checked and declared ready',
    async run(stage) {
      const desk = await residents(stage);
      const { reference } = (await here(stage)).find(waits);
      const is = (item) => async () => done(await deskPerson(stage, reference), item);
      await find(desk, reference);
      await enter(desk, /^Confirm on the register/);
      await tick(desk, /^Birth date$/);
      await enter(desk, /^Confirm on the register$/);
      await kept(desk, 'they are confirmed', is('on_the_list'));
      await enter(desk, /^Needs are assessed/);
      await enter(desk, /^Needs are assessed$/);
      await kept(desk, 'the needs are assessed', is('needs'));
      await enter(desk, /^Rate/);
      await choose(desk, /^Rating$/, 'At');
      await type(desk, /^Reason/, 'Chest infection');
      await desk.keyboard.press('Enter');
      await kept(
        desk,
        'they are rated',
        async () => (await deskPerson(stage, reference)).rating === 'at_risk',
      );
      await place(desk);
      await kept(desk, 'they have a place', is('place'));
      await enter(desk, /^Book the journey/);
      await type(desk, /^Vehicle$/, 'Van 2');
      await type(desk, /^Crew$/, 'Two carers');
      // Somebody else changes the same person meanwhile: what was typed stays.
      const { person } = await deskPerson(stage, reference);
      const rate = { kind: 'rate', person, rating: 'watch', reason: 'Coughs less' };
      await submit(stage, rate);
      await desk
        .getByRole('complementary', { name: 'One resident' })
        .getByText('Watch')
        .first()
        .waitFor();
      await type(desk, /^Leaves at$/, '23:15');
      await type(desk, /^Arrives at$/, '23:50');
      await desk.keyboard.press('Enter');
      await kept(desk, 'the journey is booked', is('journey'));
      await enter(desk, /^Check identity before/);
      await choose(desk, /^Second identifier/, 'Photo');
      await enter(desk, /^Check identity before/);
      await kept(desk, 'identity is checked', is('identity'));
      await enter(desk, /^Declare ready to go/);
      await enter(desk, /^Declare ready to go$/);
      await kept(
        desk,
        'they are ready',
        async () => (await deskPerson(stage, reference)).stage === 'ready_to_go',
      );
      await leave(desk);
    },
  },
  {
    name: 'a person is checked at the door, cleared, leaves, arrives, and the arrival is confirmed',
    async run(stage) {
      const desk = await residents(stage);
      const { reference, person, date_of_birth: born } = await ready(stage);
      const of = () => deskPerson(stage, reference);
      const panel = await find(desk, reference);
      await enter(desk, /^Check identity at the door/);
      await type(desk, /^Birth date, as said/, date(born));
      await desk.keyboard.press('Enter');
      await kept(desk, 'the check is in the log', () => told(stage, person, /identity/i));
      await enter(desk, /^Clear to leave/);
      await enter(desk, /^Clear to leave$/);
      await kept(desk, 'they are cleared', () => told(stage, person, /clear/i));
      await enter(desk, /^Left$/);
      await enter(desk, /^Record as left$/);
      const back = panel.locator('summary', { hasText: 'Came back to the home' });
      await kept(
        desk,
        'they are on the way',
        async () => (await of()).place === 'on_the_way',
        back,
      );
      await enter(desk, /^Arrived$/);
      await enter(desk, /^Record as arrived$/);
      const confirm = panel.locator('summary', { hasText: 'Confirm the arrival' });
      await kept(desk, 'they have arrived', async () => (await of()).place === 'arrived', confirm);
      await enter(desk, /^Confirm the arrival/);
      await choose(desk, /^Second identifier/, 'Photo');
      await tick(desk, /^Spoken handover/);
      await type(desk, /^On whose word/, 'The nurse in charge');
      await desk.keyboard.press('Enter');
      await kept(desk, 'the arrival is confirmed', async () => done(await of(), 'arrival'));
      const open = async () => (await of()).breaches.filter(({ state }) => state === 'open');
      const before = await open();
      if (before.length > 0) {
        await enter(desk, /^Review it$/);
        await type(desk, /^Note$/, 'There was no time');
        await desk.keyboard.press('Enter');
        const fewer = async () => (await open()).length < before.length;
        await kept(desk, 'a breach is reviewed', fewer, panel.getByText('Breach reviewed').first());
      }
      await leave(desk);
    },
  },
  {
    name: 'a refusal takes the focus, is read, and returns the focus',
    async run(stage) {
      const desk = await residents(stage);
      const { reference } = (await here(stage)).find(waits);
      const panel = await find(desk, reference);
      await enter(desk, /^Declare ready to go/);
      await enter(desk, /^Declare ready to go$/);
      await until('the refusal has the focus', async () => /^Refused: /.test(await focus(desk)));
      await enter(desk, /^I have read it$/);
      await kept(
        desk,
        'it is gone',
        async () => (await panel.getByText('Refused: declare ready').count()) === 0,
      );
      await leave(desk);
    },
  },
  {
    name: 'problems are reported, answered, and resolved',
    async run(stage) {
      const desk = await residents(stage);
      const { reference, person } = (await here(stage)).find(
        (row) => row.troubles.length === 0 && row.breaches.length === 0,
      );
      const of = () => deskPerson(stage, reference);
      const at = (place) => async () => (await of()).place === place;
      const panel = await find(desk, reference);
      await enter(desk, /^Not going to plan$/);
      await choose(desk, /^What$/, 'Unwell');
      await type(desk, /^What happened/, 'Sick since noon');
      await desk.keyboard.press('Enter');
      const answer = panel.getByRole('button', { name: 'I am dealing with it' });
      await kept(desk, 'it is told', async () => (await of()).troubles.length === 1, answer);
      await enter(desk, /^I am dealing with it$/);
      await answer.waitFor({ state: 'detached' });
      await kept(desk, 'it is answered', async () => (await of()).troubles.length === 0);
      for (const [act, asks, where] of [
        [/^Taken to hospital$/, /^Which hospital/, 'in_hospital'],
        [/^Gone with family$/, /^With whom/, 'with_family'],
      ]) {
        await enter(desk, act);
        await type(desk, asks, 'Ward 4, her daughter knows');
        await desk.keyboard.press('Enter');
        await kept(desk, `they are ${where}`, at(where));
        const back = panel.locator('summary', { hasText: 'Came back to the home' });
        await back.waitFor();
        await enter(desk, /^Came back to the home$/);
        await enter(desk, /^Came back to the home$/);
        await back.waitFor({ state: 'detached' });
        await kept(desk, 'they are back', at('at_the_home'));
      }
      await enter(desk, /^Found, or the place/);
      await choose(desk, /^Where$/, 'At the');
      await type(desk, /^By whom/, 'The night nurse');
      await desk.keyboard.press('Enter');
      await kept(desk, 'the place is settled', () => told(stage, person, /found: at the home/));
      await leave(desk);
    },
  },
  {
    name: 'a gate is passed, a side plan is started and ended, and a place is given up',
    async run(stage) {
      const desk = await residents(stage);
      const { reference } = (await here(stage)).find(fits);
      const of = () => deskPerson(stage, reference);
      const panel = await find(desk, reference);
      await place(desk);
      const placed = async () => (await of()).destination.home !== null;
      await kept(desk, 'they have a place', placed, panel.getByText('Give up the place').first());
      await enter(desk, /^Give up the place$/);
      await type(desk, /^Why$/, 'The bed went to another council');
      await desk.keyboard.press('Enter');
      const fresh = panel.locator('summary', { hasText: 'Accept a place' });
      await kept(desk, 'it is given up', async () => !(await placed()), fresh);
      await enter(desk, /^Pass a gate$/);
      await type(desk, /^Reason$/, 'There is no time');
      await desk.keyboard.press('Enter');
      await kept(desk, 'a gate is passed', async () => (await of()).passes.length === 1);
      await enter(desk, /^Start a plan beside/);
      await choose(desk, /^Which$/, 'On hold');
      await type(desk, /^Why, and who/, 'Waits for the ambulance; the deputy answers');
      await type(desk, /^Until, or looked/, 'soon');
      await desk.keyboard.press('Enter');
      await panel.getByText('Write a time like 18:00, not soon.').waitFor();
      // Thirteen hours ahead, a time that the clock last showed eleven hours ago.
      const later = new Date(Date.now() + 13 * 3_600_000);
      await desk.keyboard.press('Control+a');
      await desk.keyboard.type(
        later.toLocaleTimeString('en-GB', { timeZone: 'Europe/London', timeStyle: 'short' }),
      );
      await desk.keyboard.press('Enter');
      const end = panel.locator('summary', { hasText: 'End: on hold' });
      const lasts = async () => (await of()).side_plans.some((plan) => plan.until > Date.now());
      await kept(desk, 'a plan began that lasts', lasts, end);
      await enter(desk, /^End: on hold$/);
      await enter(desk, /^End: on hold$/);
      await end.waitFor({ state: 'detached' });
      await kept(desk, 'it ended', async () => (await of()).side_plans.length === 0);
      await leave(desk);
    },
  },
  {
    name: 'details are changed, and the panel returns the focus to the row',
    async run(stage) {
      const desk = await residents(stage);
      const { reference } = (await here(stage)).find(waits);
      await find(desk, reference);
      await enter(desk, /^Change details$/);
      await type(desk, /^Handle safely/, 'Two to stand. ');
      await enter(desk, /^Save$/);
      await kept(desk, 'the line is written', async () =>
        (await deskPerson(stage, reference)).handle_safely?.includes('Two to stand.'),
      );
      await leave(desk);
    },
  },
  {
    name: 'a death is recorded, and that the family was told',
    async run(stage) {
      const desk = await residents(stage);
      const { reference } = (await here(stage)).find(waits);
      const of = () => deskPerson(stage, reference);
      const panel = await find(desk, reference);
      await enter(desk, /^Died$/);
      await enter(desk, /^Record the death$/);
      const tell = panel.getByRole('button', { name: 'The family was told' });
      await kept(desk, 'it is recorded', async () => (await of()).place === 'died', tell);
      await enter(desk, /^The family was told$/);
      await tell.waitFor({ state: 'detached' });
      await kept(desk, 'they were told', async () => (await of()).family_told_of_death);
      await leave(desk);
    },
  },
  {
    name: 'an edit that was set aside is accepted from the needs list',
    async run(stage) {
      const { desk } = stage.faces;
      const { person, name: was } = (await here(stage)).find(waits);
      await asideOf(stage, person, `${was} Elder`, `${was} Younger`);
      await tab(stage, '2', /^Needs somebody/);
      const edit = desk.locator('li.edit', { hasText: `${was} Elder` });
      await edit.waitFor();
      await needTo(desk, edit);
      await enter(desk, /^Take what was set aside$/);
      const row = async () => (await people(stage)).find((one) => one.person === person);
      await kept(
        desk,
        'what was set aside stands',
        async () => (await row()).name === `${was} Elder`,
        edit.getByText('Seen to.'),
      );
      await ask(stage, 'desk', { kind: 'change_service_user', person, change: { name: was } });
    },
  },
];

const people = async (stage) => (await deskRows(stage)).filter(({ row }) => row === 'desk_person');
const register = async (stage) =>
  (await deskRows(stage)).find(({ row }) => row === 'census').register;
const done = (row, item) => row.items.some((one) => one.item === item && one.state === 'done');
/** Returns whether a person waits at the home without any plan. */
const waits = (row) =>
  row.destination.home === null &&
  row.worker !== null &&
  row.troubles.length === 0 &&
  row.breaches.length === 0 &&
  row.questions.length === 0 &&
  row.side_plans.length === 0 &&
  !row.protected;

/** Returns whether no gate keeps them from a place either: others were imported a moment ago. */
const fits = (row) => waits(row) && done(row, 'on_the_list');

/** Returns a day as it is typed into a date field. */
const date = (day) => day.replace(/^(\d+)-(\d+)-(\d+)$/, '$2$3$1');

/** Gives the open person the first home of the list. */
async function place(desk) {
  await enter(desk, /^Accept a place/);
  await tabTo(desk, /^Home$/);
  await desk.keyboard.press('ArrowDown');
  await enter(desk, /^Accept this place$/);
}

/** Returns whether the log has a line about a person with these words. */
async function told(stage, person, words) {
  return (await deskRows(stage)).some(
    (row) => row.row === 'desk_log' && row.person === person && words.test(row.text),
  );
}

/** Returns a person who is ready to go; makes one ready if no earlier test has. */
async function ready(stage) {
  const found = (await here(stage)).find(({ stage: at }) => at === 'ready_to_go');
  if (found !== undefined) return found;
  const one = (await here(stage)).find(fits);
  const { person } = one;
  const { home } = (await deskRows(stage)).find(({ row }) => row === 'home');
  const journey = {
    vehicle: 'Van 1',
    crew: 'Two carers',
    leaves_at: null,
    arrives_at: Date.now() + 3_600_000,
  };
  await submit(stage, { kind: 'assess_needs', person });
  await submit(stage, { kind: 'accept_place', person, home });
  await submit(stage, { kind: 'book_journey', person, journey });
  const identifier = { by: 'photograph' };
  await submit(stage, { kind: 'check_identity', person, moment: 'ready', identifier });
  await submit(stage, { kind: 'declare_ready', person });
  return one;
}

/** Creates one edit set aside: the desk's, begun before the phone's edit reached the room. */
async function asideOf(stage, person, desk, phone) {
  const seen = await stage.desk.evaluate(async (room) => {
    const rows = await fetch(`/api/rooms/${room}/rows?audience=desk`, {
      headers: { 'x-muster-face': 'desk' },
    });
    return (await rows.json()).to;
  }, stage.links.room);
  await ask(stage, 'phone', { kind: 'change_service_user', person, change: { name: phone } });
  await submit(stage, { kind: 'change_service_user', person, change: { name: desk } }, seen);
}
