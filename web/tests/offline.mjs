import { assert, clean, deskPerson, deskRows, live, openPerson, until, WAIT_MS } from './stage.mjs';

export const name = 'offline';

export const tests = [
  {
    name: 'the phone opens without signal, and says so',
    async run(stage) {
      const { phone } = stage.faces;
      await phone.goto(`${stage.origin}/m#/mine`);
      await phone.evaluate(() => navigator.serviceWorker.ready);
      await until('the rows are on the phone', () => keeps(phone));
      await phone.context().setOffline(true);
      await phone.reload();
      await phone.getByText('No signal. Keep working.').waitFor();
      await phone.locator('article').waitFor();
      await phone.context().setOffline(false);
      const began = Date.now();
      await live(phone);
      console.log(`  # live again after ${Date.now() - began} ms`);
    },
  },
  {
    name: 'taps without signal arrive once each, in order, even after a reload without signal',
    async run(stage) {
      const { phone } = stage.faces;
      await phone.context().setOffline(true);
      await phone.route('**/commands', (route) => route.abort('internetdisconnected'));
      const first = await openPerson(stage, 10);
      await phone.getByRole('button', { name: 'Left' }).click();
      await phone.locator('.act', { hasText: 'Left' }).waitFor();
      await phone.reload();
      const second = await openPerson(stage, 11);
      await phone.getByRole('button', { name: 'Left' }).click();
      await phone.locator('.act', { hasText: 'on phone' }).first().waitFor();
      await phone.reload();
      await phone.goto(`${stage.origin}/m#/outbox`);
      await phone.getByText('2 changes wait here').waitFor();
      // At a reload a starting service worker can let a request past the browser's offline switch, and its
      // response is lost: it must still arrive exactly once.
      const slipped = (await deskPerson(stage, first)).place !== 'at_the_home';
      if (slipped) console.log('  # a request slipped past the switch; its answer was lost');

      await phone.unroute('**/commands');
      await phone.context().setOffline(false);
      await phone.getByText('All changes sent.').waitFor({ timeout: 2 * WAIT_MS });
      for (const reference of [first, second]) {
        await until(
          `${reference} has left`,
          async () => (await deskPerson(stage, reference)).place === 'on_the_way',
        );
        const { person } = await deskPerson(stage, reference);
        const lines = (await deskRows(stage)).filter(
          (row) => row.row === 'desk_log' && row.person === person && /left/i.test(row.text),
        );
        assert(lines.length === 1, `${reference} left ${lines.length} times in the log`);
        const reason = lines[0].late_reason;
        assert(slipped || reason === 'No signal', `the reason is ${reason}`);
      }
    },
  },
  ...[
    ['desk', '/desk#/residents', /^Not live/],
    ['phone', '/m#/mine', /^No signal\. Keep working/],
    ['sitrep', '/sitrep', /^Not live/],
  ].map(([face, path, words]) => ({
    name: `axe finds nothing on the ${face} while it is not live`,
    async run(stage) {
      const page = stage.faces[face];
      await page.goto(stage.origin + path);
      await live(page);
      await page.context().setOffline(true);
      await page
        .getByText(words)
        .first()
        .waitFor({ timeout: 2 * WAIT_MS });
      await clean(page, `${face}, not live`);
      await page.context().setOffline(false);
      await live(page);
    },
  })),
  {
    name: 'the phone shows that it is not live when the server goes silent',
    async run(stage) {
      const { phone } = stage.faces;
      await phone.goto(`${stage.origin}/m#/mine`);
      await phone.context().setOffline(true);
      await phone.getByText('No signal. Keep working.').waitFor({ timeout: 20_000 });
      await phone.context().setOffline(false);
      await live(phone);
    },
  },
];

/** Returns whether the phone has stored the rows that it shows. */
function keeps(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const asked = indexedDB.open('muster-keep-phone');
        asked.onerror = () => resolve(false);
        asked.onsuccess = () => {
          const db = asked.result;
          const kept = db.transaction('keep').objectStore('keep').count('last');
          kept.onerror = () => resolve(false);
          kept.onsuccess = () => {
            db.close();
            resolve(kept.result === 1);
          };
        };
      }),
  );
}
