// A room without a server: the built faces, with invented rows for the phone, to inspect the rendering. The
// browser tests use the real server.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

const DIST = join(import.meta.dirname, '..', 'dist');
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; " +
  "frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; " +
  'trusted-types svelte-trusted-html muster-sw';

const FIRST =
  'Sybil Queenie Una Horace Wilfred Mabel Edna Cyril Hettie Percy Olive Stanley Winnie Bertram Ivy Clement'.split(
    ' ',
  );
const LAST =
  'Applegarden Gooseberrow Kettleburrow Marlowby Thimbleton Oakenshaw Pepperwick Larkrise Dunnockby Fernleigh Brackenhall Swallowdale'.split(
    ' ',
  );
const MIN = 60_000;
const uuid = (kind, n) => `0192${kind}-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const ROOM = uuid('0000', 1);
export const ME = uuid('aaaa', 1);
const ITEMS = [
  'on_the_list',
  'named_worker',
  'needs',
  'place',
  'identity',
  'journey',
  'door',
  'arrival',
];

/** Returns one of 62 invented people. */
function person(n, now) {
  const step = n % 8;
  const stage = [
    'place_held',
    'finding_a_place',
    'ready_to_go',
    'place_held',
    'to_assess',
    'on_the_way',
    'arrived',
    'place_held',
  ][step];
  const place =
    stage === 'on_the_way' ? 'on_the_way' : stage === 'arrived' ? 'arrived' : 'at_the_home';
  const settled = { to_assess: 2, finding_a_place: 3, place_held: 4, ready_to_go: 6 }[stage] ?? 7;
  const letters = 'ACDEFGHJKLMNPQRTUVWXY';
  return {
    row: 'phone_person',
    person: uuid('cccc', n),
    reference: `${letters[n % 21]}${2 + (n % 8)}${letters[(n * 5) % 21]}`,
    name: `${FIRST[(n * 7) % 16]} ${LAST[(n * 5) % 12]}`,
    known_as: n % 9 === 0 ? 'Bunny' : null,
    date_of_birth: `19${30 + (n % 20)}-0${1 + (n % 9)}-1${n % 9}`,
    bedroom: n % 11 === 0 ? '12A' : String(n),
    stage,
    place,
    rating: n % 10 === 3 ? 'at_risk' : n % 4 === 0 ? 'watch' : 'on_track',
    marks: { two_person: n % 5 === 0, equipment: n % 8 === 0, frail: n % 12 === 0 },
    similar: n % 16 === 0,
    items: ITEMS.map((item, at) => ({
      item,
      state: at < settled ? 'done' : 'open',
      at: at < settled ? now - (90 - at * 7) * MIN : null,
      by: null,
    })),
    worker: n % 8 === 0 || n % 13 === 0 ? ME : null,
    destination: {
      home: settled > 3 ? uuid('dddd', n % 3) : null,
      claimed: null,
      to_confirm: false,
    },
    journey: null,
    times: {
      leaves_at: settled > 3 && place === 'at_the_home' ? now + (n * 3 - 20) * MIN : null,
      arrives_at: place === 'on_the_way' ? now + 35 * MIN : null,
      left_at: place === 'at_the_home' ? null : now - 25 * MIN,
      arrived_at: place === 'arrived' ? now - 5 * MIN : null,
      since: now - 25 * MIN,
    },
    to_confirm: place === 'arrived' && n % 2 === 0,
    handle_safely: n % 4 === 0 ? 'Oxygen. Two people to stand. Hearing aid, left.' : null,
    keep_together: null,
    not_met: [],
    troubles: [],
  };
}

/** Returns the phone's snapshot. */
export function phoneRows(now) {
  const put = [
    {
      key: 'incident',
      row: {
        row: 'phone_incident',
        title: 'Thistledown Court',
        deadline: { at: now + 300 * MIN, set_by: 'the regulator', why: 'registration ends' },
        telephone: '01632 960 123',
      },
    },
    {
      key: `site/${uuid('eeee', 1)}`,
      row: {
        row: 'site',
        site: uuid('eeee', 1),
        name: 'Thistledown Court',
        kind: 'home',
        address: null,
      },
    },
    {
      key: `site/${uuid('eeee', 2)}`,
      row: {
        row: 'site',
        site: uuid('eeee', 2),
        name: 'Incident room',
        kind: 'incident_room',
        address: null,
      },
    },
    {
      key: `log/41`,
      row: {
        row: 'phone_log',
        seq: 41,
        at: now - 12 * MIN,
        text: 'Two more vehicles from 15:00 at the side door.',
        corrected_by: null,
      },
    },
    {
      key: `sign_in/${uuid('ffff', 1)}`,
      row: {
        row: 'phone_sign_in',
        sign_in: uuid('ffff', 1),
        member: ME,
        site: uuid('eeee', 1),
        state: 'on_site',
        since: now - 70 * MIN,
        planned_end: now + 400 * MIN,
        due_at: now + 20 * MIN,
      },
    },
  ];
  for (const [n, name] of ['Larchmere', 'Maplewick House', 'Brindle Lodge'].entries()) {
    const home = uuid('dddd', n);
    const row = {
      row: 'home',
      home,
      name,
      short_name: name,
      address: null,
      telephone: '01632 960 200',
      registered_for: [],
      miles: 4,
    };
    put.push({ key: `home/${home}`, row });
  }
  for (let n = 1; n <= 62; n += 1)
    put.push({ key: `person/${uuid('cccc', n)}`, row: person(n, now) });
  return {
    room: ROOM,
    audience: 'phone',
    from: 0,
    to: 100,
    tag: '00000000000000aa',
    put,
    del: [],
  };
}

/** Serves the built faces, and a room that acknowledges every command with `ok`. */
export async function serveFixture({ loggedIn = true } = {}) {
  let seq = 100;
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  async function answer(request, response) {
    const { pathname } = new URL(request.url, 'http://localhost');
    const json = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (pathname === '/api/me') {
      if (!loggedIn) return json(401, { error: 'no_login', words: 'not logged in' });
      return json(200, {
        room: ROOM,
        audience: 'phone',
        member: ME,
        name: 'Dot Hazelgrove',
        label: null,
        roles: ['named_sw'],
      });
    }
    if (pathname.endsWith('/rows')) return json(200, phoneRows(Date.now()));
    if (pathname.endsWith('/commands')) {
      let body = '';
      for await (const part of request) body += part;
      const fates = JSON.parse(body).commands.map(({ id }) => ({
        id,
        fate: { is: 'ok', seq: (seq += 1) },
      }));
      return json(200, { fates });
    }
    const page = { '/m': 'm', '/join': 'join', '/wall': 'wall', '/desk': 'desk' }[pathname];
    const file = page === undefined ? pathname.slice(1) : `${page}.html`;
    try {
      const bytes = await readFile(join(DIST, file));
      response.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': CSP,
      });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** Handles the page's socket as the server would, without ever changing a row. */
export async function routeSocket(page) {
  await page.routeWebSocket(/\/ws/, (socket) => {
    const say = (frame) => socket.send(JSON.stringify(frame));
    const beat = () =>
      say({
        t: 'beat',
        room: ROOM,
        seq: 100,
        tag: '00000000000000aa',
        mode: 'live',
        time: Date.now(),
      });
    socket.onMessage((text) => {
      const { t } = JSON.parse(text);
      const time = Date.now();
      if (t === 'hello') {
        say({ t: 'welcome', v: 1, build: '0.1.0', time, beat_ms: 5000, silence_ms: 12000 });
      }
      if (t === 'sub') beat();
    });
    const timer = setInterval(beat, 5000);
    socket.onClose(() => clearInterval(timer));
  });
}
