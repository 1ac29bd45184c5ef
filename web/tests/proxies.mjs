import { get } from 'node:http';
import { ask, closeWorld, comesIn, leaked, openWorld, renew, said, shown } from './proxy.mjs';
import { assert, until } from './stage.mjs';

export const name = 'proxies';

/** The open test environments, one per proxy. */
const worlds = new Map();

async function world(proxy) {
  if (!worlds.has(proxy)) worlds.set(proxy, await openWorld(proxy));
  return worlds.get(proxy);
}

/** Closes what the tests have opened. */
export async function close() {
  for (const open of worlds.values()) await closeWorld(open);
  worlds.clear();
}

/** What must hold behind every proxy. */
const claims = [
  {
    name: 'a link logs a phone in, with a cookie sent only over https',
    async run(open) {
      open.phone = await comesIn(open, 'phone', '/m', 'nurse');
      const cookies = await open.phone.context().cookies(open.origin);
      const ours = cookies.find((cookie) => cookie.name === '__Host-muster-phone');
      assert(ours?.secure && ours.httpOnly, `the cookies are ${JSON.stringify(cookies)}`);
      assert(ours.sameSite === 'Strict' && ours.path === '/', JSON.stringify(ours));
      const page = await ask(open, '/m');
      const policy = page.headers['content-security-policy'] ?? '';
      assert(policy.includes(`wss://localhost:${open.ports.https}`), policy);
      assert(/max-age=63072000/.test(page.headers['strict-transport-security']), 'no HSTS');
      await live(open.phone);
    },
  },
  {
    name: 'a command from one face reaches another at once',
    async run(open) {
      open.desk = await comesIn(open, 'desk', '/desk', 'lead');
      const text = 'The boiler is off';
      const told = heard(open.phone, text);
      const fate = await open.desk.evaluate(tellPhones, [open.room, text]);
      assert(fate.is === 'ok', JSON.stringify(fate));
      await told;
    },
  },
  {
    name: 'an idle socket stays open for twelve seconds',
    async run(open) {
      const end = await open.desk.evaluate(rest, [12_000]);
      assert(end === 'welcomed twice', `the socket: ${end}`);
    },
  },
  {
    name: 'a page of another site gets no socket',
    async run(open) {
      const upgrade = {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'sec-websocket-protocol': 'muster.v1',
        cookie: await cookieOf(open.desk, open),
      };
      const asked = (origin) => ask(open, '/ws?face=desk', { headers: { ...upgrade, origin } });
      const ours = await asked(open.origin);
      assert(ours.status === 101, `ours: ${ours.status} ${ours.text}`);
      for (const foreign of ['https://evil.example', 'https://localhost', 'null']) {
        const told = await asked(foreign);
        assert(told.status === 403, `${foreign}: ${told.status}`);
        assert(told.text.includes('foreign_origin'), told.text);
      }
    },
  },
  {
    name: 'a body that is too large is refused, and a list of ten megabytes is accepted',
    async run(open) {
      const post = (path, mebibytes, more = {}) => {
        const body = Buffer.alloc(mebibytes * 1024 * 1024, 'a,b\n');
        const type = 'application/vnd.muster.intake';
        const kind = { 'content-type': type, 'content-length': body.length };
        return ask(open, path, { method: 'POST', headers: { ...kind, ...more }, body });
      };
      const room = `/api/rooms/${open.room}`;
      const signed = await signs(open);
      const json = { ...signed, 'content-type': 'application/json' };
      const much = await post(`${room}/commands`, 3, json);
      assert(much.status === 413, `commands: ${much.status} ${much.text}`);
      const list = await post(`${room}/intake`, 9, signed);
      assert(JSON.parse(list.text).error !== 'too_large', `a list: ${list.text}`);
      console.log(
        `  # a list of nine megabytes of commas: ${list.status} ${list.text.slice(0, 90)}`,
      );
      const more = await post(`${room}/intake`, 14, signed);
      assert(more.status === 413, `a longer list: ${more.status}`);
    },
  },
  {
    name: "neither the operator's addresses nor the metrics are reachable from outside",
    async run(open) {
      const operator = await ask(open, '/api/operator/figures');
      assert(operator.status === 404, `the operator: ${operator.status}`);
      const metrics = await ask(open, '/metrics');
      assert(!metrics.text.includes('muster_ready'), 'the figures are outside');
      const own = await plain(open.ports.metrics, '/metrics');
      assert(
        /^muster_connections\{audience="desk"\} [1-9]/m.test(own.text),
        own.text.slice(0, 400),
      );
    },
  },
  {
    name: 'plain http redirects to https',
    async run(open) {
      const told = await plain(open.ports.http, '/m');
      assert(told.status === 308 || told.status === 301, `${told.status}`);
      assert(told.headers.location.startsWith('https://localhost'), told.headers.location);
    },
  },
  {
    name: 'the phone is installed, and opens without signal',
    async run(open) {
      const { phone } = open;
      await phone.goto(`${open.origin}/m#/mine`);
      await phone.evaluate(async () => {
        await navigator.serviceWorker.ready;
      });
      const manifest = await phone.evaluate(async () => {
        const { href } = document.querySelector('link[rel=manifest]');
        return (await fetch(href)).json();
      });
      assert(manifest.display === 'standalone', JSON.stringify(manifest));
      await live(phone);
      await phone.reload();
      const controlled = () => phone.evaluate(() => navigator.serviceWorker.controller !== null);
      await until('the service worker has the page', controlled);
      await live(phone);
      await phone.context().setOffline(true);
      await phone.reload();
      await phone.getByText('No signal. Keep working.').waitFor();
      await phone.context().setOffline(false);
      await live(phone);
    },
  },
  {
    name: 'a replaced certificate is served at once, and commands sent meanwhile reach every face',
    async run(open) {
      const before = await shown(open);
      const tell = async (text) => {
        const fate = await open.desk.evaluate(tellPhones, [open.room, text]);
        assert(fate.is === 'ok', JSON.stringify(fate));
      };
      await tell('Before the certificate');
      renew(open);
      await until('another certificate is shown', async () => (await shown(open)) !== before);
      await tell('After the certificate');
      await live(open.phone);
      await tell('And all is well');
      const words = ['Before the certificate', 'After the certificate', 'And all is well'];
      await open.desk.goto(`${open.origin}/desk#/log`);
      for (const text of words) {
        await heard(open.phone, text);
        await open.desk.getByText(text).first().waitFor();
      }
    },
  },
  {
    name: "the proxy's files hold no secret, name or words of a room",
    async run(open) {
      open.canaries.push('The boiler is off', 'Quillfeather', await cookieOf(open.desk, open));
      const body = Buffer.alloc(5 * 1024 * 1024, 'Ottoline Quillfeather,1931-04-02\n');
      const told = await ask(open, `/api/rooms/${open.room}/intake`, {
        method: 'POST',
        headers: {
          'content-type': 'application/vnd.muster.intake',
          'content-length': body.length,
          ...(await signs(open)),
        },
        body,
      });
      assert(told.status === 400, `a list without choices: ${told.status}`);
      const found = leaked(open);
      assert(found.length === 0, found.join('\n'));
      assert(!said(open).includes('temporary file'), said(open));
    },
  },
  {
    name: 'failed attempts from one address are counted together, whatever address they claim',
    async run(open) {
      const guess = (n) => {
        const body = JSON.stringify({ secret: 'A'.repeat(43) });
        const claims_ = `198.51.100.${n}`;
        const headers = {
          'content-type': 'application/json',
          'content-length': body.length,
          origin: open.origin,
          'x-forwarded-for': claims_,
          forwarded: `for=${claims_}`,
        };
        return ask(open, '/api/invites/redeem', { method: 'POST', headers, body });
      };
      const told = [];
      for (let n = 1; n <= 22; n += 1) told.push((await guess(n)).status);
      assert(told[0] === 404, `the first guess: ${told[0]}`);
      assert(told.at(-1) === 429, `the guesses: ${told.join(' ')}`);
    },
  },
];

