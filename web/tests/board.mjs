// An invented room for the wall and the sitrep: every state, at any size, rendered by the real pages of the
// real server. The frames are generated here, and their counts always add up.
const MIN = 60_000;
const QUARTER = 15 * MIN;
const uuid = (kind, n) => `0192${kind}-0000-7000-8000-${String(n).padStart(12, '0')}`;
const ROOM = uuid('0000', 1);
const TAG = '00000000000000aa';
const LETTERS = 'ACDEFGHJKLMNPQRTUVWXY';
const DIGITS = '2346789';
const HOMES =
  'Ashlea,Birchmere,Copperfield,Dovecote,Elmbank,Fernhill,Greenacre,Hollybush,Ivydene,Jubilee Court,Kingsmead,Larkfield,Millbrook View,Northgate'.split(
    ',',
  );
const PLACES = 'at_the_home,on_the_way,arrived,in_hospital,with_family,being_confirmed,died'.split(
  ',',
);
const STAGES =
  'to_assess,finding_a_place,place_held,ready_to_go,on_the_way,arrived,in_hospital,with_family,being_confirmed,exceptional,on_hold,dispute,died'.split(
    ',',
  );
/** Stage counts of a typical half-way point, for 62 people. */
const MIDDLE = {
  to_assess: 4,
  finding_a_place: 7,
  place_held: 12,
  ready_to_go: 9,
  on_the_way: 4,
  arrived: 17,
  in_hospital: 3,
  with_family: 2,
  being_confirmed: 1,
  exceptional: 1,
  on_hold: 1,
  died: 1,
};
const PLACE_OF = {
  on_the_way: 1,
  arrived: 1,
  in_hospital: 1,
  with_family: 1,
  being_confirmed: 1,
  died: 1,
};

/** Returns a unique reference. */
function reference(n) {
  const at = (n * 571) % (LETTERS.length * DIGITS.length * LETTERS.length);
  const [first, rest] = [
    Math.floor(at / (DIGITS.length * LETTERS.length)),
    at % (DIGITS.length * LETTERS.length),
  ];
  return (
    LETTERS[first] + DIGITS[Math.floor(rest / LETTERS.length)] + LETTERS[rest % LETTERS.length]
  );
}

/** Returns a stage for each of `count` people, in the proportions of `shape`. */
function stagesOf(count, shape) {
  const whole = Object.values(shape).reduce((sum, n) => sum + n, 0);
  const list = [];
  let due = 0;
  for (const [stage, share] of Object.entries(shape)) {
    due += (share / whole) * count;
    while (list.length < Math.round(due)) list.push(stage);
  }
  return list;
}

function person(n, stage, now) {
  const place = PLACE_OF[stage] === undefined ? 'at_the_home' : stage;
  const settled = ['place_held', 'ready_to_go', 'on_the_way', 'arrived'].includes(stage);
  const late = n % 9 === 4;
  const leaves = settled ? now + (late ? -25 - (n % 20) : (n * 7) % 180) * MIN : null;
  const asks = [];
  if (stage === 'place_held' && n % 5 === 0) asks.push('assess');
  if (stage === 'ready_to_go' && n % 4 === 0) asks.push('transport');
  if (settled && n % 11 === 0) asks.push('papers');
  const trouble = n % 13 === 5 && stage !== 'arrived';
  return {
    row: 'wall_person',
    reference: reference(n),
    bedroom: n % 17 === 0 ? `${n}A` : String(n),
    stage,
    place,
    rating: n % 9 === 1 ? 'at_risk' : n % 4 === 2 ? 'watch' : n % 7 === 3 ? null : 'on_track',
    marks: { two_person: n % 5 === 0, equipment: n % 8 === 0, frail: n % 12 === 0 },
    similar: n % 30 === 0,
    asks: trouble ? [...asks, 'role'] : asks,
    ask_roles: trouble ? ['team_leader_site'] : [],
    to_confirm: stage === 'arrived' && n % 6 === 0,
    times: {
      leaves_at: place === 'at_the_home' ? leaves : now - 70 * MIN,
      arrives_at: place === 'on_the_way' ? now + (n % 3 === 0 ? -40 : 20 + (n % 30)) * MIN : null,
      left_at: place === 'at_the_home' ? null : now - 60 * MIN,
      arrived_at: place === 'arrived' ? now - 20 * MIN : null,
      since: place === 'at_the_home' ? null : now - 60 * MIN,
    },
    destination: {
      home: settled ? uuid('dddd', n % HOMES.length) : null,
      claimed: null,
      to_confirm: false,
    },
  };
}

