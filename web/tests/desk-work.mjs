// The desk at work: by keyboard, in bulk, with concurrent edits, and what needs somebody.
import { assert, clean, deskRows, until } from './stage.mjs';

export const name = 'desk work';

export const tests = [
  {
    name: 'single-key shortcuts walk the table, open and close a person, and can be turned off',
    async run(stage) {
      const desk = await residents(stage);
      await desk.keyboard.press('j');
      await goes(desk, 'j goes to the table', ({ row }) => row !== undefined);
      const first = await focused(desk);
      await desk.keyboard.press('j');
      await goes(desk, 'j goes down', ({ row }) => row !== undefined && row !== first.row);
      await desk.keyboard.press('k');
      await goes(desk, 'k goes back up', ({ row }) => row === first.row);
      await desk.keyboard.press('ArrowRight');
      await goes(desk, 'the right arrow goes to the birth date', ({ cell: at }) => at === 'born');
      await desk.keyboard.press('Home');
      await goes(desk, 'Home goes to the mark', ({ cell: at }) => at === 'mark');
      await desk.keyboard.press('End');
      await goes(desk, 'End goes to the worker', ({ cell: at }) => at === 'worker');
      await desk.keyboard.press('Home');
      await desk.keyboard.press('ArrowRight');
      await desk.keyboard.press('ArrowRight');
      await desk.keyboard.press('Enter');
      await desk.locator('aside h2').waitFor();
      await desk.keyboard.press('Escape');
      await desk.locator('aside').waitFor({ state: 'detached' });
      await desk.keyboard.press('?');
      const sheet = desk.getByRole('dialog', { name: 'Keys and what is spoken' });
      await sheet.waitFor();
      await clean(desk, 'the keys', 'dialog[open]');
      await sheet.getByLabel('Single keys are on').uncheck();
      await desk.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });
      await desk.keyboard.press('l');
      await desk.keyboard.press('?');
      assert(
        (await desk.getByRole('dialog').count()) === 0,
        'no single key acts once they are off',
      );
      await desk.getByRole('button', { name: 'Keys' }).click();
      await sheet.getByLabel('Single keys are on').check();
      await desk.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });
    },
  },
  {
    name: 'the table is one Tab stop, and the arrow keys never leave it',
    async run(stage) {
      const desk = await residents(stage);
      const stops = await desk.locator('tbody [data-cell][tabindex="0"]').count();
      assert(stops === 1, `Tab stops ${stops} times in the table`);
    },
  },
  {
    name: 'a shortcut opens the search from another view, and Esc returns there',
    async run(stage) {
      const { desk } = stage.faces;
      await view(stage, 'log', 'Log');
      await desk.keyboard.press('/');
      const box = desk.getByRole('searchbox');
      await until('the search has the focus', () =>
        box.evaluate((one) => one === document.activeElement),
      );
      await desk.keyboard.type('l/j');
      assert((await box.inputValue()) === 'l/j', 'keys that are typed are only typed');
      await desk.keyboard.press('Escape');
      await desk.getByRole('heading', { level: 1, name: 'Log', exact: true }).waitFor();
      await residents(stage);
      assert((await box.inputValue()) === '', 'the search is empty again');
    },
  },
  {
    name: 'a log line can be written from anywhere, about a person, with its time and reason',
    async run(stage) {
      const { desk } = stage.faces;
      const { reference, person } = (await here(stage))[0];
      await view(stage, 'team', 'Team and sign-ins');
      await desk.keyboard.press('l');
      const sheet = desk.getByRole('dialog', { name: 'Add a line to the log' });
      await sheet.waitFor();
      await clean(desk, 'the line for the log', 'dialog[open]');
      await desk.keyboard.type('Spectacles found in the lounge');
      await sheet.getByLabel('About a resident').fill('nobody of this name');
      await sheet.getByRole('button', { name: 'Add to the log' }).click();
      await sheet.getByText('Nobody on the register is').waitFor();
      await sheet.getByLabel('About a resident').fill(reference.toLowerCase());
      await sheet.getByText('Happened earlier?').click();
      await sheet.getByLabel('Happened at').fill(await clock(desk, -25));
      await sheet.getByLabel('Why it is entered late').fill('Told at the meeting');
      await sheet.getByRole('button', { name: 'Add to the log' }).click();
      await sheet.waitFor({ state: 'detached' });
      await until('the line is in the room', async () =>
        (await deskRows(stage)).some(
          (row) =>
            row.row === 'desk_log' &&
            row.text === 'Spectacles found in the lounge' &&
            row.person === person &&
            row.late_reason === 'Told at the meeting',
        ),
      );
    },
  },
  {
    name: 'a cell is edited in place by keyboard alone, and the focus returns to it',
    async run(stage) {
      const desk = await residents(stage);
      const { person, reference } = (await here(stage))[1];
      await cell(desk, person, 'bedroom').focus();
      await desk.keyboard.press('Enter');
      const sheet = desk.getByRole('dialog', { name: `Bedroom of ${reference}` });
      await sheet.waitFor();
      await desk.keyboard.press('Control+A');
      await desk.keyboard.type('gf3');
      await desk.keyboard.press('Enter');
      await sheet.waitFor({ state: 'detached' });
      await changed(stage, person, 'the bedroom', (row) => row.bedroom === 'GF3');
      await goes(desk, 'the focus is in the cell again', ({ cell: at }) => at === 'bedroom');
      await cell(desk, person, 'rating').click();
      const rate = desk.getByRole('dialog', { name: `Rating of ${reference}` });
      await clean(desk, 'the rating of somebody', 'dialog[open]');
      await rate.getByRole('radio', { name: /At risk/ }).check();
      await rate.getByRole('button', { name: 'Save' }).click();
      await rate.getByText('A rating has a reason.').waitFor();
      await rate.getByLabel('Reason').fill('Chest infection');
      await desk.keyboard.press('Enter');
      await changed(
        stage,
        person,
        'the rating',
        (row) => row.rating === 'at_risk' && row.rating_reason === 'Chest infection',
      );
      assert(
        (await cell(desk, person, 'leaves').evaluate((one) => one.tagName)) === 'TD',
        'without a place there is no leaving time to write',
      );
    },
  },
  {
    name: 'an edit that conflicts with a later change is set aside, and settled by a person',
    async run(stage) {
      const desk = await residents(stage);
      const { person, reference, name: was } = (await here(stage))[2];
      await cell(desk, person, 'born').click();
      const sheet = desk.getByRole('dialog', { name: 'Name and birth date' });
      await sheet.getByLabel('Full name').fill(`${was} Senior`);
      await ask(stage, 'phone', {
        kind: 'change_service_user',
        person,
        change: { name: `${was} Junior` },
      });
      await sheet.getByText(`Changed meanwhile by somebody else: ${was} Junior`).waitFor();
      await sheet.getByRole('button', { name: 'Save' }).click();
      await until('the edit is set aside', async () =>
        (await deskRows(stage)).some((row) => row.row === 'edit' && row.person === person),
      );
      await changed(stage, person, 'what stands', (row) => row.name === `${was} Junior`);
      await view(stage, 'needs', /^Needs somebody/);
      const need = desk.locator('li.edit', { hasText: reference });
      await need.getByRole('cell', { name: `${was} Senior` }).waitFor();
      await need.getByRole('cell', { name: `${was} Junior` }).waitFor();
      await clean(desk, 'an edit set aside');
      await need.getByRole('button', { name: 'Take what was set aside' }).click();
      await changed(stage, person, 'the name', (row) => row.name === `${was} Senior`);
      await need.getByText('Seen to.').waitFor();
    },
  },
  {
    name: 'many people are marked by keyboard, given one worker, and reverted by undo',
    async run(stage) {
      const desk = await residents(stage);
      const before = new Map((await here(stage)).map((row) => [row.person, row.worker]));
      await desk.keyboard.press('j');
      for (let step = 0; step < 3; step += 1) {
        await desk.keyboard.press('x');
        await desk.keyboard.press('j');
      }
      const marked = await desk
        .locator('tbody tr[aria-selected="true"]')
        .evaluateAll((rows) => rows.map((row) => row.dataset.row));
      assert(marked.length === 3, `${marked.length} are marked`);
      await desk.getByRole('button', { name: 'Name a worker' }).click();
      const sheet = desk.getByRole('dialog', { name: 'Name a worker, for 3 people' });
      await sheet.getByRole('button', { name: 'Name a worker, for 3' }).click();
      await sheet.getByText('Choose who is named').waitFor();
      const other = await sheet
        .getByRole('option')
        .evaluateAll(
          (options, taken) => options.find(({ value }) => !taken.includes(value)).value,
          ['', ...new Set(before.values())],
        );
      await sheet.getByLabel('Named social worker').selectOption(other);
      await clean(desk, 'the worker for many', 'dialog[open]');
      await sheet.getByRole('button', { name: 'Name a worker, for 3' }).click();
      await sheet.getByText('Saved for 3 of 3.').waitFor();
      await sheet.getByRole('button', { name: 'Done' }).click();
      for (const id of marked)
        await changed(stage, id, 'the worker', (row) => row.worker === other);
      const strip = desk.getByRole('main').getByRole('group', { name: 'Undo' });
      await strip.getByRole('button', { name: 'Undo' }).click();
      for (const id of marked) {
        await changed(stage, id, 'the worker of before', (row) => row.worker === before.get(id));
      }
      await desk.getByRole('button', { name: 'Unmark all' }).click();
    },
  },
  {
    name: 'of many, a refused one is named, and the others are saved',
    async run(stage) {
      const desk = await residents(stage);
      const two = (await here(stage)).slice(3, 5);
      for (const { person } of two) await cell(desk, person, 'mark').check();
      await desk.route('**/commands', async (route) => {
        const body = route.request().postDataJSON();
        // The second names a member unknown to the room: the room refuses it alone.
        for (const command of body.commands) {
          if (command.do.kind === 'rate' && command.do.person === two[1].person) {
            command.do.person = '01920000-0000-7000-8000-000000000999';
          }
        }
        await route.continue({ postData: JSON.stringify(body) });
      });
      await desk.getByRole('button', { name: 'Rate', exact: true }).click();
      const sheet = desk.getByRole('dialog', { name: 'Rate, for 2 people' });
      await sheet.getByLabel('Reason, the same for all').fill('Lift out of order');
      await sheet.getByRole('button', { name: 'Rate, for 2' }).click();
      await sheet.getByText('Saved for 1 of 2.').waitFor();
      await sheet.getByText(two[1].name).waitFor();
      await clean(desk, 'a refusal among many', 'dialog[open]');
      await desk.unroute('**/commands');
      await sheet.getByRole('button', { name: 'Done' }).click();
      await changed(
        stage,
        two[0].person,
        'the rating',
        (row) => row.rating_reason === 'Lift out of order',
      );
      assert((await desk.getByText('Refused: rate').count()) === 0, 'a refusal is told once');
      await desk.getByRole('button', { name: 'Unmark all' }).click();
    },
  },
  {
    name: 'rows keep their order while in use, and reorder on request',
    async run(stage) {
      const desk = await residents(stage);
      const [, , , , , one] = await here(stage);
      await desk.locator('tbody tr').nth(2).hover();
      const order = () =>
        desk.locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset.row));
      const before = await order();
      await ask(stage, 'phone', {
        kind: 'change_service_user',
        person: one.person,
        change: { bedroom: '99A' },
      });
      await desk.getByText('1 change.').waitFor();
      assert(JSON.stringify(await order()) === JSON.stringify(before), 'no row has moved');
      // A row outside the viewport is not laid out, but its text is still there.
      const text = await cell(desk, one.person, 'bedroom').textContent();
      assert(text === '99A', `the cell says ${text}`);
      await desk.getByRole('button', { name: 'Show now' }).click();
      await until(
        'the row has moved',
        async () => JSON.stringify(await order()) !== JSON.stringify(before),
      );
      await desk.mouse.move(5, 5);
    },
  },
  {
    name: 'the stage filter counts the same people as the wall',
    async run(stage) {
      const desk = await residents(stage);
      const { wall } = stage.faces;
      for (const words of ['To assess', 'Finding a place', 'On the way']) {
        const button = desk.getByRole('button', { name: new RegExp(`^${words} \\d+$`) });
        const lane = wall.locator(`section[aria-label="${words}"]`);
        await until(`${words} is the same on both`, async () => {
          const mine = /\d+/.exec(await button.innerText())[0];
          return (await lane.count()) === 0 || (await lane.innerText()).includes(mine);
        });
      }
      await desk.getByRole('button', { name: /^To assess/ }).click();
      const shown = await desk.locator('tbody tr').count();
      const said = await desk.getByRole('button', { name: /^To assess/ }).innerText();
      assert(said.includes(String(shown)), `${shown} rows, and the filter says ${said}`);
      await desk.getByRole('button', { name: /^All/ }).click();
    },
  },
];