export const tests = ['nginx', 'caddy'].flatMap((proxy) =>
  claims.map((claim) => ({
    name: `${proxy}: ${claim.name}`,
    run: async () => claim.run(await world(proxy)),
  })),
);

/** Returns a desk's cookie as its browser sends it. */
async function cookieOf(desk, open) {
  const cookies = await desk.context().cookies(open.origin);
  const { name: named, value } = cookies.find((one) => one.name === '__Host-muster-desk');
  return `${named}=${value}`;
}

/** Returns the headers by which a desk's page identifies itself. */
async function signs(open) {
  const cookie = await cookieOf(open.desk, open);
  return { cookie, 'x-muster-face': 'desk', origin: open.origin };
}

/** Waits until a face follows the room. */
async function live(page) {
  await until(
    'the face is live',
    async () => /^Live/m.test(await page.locator('.strip').innerText()),
    30_000,
  );
}

/** Waits until a face shows these words. */
function heard(page, words) {
  return until(`${words} on the phone`, async () => {
    await page.goto(`${new URL(page.url()).origin}/m#/updates`);
    return (await page.getByText(words).count()) > 0;
  });
}

/** Sends a request over plain http on this machine. */
function plain(port, path) {
  return new Promise((resolve, reject) => {
    const asked = get(
      { host: '127.0.0.1', port, path, headers: { host: 'localhost' } },
      (answer) => {
        let text = '';
        answer.on('data', (part) => (text += part));
        answer.on('end', () =>
          resolve({ status: answer.statusCode, headers: answer.headers, text }),
        );
      },
    );
    asked.on('error', reject);
  });
}

/** In the page of a desk: adds a log line that phones receive. */
async function tellPhones([room, text]) {
  const command = {
    id: crypto.randomUUID(),
    do: {
      kind: 'add_log_line',
      text,
      person: null,
      show: { wall: false, phones: true, directors: false },
    },
  };
  const answer = await fetch(`/api/rooms/${room}/commands`, {
    method: 'POST',
    headers: { 'x-muster-face': 'desk', 'content-type': 'application/json' },
    body: JSON.stringify({ commands: [command] }),
  });
  return (await answer.json()).fates[0].fate;
}

/** In the page of a desk: opens a socket, stays silent for a while, then checks whether it is still open. */
function rest([ms]) {
  return new Promise((resolve) => {
    const { host } = location;
    const socket = new WebSocket(`wss://${host}/ws?face=desk`, 'muster.v1');
    const hello = () => socket.send(JSON.stringify({ t: 'hello', v: 1 }));
    let welcomes = 0;
    socket.onopen = hello;
    socket.onclose = ({ code }) => resolve(`closed with ${code} after ${welcomes} welcomes`);
    socket.onmessage = ({ data }) => {
      if (JSON.parse(data).t !== 'welcome') return;
      welcomes += 1;
      if (welcomes === 1) setTimeout(hello, ms);
      else {
        socket.onclose = null;
        socket.close();
        resolve('welcomed twice');
      }
    };
  });
}
