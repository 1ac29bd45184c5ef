// Bulk actions and the rest of the desk, by keyboard alone.
import { residents } from './desk-work.mjs';
import { choose, enter, find, kept, leave, needTo, tab, tabTo, tick, type, walk } from './keys.mjs';
import { assert, deskRows, submit, until } from './stage.mjs';

export const name = 'several by keyboard';

export const tests = [
  {
    name: 'several people are marked and rated, and a gate is passed for them',
    async run(stage) {
      const desk = await residents(stage);
      const marked = await markTwo(desk);
      const of = async () =>
        (await deskRows(stage)).filter(
          ({ row, person }) => row === 'desk_person' && marked.includes(person),
        );
      await enter(desk, /^Rate$/);
      let sheet = desk.getByRole('dialog', { name: 'Rate, for 2 people' });
      await sheet.waitFor();
      await type(desk, /^Reason, the same for all$/, 'Nobody has seen them today');
      await desk.keyboard.press('Enter');
      const rated = async () =>
        (await of()).every((one) => one.rating_reason === 'Nobody has seen them today');
      await kept(desk, 'both are rated', rated, sheet.getByText('Saved for 2 of 2.'));
      await enter(desk, /^Done$/);
      await enter(desk, /^Pass a gate$/);
      sheet = desk.getByRole('dialog', { name: 'Pass a gate, for 2 people' });
      await sheet.waitFor();
      await type(desk, /^Reason, the same for all$/, 'The lift stands still');
      await type(desk, /^Until$/, '23:59');
      await desk.keyboard.press('Enter');
      const passed = async () => (await of()).every(({ passes }) => passes.length === 1);
      await kept(desk, 'the gate is passed', passed, sheet.getByText('Saved for 2 of 2.'));
      await enter(desk, /^Done$/);
      await sheet.waitFor({ state: 'detached' });
      await enter(desk, /^Unmark all$/);
      await kept(desk, 'nobody is marked', () => true);
    },
  },
  {
    name: 'packs go with a crew, are reprinted, destroyed and lost',
    async run(stage) {
      const desk = await residents(stage);
      const [one, two] = (await deskRows(stage)).filter(({ row }) => row === 'desk_person');
      const people = [one.person, two.person];
      const packs = async () => (await deskRows(stage)).filter(({ row }) => row === 'pack');
      const before = new Set((await packs()).map(({ number }) => number));
      await submit(stage, { kind: 'print_packs', pack: 'person', people, held_by: null });
      const mine = async () => (await packs()).filter(({ number }) => !before.has(number));
      const [first, second] = await mine();
      await tab(stage, '6', 'Paper');
      await desk.evaluate(() => {
        window.printed = 0;
        window.print = () => (window.printed += 1);
      });
      const state = async ({ number }) => (await packs()).find((pack) => pack.number === number);
      const account = async ({ code }, words, held = null) => {
        await tick(desk, new RegExp(`^Choose ${code}$`));
        await tabTo(desk, /^In whose hands/, 'Shift+Tab');
        if (held !== null) await desk.keyboard.type(held);
        await enter(desk, words);
      };
      await account(first, /^With a crew$/, 'Crew 4');
      await kept(desk, 'it is with a crew', async () => {
        const { state: is, held_by } = await state(first);
        return is === 'with_crew' && held_by === 'Crew 4';
      });
      await tab(stage, '6', 'Paper');
      await desk.evaluate(() => {
        window.printed = 0;
        window.print = () => (window.printed += 1);
      });
      await account(first, /^Print again$/);
      await until('the printer was asked', () => desk.evaluate(() => window.printed === 1));
      assert((await mine()).length === 2, 'it has the number that it had');
      await tab(stage, '6', 'Paper');
      await account(second, /^Destroyed$/, 'The night nurse');
      await kept(desk, 'it is destroyed', async () => (await state(second)).state === 'destroyed');
      await tab(stage, '6', 'Paper');
      await account(first, /^Lost$/);
      await kept(desk, 'it is lost', async () => (await state(first)).state === 'lost');
      await enter(desk, /^Show the \d+ back, destroyed or lost too$/);
      await kept(desk, 'all are shown', () => true, desk.getByText(first.code).first());
    },
  },
  {
    name: 'a card is read, and a log line is written about a person',
    async run(stage) {
      const desk = await residents(stage);
      const { reference, person, card } = (await deskRows(stage)).find(
        ({ row }) => row === 'desk_person',
      );
      // Some of the imported people have an empty card.
      const change = { notes: 'Wears a hearing aid' };
      await submit(stage, { kind: 'change_service_user', person, change }, card);
      const panel = await find(desk, reference);
      await enter(desk, /^Read the card$/);
      await kept(desk, 'the card is read', () => true, panel.getByText(change.notes));
      const text = 'Wants the window open at night';
      await type(desk, /^Add to the log$/, text);
      await desk.keyboard.press('Enter');
      const there = async () =>
        (await deskRows(stage)).some((row) => row.text === text && row.person === person);
      await kept(desk, 'the line is in the log', there, panel.getByText(text));
      await leave(desk);
    },
  },
  {
    name: 'another door code is made, and a link for a member of the roster is made and copied',
    async run(stage) {
      const desk = await tab(stage, '4', 'Getting in');
      const rows = async (kind) => (await deskRows(stage)).filter(({ row }) => row === kind);
      const code = async () => (await rows('door'))[0]?.code;
      const was = await code();
      if (was === undefined) {
        await enter(desk, /^Open the door$/);
        await kept(desk, 'the door is open', async () => (await code()) !== undefined);
      }
      const old = await code();
      await enter(desk, /^Make another code/);
      await kept(desk, 'the code is another', async () => (await code()) !== old);
      await tabTo(desk, /^Paste a roster$/);
      await desk.keyboard.insertText('Isolde Marchbanks\tNurse');
      await enter(desk, /^Expect 1 person$/);
      await desk.locator('.expected').getByText('Isolde Marchbanks', { exact: true }).waitFor();
      await enter(desk, /^Link for Isolde Marchbanks$/);
      await enter(desk, /^Make the link$/);
      const link = desk.getByLabel('The link', { exact: true });
      await kept(desk, 'the link is made', () => true, link);
      await enter(desk, /^Copy$/);
      await kept(desk, 'it is copied', () => true, desk.getByText('Copied', { exact: true }));
      if (was !== undefined) return;
      await tab(stage, '4', 'Getting in');
      await enter(desk, /^Close the door$/);
      await kept(desk, 'the door is closed', async () => (await code()) === undefined);
    },
  },
  {
    name: 'a deadline that has passed is lifted from the needs list',
    async run(stage) {
      const deadline = {
        at: Date.now() - 60_000,
        set_by: 'The regulator',
        why: 'Nobody sleeps there tonight',
      };
      await submit(stage, { kind: 'set_deadline', deadline });
      const desk = await tab(stage, '2', /^Needs somebody/);
      const need = desk.locator('[data-need]', { hasText: deadline.why });
      await need.waitFor();
      await needTo(desk, need);
      await enter(desk, /^Lift it$/);
      await type(desk, /^Why it is lifted$/, 'They may stay');
      await desk.keyboard.press('Enter');
      const lifted = async () =>
        (await deskRows(stage))
          .find(({ row }) => row === 'desk_incident')
          .deadlines.every(({ at }) => at !== deadline.at);
      await kept(desk, 'the deadline is lifted', lifted);
    },
  },
  {
    name: 'single-key shortcuts are turned off and on, and the announcements are chosen',
    async run(stage) {
      const desk = await residents(stage);
      await desk.keyboard.press('?');
      const sheet = desk.getByRole('dialog', { name: 'Keys and what is spoken' });
      await sheet.waitFor();
      await tick(desk, /^Single keys are on$/);
      await choose(desk, /^News of the room$/, 'Imp');
      await desk.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });
      await desk.keyboard.press('?');
      assert((await sheet.count()) === 0, 'single keys are off');
      await enter(desk, /^Keys$/);
      await sheet.waitFor();
      const spoken = desk.getByLabel('News of the room');
      assert((await spoken.inputValue()) === 'important', 'it is kept');
      await tick(desk, /^Single keys are on$/);
      await choose(desk, /^News of the room$/, 'All');
      await desk.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });
      await walk(desk, ['j']);
    },
  },
];

/** Marks two people in hospital, whom no other test moves; returns their ids. */
async function markTwo(desk) {
  await enter(desk, /^In hospital\s*\d/);
  await desk.keyboard.press('j');
  await desk.keyboard.press('x');
  await desk.keyboard.press('j');
  await desk.keyboard.press('x');
  const marked = await desk
    .locator('tbody tr[aria-selected="true"]')
    .evaluateAll((rows) => rows.map((row) => row.dataset.row));
  assert(marked.length === 2, `${marked.length} are marked`);
  return marked;
}