/** Opens the table of residents, without a search and with the panel closed. */
export async function residents(stage) {
  const { desk } = stage.faces;
  await desk.goto(`${stage.origin}/desk#/residents`);
  // Reloading discards what an earlier test left open.
  await desk.reload();
  await desk.locator('tbody tr').first().waitFor();
  await desk.mouse.move(5, 5);
  return desk;
}

export async function view(stage, key, title) {
  // A list keeps its order while the pointer is in it.
  await stage.faces.desk.mouse.move(5, 5);
  await stage.faces.desk.goto(`${stage.origin}/desk#/${key}`);
  const exact = typeof title === 'string';
  await stage.faces.desk.getByRole('heading', { level: 1, name: title, exact }).waitFor();
}

/** Returns people at the home from the end of the list, which the other tests do not use. */
export async function here(stage) {
  const rows = (await deskRows(stage)).filter(
    (row) => row.row === 'desk_person' && row.place === 'at_the_home',
  );
  return rows.sort((a, b) => Number.parseInt(b.bedroom ?? '0') - Number.parseInt(a.bedroom ?? '0'));
}

const cell = (desk, person, key) => desk.locator(`[data-row="${person}"] [data-cell="${key}"]`);

/** Returns the focused cell. */
async function focused(desk) {
  return desk.evaluate(() => ({
    row: document.activeElement?.closest('[data-row]')?.dataset.row,
    cell: document.activeElement?.dataset.cell,
  }));
}