function censusOf(people) {
  const count = (key, value) => people.filter((one) => one[key] === value).length;
  return {
    row: 'census',
    register: people.length,
    places: PLACES.map((place) => ({ place, people: count('place', place) })),
    stages: STAGES.map((stage) => ({ stage, people: count('stage', stage) })),
    merged: people.length > 0 ? { from: people.length + 1, to: people.length, at: 0 } : null,
    confirmed: people.filter((one) => one.stage === 'arrived' && !one.to_confirm).length,
    without_place: people.filter(
      (one) => one.place === 'at_the_home' && one.destination.home === null,
    ).length,
    at_risk: count('rating', 'at_risk'),
    open_breaches: people.length > 0 ? 9 : 0,
    passes: people.length > 0 ? 6 : 0,
    open_troubles: people.filter(({ ask_roles: roles }) => roles.length > 0).length,
  };
}

/** Returns the quarter hours of a day whose changes add up to this census. */
function paceOf(census, now) {
  const here = census.places[0].people;
  const gone = census.register - here;
  const first = Math.floor((now - 330 * MIN) / QUARTER) * QUARTER;
  const rows = [
    {
      row: 'pace',
      from: first - 8 * QUARTER,
      left: 0,
      arrived: 0,
      at_the_home: census.register,
      register: census.register,
      registered: census.register + 1,
      merged: 1,
    },
  ];
  let left = 0;
  const steps = 20;
  for (let step = 1; step <= steps; step += 1) {
    const now_left = Math.round((gone * step * (step + 6)) / (steps * (steps + 6)));
    if (now_left === left) continue;
    rows.push({
      row: 'pace',
      from: first + step * QUARTER,
      left: now_left - left,
      arrived: Math.max(0, now_left - left - 1),
      at_the_home: census.register - now_left,
      register: census.register,
      registered: 0,
      merged: 0,
    });
    left = now_left;
  }
  return rows;
}

function signIns(now, many) {
  const roles = [
    'named_sw',
    'nurse',
    'team_leader_site',
    'moving',
    'named_sw',
    'meds',
    'home_manager',
    'named_sw',
    'reassess',
    'lead',
    'deputy',
    'transport',
    'placements',
    'bizsup',
  ];
  return Array.from({ length: many }, (_, n) => ({
    row: 'wall_sign_in',
    initials: `${LETTERS[n % 21]}${LETTERS[(n * 5 + 3) % 21]}`,
    roles: [roles[n % roles.length]],
    at_the_home: n % 14 < 9,
    state: n === 4 || n === 7 ? 'overdue' : n === 5 ? 'sign_off_asked' : 'on_site',
    since: now - 200 * MIN,
    due_at: n === 4 || n === 7 ? now - 17 * MIN : now + (n === 1 ? -3 : 20 + n) * MIN,
  }));
}

const GATES = {
  row: 'gates',
  breaches: [
    { gate: 'G3', owner: 'deputy', open: 2, reviewed: 0 },
    { gate: 'G22', owner: 'team_leader_site', open: 3, reviewed: 1 },
    { gate: 'G23', owner: 'transport', open: 4, reviewed: 2 },
  ],
  passes: [
    { gate: 'G1', passes: 2 },
    { gate: 'G23', passes: 4 },
  ],
};
const LONG =
  'The magistrate ended the registration at the regulator’s application and every person must be in a safe place before the night shift';

/**
 * Returns the rows of a face. `count` people, in the proportions of `shape`; `long` gives every text its
 * maximum length; `staff` are signed in.
 */
