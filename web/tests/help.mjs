import { assert, clean, deskRows, live, submit, until, WAIT_MS } from './stage.mjs';

export const name = 'help';

export const tests = [
  {
    name: 'help is at the bottom right of every view, and large enough for a gloved hand',
    async run(stage) {
      const { phone } = stage.faces;
      for (const view of ['mine', 'everyone', 'updates', 'more', 'team', 'outbox', 'sign-on']) {
        await phone.goto(`${stage.origin}/m#/${view}`);
        await phone.locator('h1').first().waitFor();
        const box = await button(phone).boundingBox();
        assert(box.width >= 80 && box.height >= 50, `${view}: help is ${JSON.stringify(box)}`);
        assert(box.x + box.width > 370 && box.y + box.height > 800, `${view}: help is elsewhere`);
      }
    },
  },
  {
    name: 'a short touch does not open help, a long press does',
    async run(stage) {
      const { phone } = stage.faces;
      await phone.goto(`${stage.origin}/m#/mine`);
      await button(phone).click();
      assert(!phone.url().includes('help'), 'a short touch opened help');
      await button(phone).getByText('Tap again').waitFor();
      const box = await button(phone).boundingBox();
      await phone.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await phone.mouse.down();
      await phone.waitForURL('**/m#/help');
      await phone.mouse.up();
      await phone.getByRole('heading', { name: 'Help', exact: true }).waitFor();
      await clean(phone, 'help');
    },
  },
  {
    name: 'pressing a key twice opens help from a resident, and the call is about them',
    async run(stage) {
      const { phone } = stage.faces;
      const { id, person } = await openSomebody(stage);
      await button(phone).focus();
      await phone.keyboard.press('Enter');
      await phone.getByText('Press again to open help.').waitFor({ state: 'attached' });
      await phone.keyboard.press('Enter');
      await phone.waitForURL(`**/m#/help/${id}`);
      await until('the heading has the focus', () =>
        phone.evaluate(() => document.activeElement?.tagName === 'H1'),
      );
      await phone.getByRole('button', { name: 'I need the room' }).click();
      await phone.getByRole('heading', { name: 'The room has your call' }).waitFor();
      const call = await onlyCall(stage);
      assert(call.person === person && call.help === 'need_the_room', JSON.stringify(call));
      await clean(phone, 'help, sent');
      await phone.goto(`${stage.origin}/m#/mine`);
      await phone.getByText('Nobody has answered yet.').waitFor();
      await phone.reload();
      await phone.getByText('Nobody has answered yet.').waitFor();

      await submit(stage, { kind: 'answer_help', call: call.call });
      await phone.getByText('Help is answered').waitFor();
      const desk = (await deskRows(stage)).find(({ row }) => row === 'help');
      const who = await memberName(stage, desk.answered_by);
      await phone.locator('.own', { hasText: `by ${who}` }).click();
      await phone.getByRole('heading', { name: `Answered by ${who}` }).waitFor();
      await clean(phone, 'help, answered');
      await phone.getByRole('button', { name: /it is over/ }).click();
      await until('the call is over', async () => (await calls(stage)).length === 0);
      await phone.getByRole('button', { name: 'I am not safe' }).waitFor();
    },
  },
  {
    name: 'a call in the room, and its end, survive a reload without signal',
    async run(stage) {
      const { phone } = stage.faces;
      const told = phone.getByRole('heading', { name: 'The room has your call' });
      await phone.goto(`${stage.origin}/m#/help`);
      await until('the phone keeps what it shows', () => worker(phone));
      await phone.getByRole('button', { name: 'I need the room' }).click();
      await told.waitFor();
      // At once, before the phone has stored the rows that show the call.
      await reloadWithoutSignal(phone);
      await told.waitFor();
      await phone.context().setOffline(false);
      await live(phone);
      await phone.getByRole('button', { name: /it is over/ }).click();
      await until('the call is over', async () => (await calls(stage)).length === 0);
      await phone.getByRole('button', { name: 'I am not safe' }).waitFor();
      await reloadWithoutSignal(phone);
      await phone.getByRole('button', { name: 'I am not safe' }).waitFor();
      assert((await told.count()) === 0, 'a call that is over is told as waiting');
      await phone.context().setOffline(false);
      await live(phone);
    },
  },
  {
    name: 'R36: an unsent call fills the screen until it is sent, across a reload',
    async run(stage) {
      const { phone } = stage.faces;
      await phone.goto(`${stage.origin}/m#/help`);
      await phone.getByRole('button', { name: 'I am not safe' }).waitFor();
      await until('the phone keeps what it shows', () => worker(phone));
      await phone.context().setOffline(true);
      await phone.route('**/commands', (route) => route.abort('internetdisconnected'));
      await phone.getByLabel(/^Where/).fill('Back stairs');
      await phone.getByRole('button', { name: 'I am not safe' }).click();
      const cover = phone.locator('.unsent.lost');
      await cover.waitFor();
      const box = await cover.boundingBox();
      assert(box.width === 390 && box.height === 844, `it covers ${JSON.stringify(box)}`);
      await cover.getByRole('heading', { name: /NOT SENT/ }).waitFor();
      assert((await cover.locator('a[href="tel:999"]').count()) === 1, '999 is not offered');
      assert((await cover.locator('a[href^="tel:0"]').count()) === 1, 'the room is not offered');
      await phone
        .locator('[role=alert]', { hasText: 'Go to a person' })
        .waitFor({ state: 'attached' });
      await clean(phone, 'help, not sent');
      await phone.reload();
      await cover.getByRole('heading', { name: /NOT SENT/ }).waitFor();
      await cover.getByText('Back stairs').waitFor();

      await phone.unroute('**/commands');
      await phone.context().setOffline(false);
      await cover.waitFor({ state: 'detached', timeout: 2 * WAIT_MS });
      await phone.getByRole('heading', { name: 'The room has your call' }).waitFor();
      const call = await onlyCall(stage);
      assert(call.place === 'Back stairs' && call.help === 'not_safe', JSON.stringify(call));
      // Somebody at the desk ends it: the phone must say so, and not just fall silent.
      await submit(stage, { kind: 'end_help', call: call.call, words: 'Found and safe' });
      await phone.locator('.own', { hasText: 'Your call for help has ended' }).waitFor();
      await phone.getByRole('button', { name: 'I have read it' }).click();
    },
  },
  {
    name: 'a call overtakes waiting commands, although a request hangs',
    async run(stage) {
      const { phone } = stage.faces;
      await phone.goto(`${stage.origin}/m#/mine`);
      const bodies = [];
      await phone.route('**/commands', async (route) => {
        bodies.push(
          route
            .request()
            .postDataJSON()
            .commands.map((one) => one.do.kind),
        );
        // The first request gets no response, as on a network that drops packets.
        if (bodies.length > 1) await route.continue();
      });
      const { id } = await openSomebody(stage);
      await phone.goto(`${stage.origin}/m#/trouble/${id}`);
      await phone.getByRole('button', { name: 'Problem with the crew' }).click();
      await phone.waitForURL(`**/m#/person/${id}`);
      await phone.goto(`${stage.origin}/m#/help`);
      await phone.getByRole('button', { name: 'I need the room' }).click();
      await phone.getByRole('heading', { name: 'The room has your call' }).waitFor();
      assert(bodies[1].join() === 'call_for_help', `then went ${JSON.stringify(bodies)}`);
      await until('the rest went after it', () => bodies.length === 3);
      assert(bodies[2].join() === 'report_trouble', JSON.stringify(bodies));
      await phone.unroute('**/commands');
      await phone.getByRole('button', { name: /it is over/ }).click();
      await until('the call is over', async () => (await calls(stage)).length === 0);
    },
  },
  {
    name: "another member's call appears on every phone of the site, and one tap answers it",
    async run(stage) {
      const { phone } = stage.faces;
      await phone.goto(`${stage.origin}/m#/everyone`);
      await submit(stage, {
        kind: 'call_for_help',
        help: 'not_safe',
        person: null,
        place: 'Attic',
      });
      const call = phone.locator('.call', { hasText: 'Attic' });
      await call.waitFor();
      await clean(phone, "somebody else's call");
      await call.getByRole('button', { name: 'I am going' }).click();
      await call.getByText('Answered by you').waitFor();
      const row = await onlyCall(stage);
      assert(row.answered_by !== null, 'the room does not know who answers');
      await call.getByRole('button', { name: 'It is over' }).click();
      await call.waitFor({ state: 'detached' });
      await until('the call is over', async () => (await calls(stage)).length === 0);
    },
  },
];

