// A summary of what the pages of a failed test logged and showed last, for the reader of the run's output.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where screenshots of failed tests go; outside the repository. */
const SHOTS = join(import.meta.dirname, '..', 'test-results');
const SAID_MAX = 12;
const FRAMES_MAX = 5;
const LINES_MAX = 24;
const WIDE = 160;
/** A page that hangs must not hold up the run. */
const LOOK_MS = 5_000;

const short = (words) => words.replace(/\s+/g, ' ').trim().slice(0, WIDE);
const clock = () => new Date().toISOString().slice(11, 23);
// The secret of a link must not be printed, not even a used one.
const pathOf = (url) => url.replace(/^https?:\/\/[^/]+/, '').replace(/^\/join#.*/, '/join#…');

/** Keeps the last items of a list. */
function keep(list, words, most) {
  list.push(`${clock()} ${short(words)}`);
  if (list.length > most) list.shift();
}

/** Summarizes a frame without all of its rows. */
function frameWords(payload) {
  try {
    const { t, from, to, put = [], del = [], ...rest } = JSON.parse(payload);
    if (t !== 'rows') return `${t} ${JSON.stringify(rest)}`;
    const keys = [...put.map(({ key }) => key), ...del.map((key) => `-${key}`)];
    return `rows ${from} to ${to}: ${keys.join(' ')}`;
  } catch {
    return String(payload);
  }
}

function commandWords(request) {
  const body = request.postDataJSON();
  return body.commands.map((one) => one.do.kind).join(', ');
}

/** Observes a page from its start. */
export function witness(page) {
  const said = [];
  const frames = [];
  const note = (words) => keep(said, words, SAID_MAX);
  page.on('console', (message) => note(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => note(`threw: ${error.message}`));
  page.on('crash', () => note('the page crashed'));
  page.on('framenavigated', (frame) => note(`at ${pathOf(frame.url())}`));
  page.on('request', (request) => {
    if (request.url().endsWith('/commands')) note(`asks: ${commandWords(request)}`);
  });
  page.on('requestfailed', (request) => {
    note(`no answer: ${pathOf(request.url())} ${request.failure()?.errorText}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) note(`${response.status()}: ${pathOf(response.url())}`);
  });
  page.on('websocket', (socket) => {
    note('a socket opens');
    socket.on('close', () => note('the socket closed'));
    socket.on('framereceived', ({ payload }) => keep(frames, frameWords(payload), FRAMES_MAX));
  });
  return { said, frames };
}

/** Returns the page's content, or why it could not be read. */
async function look(page, path) {
  const looking = async () => {
    await page.screenshot({ path });
    return page.evaluate(() => {
      const at = document.activeElement;
      const top = document.querySelector('dialog[open]') ?? document.querySelector('main');
      return {
        title: document.title,
        focus:
          at === null ? '' : `${at.tagName} ${at.getAttribute('aria-label') ?? at.textContent}`,
        text: (top ?? document.body).innerText.split('\n').filter((line) => line.trim() !== ''),
      };
    });
  };
  const late = new Promise((_, reject) =>
    setTimeout(() => reject(new Error('it does not answer')), LOOK_MS).unref(),
  );
  return Promise.race([looking(), late]);
}

/** Returns the lines that describe one page of a failed test, and saves its screenshot. */
export async function tell(page, { said, frames }, name) {
  await mkdir(SHOTS, { recursive: true });
  const path = join(SHOTS, `${name.replace(/\W+/g, '-').slice(0, 80)}.png`);
  const lines = [`${pathOf(page.url())}`];
  try {
    const { title, focus, text } = await look(page, path);
    lines.push(`  title "${title}", focus on ${short(focus)}, picture ${path}`);
    for (const line of text.slice(0, LINES_MAX)) lines.push(`  | ${short(line)}`);
    if (text.length > LINES_MAX) lines.push(`  | ... and ${text.length - LINES_MAX} lines more`);
  } catch (error) {
    lines.push(`  cannot be looked at: ${short(error.message)}`);
  }
  return [...lines, ...said.map((line) => `  ${line}`), ...frames.map((line) => `  ${line}`)];
}
