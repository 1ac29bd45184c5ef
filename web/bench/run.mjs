// What the faces cost a slow device, measured in a real browser on the real server. The load program
// (`cargo xtask bench web`) starts this, hands over the links as one line of JSON, and makes changes
// between the lines `> write` and `> rest`. Everything else that is printed is the report.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { BareBrowser } from './bare.mjs';
import { busyShare, hottest, kinds } from './busy.mjs';
import { firstPaint } from './paint.mjs';
import { weights } from './weigh.mjs';

const CHROMIUM = process.env.MUSTER_CHROMIUM ?? '/usr/bin/chromium';
/** Where pictures of the measured faces go, when somebody wants to see them. */
const SHOTS = process.env.MUSTER_SHOTS;
/** Screens built elsewhere, to be measured without building the server that carries its own. */
const SCREENS = process.env.MUSTER_SCREENS;
/** Whether to say where the scripts' time goes; screens built with `--minify false` have names to say. */
const PROFILE = process.env.MUSTER_PROFILE;

/** The faces, the view that is measured of each, and what stands on it once it is drawn. */
const VIEWS = [
  { face: 'wall', name: 'wall', path: '/wall', size: [1920, 1080], drawn: 'section.lane li' },
  { face: 'desk', name: 'desk, residents', path: '/desk', size: [1440, 900], drawn: 'tbody tr' },
  {
    face: 'phone',
    name: 'phone, my residents',
    path: '/m',
    size: [390, 844],
    drawn: 'h1[data-title="My residents"]',
  },
  {
    face: 'phone',
    name: 'phone, everyone',
    path: '/m#/everyone',
    size: [390, 844],
    drawn: 'ul.rows a',
  },
  { face: 'sitrep', name: 'sitrep', path: '/sitrep', size: [1200, 900], drawn: 'h1' },
];

/** A word, to measure only the views whose name holds it. */
const ONLY = process.env.MUSTER_VIEW;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const kb = (bytes) => (bytes / 1000).toFixed(1);
const percent = (share) => `${(share * 100).toFixed(0)} %`;

/** Lets a fresh browser context in by a link; it then holds the login and nothing else. */
async function comeIn(browser, origin, view, link) {
  const [width, height] = view.size;
  const context = await browser.newContext({
    viewport: { width, height },
    timezoneId: 'Europe/London',
  });
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForURL(`${origin}${view.path.split('#')[0]}*`);
  return { context, page };
}

const PAGES = {
  '/wall': 'wall.html',
  '/desk': 'desk.html',
  '/m': 'm.html',
  '/sitrep': 'sitrep.html',
};
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Serves the screens from a folder; rows and commands go to the server all the same. */
async function serveScreens(page, origin) {
  page.on('Fetch.requestPaused', async ({ requestId, request }) => {
    const { pathname } = new URL(request.url);
    const isOurs = pathname in PAGES || pathname.startsWith('/assets/');
    if (!isOurs) return page.send('Fetch.continueRequest', { requestId });
    const path = join(SCREENS, PAGES[pathname] ?? pathname);
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    return page.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: 200,
      responseHeaders: [{ name: 'content-type', value: type }],
      body: readFileSync(path).toString('base64'),
    });
  });
  await page.send('Fetch.enable', { patterns: [{ urlPattern: `${origin}/*` }] });
}

async function busy(browser, { origin, links, rounds, seconds }) {
  console.log('\n### Main thread, six times slower, 500 people, 50 changes a second\n');
  console.log('| view | busy | script | style and layout | frames heard/s | goal |');
  console.log('|---|--:|--:|--:|--:|---|');
  for (const view of VIEWS) {
    if (ONLY && !view.name.includes(ONLY)) continue;
    const page = await browser.page(view.size);
    await page.go(links[view.face]);
    await page.until(`location.pathname === ${JSON.stringify(view.path.split('#')[0])}`);
    if (SCREENS) await serveScreens(page, origin);
    await page.go('about:blank');
    await page.go(`${origin}${view.path}`);
    await page.until(`document.querySelector(${JSON.stringify(view.drawn)}) !== null`);
    console.log('> write');
    const found = [];
    for (let round = 0; round < rounds; round += 1) found.push(await busyShare(page, seconds));
    const profile = PROFILE
      ? [...(await hottest(page, seconds)), ...(await kinds(browser, seconds))]
      : [];
    if (SHOTS) {
      const { data } = await page.send('Page.captureScreenshot');
      const path = join(SHOTS, `${view.name.replace(/\W+/g, '-')}.png`);
      writeFileSync(path, Buffer.from(data, 'base64'));
    }
    console.log('> rest');
    await page.close();
    if (PROFILE) console.log(profile.join('\n'));
    const of = (name) => median(found.map((one) => one[name]));
    const goal = view.face === 'sitrep' ? '' : of('busy') < 0.4 ? 'reached' : 'missed';
    console.log(
      `| ${view.name} | ${percent(of('busy'))} | ${percent(of('script'))} | ` +
        `${percent(of('layout'))} | ${of('frames').toFixed(0)} | ${goal} |`,
    );
  }
}

async function paint(browser, { origin, links, rounds }) {
  const phone = VIEWS.find(({ face }) => face === 'phone');
  const { context } = await comeIn(browser, origin, phone, links.phone);
  const login = await context.storageState();
  await context.close();
  const found = [];
  for (let round = 0; round < rounds; round += 1) {
    found.push(await firstPaint(browser, `${origin}/m`, phone, login));
  }
  const of = (name) => median(found.map((one) => one[name]));
  const goal = of('painted') < 4_000 ? 'reached' : 'missed';
  console.log('\n### First visit of a phone on slow 3G, four times slower\n');
  console.log('| first paint s | people shown s | kB over the line | goal |\n|--:|--:|--:|---|');
  const seconds = (name) => (of(name) / 1000).toFixed(2);
  console.log(`| ${seconds('painted')} | ${seconds('shown')} | ${kb(of('bytes'))} | ${goal} |`);
}

function weigh() {
  console.log('\n### What each face weighs, JS and CSS, gzipped\n');
  console.log('| face | first load kB | later parts kB | all kB | goal |\n|---|--:|--:|--:|---|');
  for (const { face, first, later } of weights()) {
    const goal = first <= 60_000 ? 'reached' : 'missed';
    console.log(`| ${face} | ${kb(first)} | ${kb(later)} | ${kb(first + later)} | ${goal} |`);
  }
}

const line = await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next();
const task = JSON.parse(line.value);
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
weigh();
// A page that was not fetched has no address, and so none that may ask this machine for a socket.
const near = SCREENS ? ['--disable-features=LocalNetworkAccessChecks'] : [];
const args = ['--no-sandbox', ...near];
const browser = await chromium.launch({ executablePath: CHROMIUM, args });
await paint(browser, task);
await browser.close();
const bare = new BareBrowser(CHROMIUM, args);
await busy(bare, task);
await bare.close();
process.exit(0);
