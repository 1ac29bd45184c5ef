// Each task of the desk from start to finish by keyboard alone: no pointer, and no script sets the focus.
import { here, residents } from './desk-work.mjs';
import { choose, enter, find, focus, kept, leave, tab, tabTo, type, walk } from './keys.mjs';
import { assert, deskPerson, deskRows, until } from './stage.mjs';

export const name = 'desk by keyboard';

const LIST = 'Room,Name,D.O.B\n91,Agatha Thimbleton,03/04/1938\n';

export const tests = [
  {
    name: 'a member is signed on, on their word',
    async run(stage) {
      const { desk } = stage.faces;
      await tab(stage, '3', 'Team and sign-ins');
      await enter(desk, /^Sign somebody on/);
      await tabTo(desk, /^Who$/);
      await desk.keyboard.press('ArrowDown');
      await tabTo(desk, /^Where$/);
      await desk.keyboard.press('ArrowDown');
      await type(desk, /^Planned end$/, '23:40');
      await type(desk, /^On whose word/, 'The ward sister, by radio');
      await desk.keyboard.press('Enter');
      await desk.locator('tr', { hasText: 'The ward sister, by radio' }).first().waitFor();
    },
  },
  {
    name: 'the table is walked to its end and back, and its header hides no cell',
    async run(stage) {
      const desk = await residents(stage);
      await desk.keyboard.press('j');
      await until('a cell has the focus', async () => (await focus(desk)) !== '');
      const [down, up] = [Array(5).fill('PageDown'), Array(40).fill('ArrowUp')];
      await walk(desk, [...down, ...up, 'PageDown', 'PageUp', 'End', 'Home']);
    },
  },
  {
    name: 'three people are marked and given one worker, and it is undone',
    async run(stage) {
      const desk = await residents(stage);
      const workers = async () =>
        new Map(
          (await deskRows(stage))
            .filter(({ row }) => row === 'desk_person')
            .map(({ person, worker }) => [person, worker]),
        );
      const before = await workers();
      await desk.keyboard.press('j');
      for (let step = 0; step < 3; step += 1) {
        await desk.keyboard.press('x');
        await desk.keyboard.press('j');
      }
      const marked = await desk
        .locator('tbody tr[aria-selected="true"]')
        .evaluateAll((rows) => rows.map((row) => row.dataset.row));
      assert(marked.length === 3, `${marked.length} are marked`);
      await enter(desk, /^Name a worker$/);
      const sheet = desk.getByRole('dialog', { name: 'Name a worker, for 3 people' });
      await sheet.waitFor();
      await choose(desk, /^Named social worker$/, 'Debbie');
      await enter(desk, /^Name a worker, for 3$/);
      await kept(
        desk,
        'all have one worker',
        async () => {
          const now = await workers();
          return new Set(marked.map((id) => now.get(id))).size === 1;
        },
        sheet.getByText('Saved for 3 of 3.'),
      );
      await enter(desk, /^Done$/);
      await sheet.waitFor({ state: 'detached' });
      await kept(desk, 'the sheet is gone', () => true);
      await enter(desk, /^Undo$/);
      await kept(
        desk,
        'each has the worker of before',
        async () => {
          const now = await workers();
          return marked.every((id) => now.get(id) === before.get(id));
        },
        desk.getByRole('group', { name: 'Undo' }).getByText(/^Taken back/),
      );
      await enter(desk, /^Close$/);
      await kept(desk, 'the strip is closed', () => true);
      await enter(desk, /^Unmark all$/);
      await kept(
        desk,
        'nobody is marked',
        async () => (await desk.locator('tbody tr[aria-selected="true"]').count()) === 0,
      );
    },
  },
  {
    name: 'a worker is assigned from the table',
    async run(stage) {
      const desk = await residents(stage);
      await desk.keyboard.press('j');
      await desk.keyboard.press('End');
      const row = await desk.evaluate(() => document.activeElement.closest('tr').dataset.row);
      const was = await worker(stage, row);
      await desk.keyboard.press('Enter');
      await desk.getByRole('dialog', { name: /^Worker of/ }).waitFor();
      await until('the list has the focus', async () => /^Named social/.test(await focus(desk)));
      await desk.keyboard.press(was === null ? 'ArrowDown' : 'Home');
      await desk.keyboard.press('Enter');
      await until('the worker is another', async () => (await worker(stage, row)) !== was);
      await until('the focus is in the cell again', async () =>
        /^Worker of/.test(await focus(desk)),
      );
    },
  },
  {
    name: 'a person is found, given a place, and leaves for it',
    async run(stage) {
      const desk = await residents(stage);
      // A person whom no gate keeps from a place: others may have been imported a moment ago.
      const confirmed = ({ item, state }) => item === 'on_the_list' && state === 'done';
      const free = (row) =>
        row.destination.home === null && row.worker !== null && row.items.some(confirmed);
      const { reference } = (await here(stage)).find(free);
      await find(desk, reference);
      await enter(desk, /^Accept a place/);
      await tabTo(desk, /^Home$/);
      await desk.keyboard.press('ArrowDown');
      await enter(desk, /^Accept this place$/);
      await until(
        'the place is planned',
        async () => (await deskPerson(stage, reference)).destination.home !== null,
      );
      await enter(desk, /^Left$/);
      await enter(desk, /^Record as left$/);
      await kept(
        desk,
        'they are on the way',
        async () => (await deskPerson(stage, reference)).place === 'on_the_way',
        desk.locator('summary', { hasText: 'Came back to the home' }),
      );
      await leave(desk);
    },
  },
  {
    name: 'a log line is written, and corrected',
    async run(stage) {
      const { desk } = stage.faces;
      await tab(stage, '8', 'Log');
      await desk.keyboard.press('l');
      await desk.getByRole('dialog', { name: 'Add a line to the log' }).waitFor();
      await until('the line has the focus', async () => /^What happened/.test(await focus(desk)));
      await desk.keyboard.type('The lift stands still');
      await enter(desk, /^Add to the log$/);
      await desk.locator('td.what', { hasText: 'The lift stands still' }).waitFor();
      await enter(desk, /^Correct$/);
      await until('the words have the focus', async () => /^It should/.test(await focus(desk)));
      await desk.keyboard.press('Control+A');
      await desk.keyboard.type('The lift works again');
      await type(desk, /^Why$/, 'It was the other lift');
      await desk.keyboard.press('Enter');
      await kept(desk, 'the line is corrected', async () =>
        (await deskRows(stage)).some(({ text }) => text?.startsWith('The lift works again')),
      );
    },
  },
  {
    name: 'a list is imported',
    async run(stage) {
      const { desk } = stage.faces;
      // Listen from the start: on a busy machine the browser's own dialog would come first.
      let chooser = null;
      desk.once('filechooser', (asked) => (chooser = asked));
      await tab(stage, '5', 'Import a list');
      await tabTo(desk, /^Spreadsheet or CSV file$/);
      await desk.keyboard.press('Enter');
      await until('a file is asked for', () => chooser !== null);
      const file = { name: 'one.csv', mimeType: 'text/csv', buffer: Buffer.from(LIST) };
      await chooser.setFiles(file);
      await desk.getByRole('heading', { name: 'What will happen' }).waitFor();
      await enter(desk, /^Take in 1 person$/);
      await desk.getByRole('heading', { name: 'The list is in the room' }).waitFor();
      await kept(desk, 'she is on the register', async () =>
        (await deskRows(stage)).some((row) => row.name === 'Agatha Thimbleton'),
      );
    },
  },
  {
    name: 'a pack is numbered and printed',
    async run(stage) {
      const { desk } = stage.faces;
      await tab(stage, '6', 'Paper');
      await desk.evaluate(() => {
        window.printed = 0;
        window.print = () => (window.printed += 1);
      });
      const { reference } = (await here(stage))[0];
      await tabTo(desk, /^What$/);
      await desk.keyboard.press('ArrowDown');
      await desk.keyboard.press('ArrowDown');
      await type(desk, /^References$/, reference);
      await enter(desk, /^Number and print 1$/);
      await kept(desk, 'the printer was asked', () => desk.evaluate(() => window.printed === 1));
    },
  },
  {
    name: 'a device at the door is given a role and admitted',
    async run(stage) {
      const { desk } = stage.faces;
      await tab(stage, '4', 'Getting in');
      const door = async () => (await deskRows(stage)).find(({ row }) => row === 'door');
      if ((await door()) === undefined) await enter(desk, /^Open the door$/);
      await until('the door is open', async () => (await door()) !== undefined);
      const phone = await stage.open({ width: 390, height: 844 });
      await phone.goto(`${stage.origin}/door`);
      await type(phone, /^Door code$/, (await door()).code);
      await type(phone, /^Your name/, 'Ottoline Brackenhall');
      await phone.keyboard.press('Enter');
      await desk.getByRole('rowheader', { name: /^Ottoline Brackenhall/ }).waitFor();
      await enter(desk, /^Choose the roles/);
      await tabTo(desk, /^Nurse$/);
      await desk.keyboard.press('Space');
      await enter(desk, /^Let 1 person in$/);
      await phone.waitForURL('**/m*');
      await kept(desk, 'nobody waits', () => true, desk.getByText('Nobody waits.'));
    },
  },
  {
    name: 'a link is made for a member',
    async run(stage) {
      const { desk } = stage.faces;
      await tab(stage, '4', 'Getting in');
      await type(desk, /^Name$/, 'Perpetua Holloway');
      await tabTo(desk, /^Nurse$/);
      await desk.keyboard.press('Space');
      await enter(desk, /^Make the link$/);
      const link = desk.getByLabel('The link', { exact: true });
      await kept(desk, 'the link is made', () => true, link);
      const phone = await stage.open({ width: 390, height: 844 });
      await phone.goto(await link.inputValue());
      await phone.waitForURL('**/m*');
      await phone.getByText('Perpetua Holloway').first().waitFor();
    },
  },
  {
    name: 'a deadline is set, and lifted',
    async run(stage) {
      const { desk } = stage.faces;
      await tab(stage, '9', 'Incident');
      await enter(desk, /^Set a deadline$/);
      await type(desk, /^Time$/, '23:59');
      await type(desk, /^Set by/, 'The regulator');
      await type(desk, /^Why this time$/, 'Nobody sleeps there');
      await desk.keyboard.press('Enter');
      await desk.getByText('Nobody sleeps there. Set by The regulator.').waitFor();
      await tab(stage, '9', 'Incident');
      await enter(desk, /^Lift the deadline of 23:59/);
      await type(desk, /^Why it is lifted$/, 'They may stay');
      await desk.keyboard.press('Enter');
      await desk.getByText('Nobody sleeps there.').waitFor({ state: 'detached' });
      await kept(desk, 'the deadline is lifted', () => true);
    },
  },
  {
    name: 'a destination is protected, read, and disclosed again',
    async run(stage) {
      const desk = await residents(stage);
      const { reference } = (await here(stage))[0];
      const isProtected = async () => (await deskPerson(stage, reference)).protected;
      await find(desk, reference);
      await enter(desk, /^Protect the destination/);
      await type(desk, /^Who may not be told/, 'Ambrose Thistlewood');
      await type(desk, /^Why$/, 'A court order');
      await desk.keyboard.press('Enter');
      await until('the destination is protected', isProtected);
      await enter(desk, /^Read where/);
      await desk.getByText('Ambrose Thistlewood').first().waitFor();
      await enter(desk, /^End this protection/);
      await type(desk, /^Why/, 'The order was lifted');
      await desk.keyboard.press('Enter');
      await desk.getByText('Ambrose Thistlewood').first().waitFor({ state: 'detached' });
      await kept(desk, 'the destination is told again', async () => !(await isProtected()));
      await leave(desk);
    },
  },
  {
    name: 'a file is taken away',
    async run(stage) {
      const { desk } = stage.faces;
      await residents(stage);
      await enter(desk, /^Take away$/);
      await desk.getByRole('heading', { level: 1, name: 'Take away' }).waitFor();
      await type(desk, /^What it is for$/, 'browser test');
      const saving = desk.waitForEvent('download');
      await enter(desk, /^Take away$/);
      assert((await saving).suggestedFilename().startsWith('muster_'), 'a file is saved');
    },
  },
];

async function worker(stage, person) {
  const rows = await deskRows(stage);
  return rows.find((row) => row.row === 'desk_person' && row.person === person).worker;
}