/** Waits until a key has moved the focus there. */
async function goes(desk, what, is) {
  await until(what, async () => is(await focused(desk)));
}

/** Waits until the room shows it for a person. */
async function changed(stage, person, what, holds) {
  await until(`${what} of ${person} is changed`, async () =>
    (await deskRows(stage)).some(
      (row) => row.row === 'desk_person' && row.person === person && holds(row),
    ),
  );
}

/** Sends a command from another device, and returns its fate. */
export async function ask(stage, face, command) {
  const page = stage.faces[face];
  return page.evaluate(
    async ([room, wanted, whose]) => {
      const rows = await fetch(`/api/rooms/${room}/rows?audience=${whose}`, {
        headers: { 'x-muster-face': whose },
      });
      const { to } = await rows.json();
      const answer = await fetch(`/api/rooms/${room}/commands`, {
        method: 'POST',
        headers: { 'x-muster-face': whose, 'content-type': 'application/json' },
        body: JSON.stringify({ commands: [{ id: crypto.randomUUID(), based_on: to, do: wanted }] }),
      });
      const { fates } = await answer.json();
      if (fates?.[0]?.fate.is !== 'ok') throw new Error(JSON.stringify(fates));
      return fates[0].id;
    },
    [stage.links.room, command, face],
  );
}

/** Returns the desk's own clock plus some minutes, as it is typed. */
export async function clock(page, minutes) {
  const shown = await page.locator('header .clock').first().innerText();
  const [hour, minute] = shown.trim().split(':').map(Number);
  const at = (hour * 60 + minute + minutes + 2 * 1440) % 1440;
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
}