export function boardRows({
  face,
  count = 62,
  shape = MIDDLE,
  long = false,
  staff = 17,
  help = 0,
  now = Date.now(),
} = {}) {
  const people = stagesOf(count, shape).map((stage, at) => person(at + 1, stage, now));
  const census = censusOf(people);
  if (census.merged) census.merged.at = now - 400 * MIN;
  const title = long ? `${LONG} (Home for Older People)`.slice(-80) : 'Harbour Rise';
  const deadline = {
    at: Math.ceil((now + 320 * MIN) / (30 * MIN)) * 30 * MIN,
    set_by: long ? 'The regulator and the lead co-ordinating manager together' : 'the regulator',
    why: long ? LONG : 'the registration ends by order of the court',
  };
  const put = [];
  const lines = [
    [
      'Minibus 2 is running 20 minutes late. Use the taxi account for single moves.',
      'transport',
      7,
    ],
    ['Second nurse team is at the home.', 'lead', 31],
    ['Eleven arrivals confirmed by the receiving homes.', 'placements', 48],
    ['Northgate takes two more people from 16:00.', 'vacancies', 77],
  ];
  for (const [n, [text, role, ago]] of lines.entries()) {
    const row = {
      row: 'shown_log',
      seq: 90 - n,
      at: now - ago * MIN,
      text: long ? `${LONG}. ${LONG}.` : text,
      corrected_by: null,
      role,
    };
    put.push({ key: `log/${90 - n}`, row });
  }
  if (count > 0) {
    put.push({ key: 'census', row: census });
    for (const row of paceOf(census, now)) put.push({ key: `pace/${row.from}`, row });
  }
  if (face === 'sitrep') {
    const order = long ? LONG : 'Section 30 order, granted 08:47';
    put.push({
      key: 'incident',
      row: {
        row: 'sitrep_incident',
        title,
        stage: 'moving',
        deadline,
        order,
        opened_at: now - 900 * MIN,
      },
    });
    put.push({
      key: 'team',
      row: {
        row: 'team',
        members: 24,
        on_duty: staff,
        at_the_home: 11,
        overdue: staff > 4 ? 2 : 0,
        homes: HOMES.length,
      },
    });
    put.push({ key: 'gates', row: count > 0 ? GATES : { row: 'gates', breaches: [], passes: [] } });
    const booked = people
      .filter(({ times }) => times.leaves_at !== null)
      .map(({ times }) => Math.floor(times.leaves_at / QUARTER) * QUARTER);
    for (const from of new Set(booked)) {
      const row = { row: 'planned', from, people: booked.filter((at) => at === from).length };
      put.push({ key: `planned/${from}`, row });
    }
    return put;
  }
  put.push({ key: 'incident', row: { row: 'wall_incident', title, stage: 'moving', deadline } });
  for (const [n, home] of HOMES.entries()) {
    put.push({
      key: `home/${uuid('dddd', n)}`,
      row: { row: 'wall_home', short_name: long ? `${home} and Saint Bartholomew House` : home },
    });
  }
  for (const [n, row] of people.entries()) put.push({ key: `person/${uuid('cccc', n + 1)}`, row });
  for (const [n, row] of signIns(now, staff).entries())
    put.push({ key: `sign_in/${uuid('ffff', n + 1)}`, row });
  for (let n = 0; n < help; n += 1) {
    const row = {
      row: 'wall_help',
      initials: `D${LETTERS[n]}`,
      roles: ['named_sw'],
      help: ['resident_unwell', 'not_safe', 'need_the_room'][n % 3],
      at_the_home: true,
      since: now - (n + 1) * MIN,
      answered_by: n % 2 === 0 ? null : 'SO',
      unanswered: n % 2 === 0,
    };
    put.push({ key: `help/${uuid('bbbb', n + 1)}`, row });
  }
  return put;
}

/**
 * Shows an invented room on a page of a real server. `link`: `live`, `read_only`, `silent` (the socket
 * opens and then receives nothing), `ended` (the login has ended) or `dead` (no socket opens).
 */
export async function pretend(page, face, { put, link = 'live' }) {
  const rows = () => ({ room: ROOM, audience: face, from: 0, to: 100, tag: TAG, put, del: [] });
  const me = {
    room: ROOM,
    audience: face,
    member: uuid('aaaa', 1),
    name: 'Screen',
    label: null,
    roles: [],
  };
  const say = (route, status, body) =>
    route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });
  await page.route('**/api/me', (route) => say(route, 200, me));
  await page.route('**/api/rooms/*/rows*', (route) => say(route, 200, rows()));
  await page.routeWebSocket(/\/ws/, (socket) => {
    const send = (frame) => socket.send(JSON.stringify(frame));
    const mode = link === 'read_only' ? 'read_only' : 'live';
    const beat = () => send({ t: 'beat', room: ROOM, seq: 100, tag: TAG, mode, time: Date.now() });
    if (link === 'ended') {
      socket.close({ code: 4504, reason: 'the login has ended' });
      return;
    }
    socket.onMessage((text) => {
      const { t } = JSON.parse(text);
      const silence_ms = link === 'silent' ? 1500 : 12_000;
      if (t === 'hello' && link !== 'dead') {
        send({ t: 'welcome', v: 1, build: '0.1.0', time: Date.now(), beat_ms: 5000, silence_ms });
      }
      if (t === 'sub' && link !== 'silent') beat();
    });
    const timer = setInterval(() => {
      if (link === 'live' || link === 'read_only') beat();
    }, 5000);
    // A closed page does not close its mocked socket; the beat timer must not keep the tests alive.
    timer.unref();
    socket.onClose(() => clearInterval(timer));
  });
}
