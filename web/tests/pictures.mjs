// Takes the pictures of the README from the played day: the wall, the four faces together, and a short
// recording of the wall. Run by `cargo xtask pictures`, which supplies the path of `sharp`.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const ROOT = join(import.meta.dirname, '..', '..');
const SERVER = process.env.MUSTER_BIN ?? join(ROOT, 'target', 'debug', 'muster');
const CHROMIUM = process.env.MUSTER_CHROMIUM ?? '/usr/bin/chromium';
const TOOLS = process.env.MUSTER_PICTURE_TOOLS ?? join(ROOT, 'target', 'pictures');
const OUT = process.env.MUSTER_PICTURES ?? join(ROOT, '.github');
const sharp = createRequire(join(TOOLS, 'package.json'))('sharp');

/** The time of day of the still pictures, and of the recording's first frame. */
const STILL_AT = process.env.MUSTER_STILL_AT ?? '13:26';
const CAPTURE_AT = '11:05';
/** Speed of the day during the recording, as a multiple of real time. */
const CAPTURE_SPEED = 300;
/** Frames of the recording, the interval between them, and how long each is shown: 11 s in all. */
const FRAMES = 36;
const TAKEN_MS = 750;
const SHOWN_MS = 300;
/** Size limit of a picture, so that the README loads on a slow connection. */
const STILL_MAX = 300 * 1024;
const CAPTURE_MAX = 2.5 * 1024 * 1024;
const DAY_MS = 180_000;

const FACES = {
  wall: { page: '/wall', width: 1920, height: 1080 },
  desk: { page: '/desk', width: 1440, height: 900 },
  sitrep: { page: '/sitrep', width: 940, height: 994 },
  phone: { page: '/m', width: 390, height: 844 },
};

/** Starts the day and waits until it has reached an hour. */
async function playUntil(hour, speed) {
  const flags = ['demo', '--play', '--until', hour, '--speed', `${speed}`, '--links-json'];
  const server = spawn(SERVER, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  const heard = (words) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the day never said: ${words}`)), DAY_MS);
      const look = () => {
        if (!text.includes(words)) return;
        clearTimeout(timer);
        resolve();
      };
      server.stdout.on('data', look);
      server.on('exit', (code) => reject(new Error(`the demo ended with ${code}`)));
      look();
    });
  server.stdout.on('data', (part) => (text += part));
  return {
    links: heard('\n').then(() => JSON.parse(text.slice(0, text.indexOf('\n')))),
    came: heard(`The day has come to ${hour}`),
    stop() {
      server.removeAllListeners('exit');
      server.kill('SIGINT');
    },
  };
}

/** Opens a face by its link. */
async function open(browser, links, face) {
  const { page: path, width, height } = FACES[face];
  const context = await browser.newContext({
    viewport: { width, height },
    timezoneId: 'Europe/London',
    deviceScaleFactor: face === 'phone' ? 2 : 1,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(links[face]);
  await page.waitForURL(`**${path}*`);
  return page;
}

/** Waits until a face shows the day's present state. */
async function settled(page) {
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(2_500);
}

/** Writes a picture with a reduced palette and prints its size. */
async function keep(name, picture, most) {
  const path = join(OUT, name);
  await picture.toFile(path);
  const { size } = statSync(path);
  console.log(`${name}: ${Math.round(size / 1024)} kB`);
  if (size > most) throw new Error(`${name} has ${size} bytes, more than ${most}`);
}

const quantised = (picture, colours) =>
  picture.png({ palette: true, colours, dither: 0, effort: 10, compressionLevel: 9 });

/** Scales a face to this size, in a thin frame with round corners. */
async function framed(shot, width, height) {
  const corners = `<rect width="${width}" height="${height}" rx="10" `;
  const svg = (how) =>
    Buffer.from(`<svg width="${width}" height="${height}">${corners}${how}/></svg>`);
  const face = sharp(shot).resize({ width, height, fit: 'cover', position: 'top' });
  const cut = { input: svg('fill="#fff"'), blend: 'dest-in' };
  const line = { input: svg('fill="none" stroke="#7a8694" stroke-width="2"') };
  return face.composite([cut, line]).png().toBuffer();
}

/** Composes the four faces: the wall above, the others in a row below. */
async function together(shots) {
  const gap = 24;
  const size = { wall: [1552, 873], desk: [800, 500], sitrep: [473, 500], phone: [231, 500] };
  const top = size.wall[1] + 2 * gap;
  const left = { wall: gap, desk: gap };
  left.sitrep = left.desk + size.desk[0] + gap;
  left.phone = left.sitrep + size.sitrep[0] + gap;
  const placed = Object.keys(size).map(async (face) => ({
    input: await framed(shots[face], ...size[face]),
    left: left[face],
    top: face === 'wall' ? gap : top,
  }));
  const width = size.wall[0] + 2 * gap;
  const height = top + size.desk[1] + gap;
  const blank = sharp({ create: { width, height, channels: 4, background: '#dfe5ea' } });
  return blank.composite(await Promise.all(placed));
}

async function stills(browser) {
  const day = await playUntil(STILL_AT, 0);
  const links = await day.links;
  await day.came;
  const shots = {};
  for (const face of Object.keys(FACES)) {
    const page = await open(browser, links, face);
    await settled(page);
    shots[face] = await page.screenshot();
    await page.context().close();
  }
  day.stop();
  await keep('wall.png', quantised(sharp(shots.wall), 128), STILL_MAX);
  const faces = await (await together(shots)).png().toBuffer();
  await keep('faces.png', quantised(sharp(faces), 128), STILL_MAX);
}

async function capture(browser) {
  const day = await playUntil(CAPTURE_AT, CAPTURE_SPEED);
  const links = await day.links;
  await day.came;
  const page = await open(browser, links, 'wall');
  await settled(page);
  const frames = [];
  const began = Date.now();
  for (let n = 0; n < FRAMES; n += 1) {
    const wait = began + n * TAKEN_MS - Date.now();
    if (wait > 0) await page.waitForTimeout(wait);
    const shot = await page.screenshot();
    frames.push(await sharp(shot).resize({ width: 1200 }).png().toBuffer());
  }
  await page.context().close();
  day.stop();
  const delay = frames.map((_, n) => (n === frames.length - 1 ? 3 * SHOWN_MS : SHOWN_MS));
  const moving = sharp(frames, { join: { animated: true } });
  await keep('day.webp', moving.webp({ quality: 60, effort: 6, delay, loop: 0 }), CAPTURE_MAX);
}

const wanted = process.argv[2] ?? '';
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
try {
  if (wanted !== 'capture') await stills(browser);
  if (wanted !== 'stills') await capture(browser);
} finally {
  await browser.close();
}