function button(page) {
  return page.getByRole('button', { name: /^Help/ });
}

/** Opens the first resident and returns who that is. */
async function openSomebody(stage) {
  const { phone } = stage.faces;
  await phone.goto(`${stage.origin}/m#/everyone`);
  await phone.locator('h1[data-title=Everyone]').waitFor();
  const href = await phone.locator('.rows a').nth(20).getAttribute('href');
  const id = href.split('/').pop();
  await phone.goto(`${stage.origin}/m#/person/${id}`);
  await phone.locator(`h1#name-${id}`).waitFor();
  return { id, person: id };
}

async function reloadWithoutSignal(page) {
  await page.context().setOffline(true);
  await page.reload();
  await page.getByText('No signal. Keep working.').waitFor();
}

async function calls(stage) {
  return (await deskRows(stage)).filter(({ row }) => row === 'help');
}

async function onlyCall(stage) {
  const all = await calls(stage);
  assert(all.length === 1, `the room has ${all.length} calls`);
  return all[0];
}

async function memberName(stage, member) {
  const rows = await deskRows(stage);
  return rows.find((row) => row.row === 'desk_member' && row.member === member).name;
}

/** Returns whether the phone can open without signal. */
function worker(page) {
  return page.evaluate(async () => {
    const found = await caches.keys();
    return (
      found.some((key) => key.startsWith('muster-shell-')) && navigator.serviceWorker.controller
    );
  });
}
