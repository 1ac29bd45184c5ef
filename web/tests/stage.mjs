// The stage of the browser tests: the real server with its invented home, and one browser context per face,
// so that taking the phone offline affects no other face.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { tell, witness } from './witness.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
export const SERVER = process.env.MUSTER_BIN ?? join(ROOT, 'target', 'debug', 'muster');
export const CHROMIUM = process.env.MUSTER_CHROMIUM ?? '/usr/bin/chromium';
const START_MS = 30_000;
export const WAIT_MS = 15_000;

/** The page of each face. */
export const PAGES = { wall: '/wall', desk: '/desk', phone: '/m', sitrep: '/sitrep' };

const SIZES = {
  wall: { width: 1920, height: 1080 },
  desk: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
  sitrep: { width: 1200, height: 900 },
};

/** Starts the demo, with extra flags where a test needs them, and waits for its links. */
export async function startServer(flags = ['--port', '0']) {
  if (!existsSync(SERVER)) throw new Error(`${SERVER} is missing: run \`cargo build\` first`);
  const server = spawn(SERVER, ['demo', ...flags, '--links-json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const links = await new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error('the demo printed no links')), START_MS);
    server.stdout.on('data', (part) => {
      text += part;
      const end = text.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      resolve(JSON.parse(text.slice(0, end)));
    });
    server.on('exit', (code, signal) => {
      console.log(`# the demo ended with ${code ?? signal}`);
      reject(new Error(`the demo ended with ${code ?? signal}`));
    });
  });
  return { server, links };
}

/** The four faces, their witnesses, and what else a test opened. */
class Stage {
  /** The faces that the running test used, and the pages that it opened. */
  #used = new Set();
  #opened = new Set();
  #witnesses = new Map();
  #logins = {};
  #pages = {};
  /** What a browser reported: content security policy, Trusted Types, errors. */
  complaints = [];
  faces = new Proxy(this.#pages, {
    get: (pages, face) => {
      this.#used.add(face);
      return pages[face];
    },
  });

  constructor(server, browser, links) {
    Object.assign(this, { server, browser, links, origin: new URL(links.desk).origin });
  }

  /**
   * Opens a separate page, closed after the test at the latest. With a face it has that face's login, on a
   * device with empty storage.
   */
  async open(size, face = null) {
    const login = face === null ? {} : { storageState: this.#logins[face] };
    const page = await this.#page({ viewport: size, ...login });
    this.#opened.add(page);
    page.context().on('close', () => this.#opened.delete(page));
    return page;
  }

  /** Logs every face in by its link. */
  async enter() {
    for (const face of Object.keys(PAGES)) {
      const page = await this.#page({ viewport: SIZES[face] });
      await page.goto(this.links[face]);
      await page.waitForURL(`**${PAGES[face]}*`);
      const { cookies } = await page.context().storageState();
      this.#logins[face] = { cookies, origins: [] };
      this.#pages[face] = page;
    }
  }

  /** Reverts what a test may have left: no signal, mocked responses, a viewport size, open pages. */
  async restore() {
    this.#used.clear();
    await Promise.all([...this.#opened].map((page) => page.context().close()));
    for (const [face, page] of Object.entries(this.#pages)) {
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await page.context().unrouteAll({ behavior: 'ignoreErrors' });
      await page.context().setOffline(false);
      await page.setViewportSize(SIZES[face]);
    }
  }

  /** Reopens every face with its login: a failed test may have stopped anywhere. */
  async renew() {
    for (const [face, page] of Object.entries(this.#pages)) {
      await page.context().close();
      const fresh = await this.#page({ viewport: SIZES[face], storageState: this.#logins[face] });
      await fresh.goto(`${this.origin}${PAGES[face]}`);
      this.#pages[face] = fresh;
    }
    for (const { row, call } of await deskRows(this)) {
      if (row === 'help') await submit(this, { kind: 'end_help', call, words: 'Test ended' });
    }
    await this.restore();
  }

  /** Describes the pages that the running test used. */
  async tell(name) {
    const lines = [];
    const faces = Object.entries(this.#pages).filter(([face]) => this.#used.has(face));
    const pages = [...faces, ...[...this.#opened].map((page, at) => [`page-${at + 1}`, page])];
    for (const [face, page] of pages) {
      const told = await tell(page, this.#witnesses.get(page), `${name} ${face}`);
      lines.push(`${face}: ${told[0]}`, ...told.slice(1));
    }
    return lines;
  }

  /** Returns the desk's page, for what the test itself does not check. */
  get desk() {
    return this.#pages.desk;
  }

  /** Whether the server still runs. */
  get isServed() {
    return this.server.exitCode === null && this.server.signalCode === null;
  }

  async close() {
    await this.browser.close();
    this.server.removeAllListeners('exit');
    this.server.kill();
  }

  /** Opens a page in a separate context and collects its errors. */
  async #page(options) {
    const context = await this.browser.newContext({ timezoneId: 'Europe/London', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    this.#witnesses.set(page, witness(page));
    page.on('pageerror', (error) => this.complaints.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      const own = /content security policy|trusted ?types|refused to/i.test(text);
      if (own) this.complaints.push(`${page.url()}: ${text}`);
    });
    return page;
  }
}

/** Opens the browser and logs every face in by its link. */
export async function openStage() {
  const { server, links } = await startServer();
  const browser = await chromium.launch({ executablePath: CHROMIUM });
  const stage = new Stage(server, browser, links);
  await stage.enter();
  return stage;
}

/** Waits until a condition holds; otherwise fails with its description. */
export async function until(what, holds, ms = WAIT_MS) {
  const end = Date.now() + ms;
  for (;;) {
    if (await holds()) return;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until a face follows the room; drops a hanging connection first. */
export function live(page) {
  const there = async () => (await page.locator('.link-state.live, .strip.live').count()) > 0;
  return until('it is live', there, 2 * WAIT_MS);
}

/** Fails with a message unless a condition holds. */
export function assert(holds, words) {
  if (!holds) throw new Error(words);
}

/** Reads the rows of the desk from the server. */
export async function deskRows(stage) {
  const put = await stage.desk.evaluate(async (room) => {
    const answer = await fetch(`/api/rooms/${room}/rows?audience=desk`, {
      headers: { 'x-muster-face': 'desk' },
    });
    return (await answer.json()).put;
  }, stage.links.room);
  return put.map(({ row }) => row);
}

/** Reads one person of the desk, by reference. */
export async function deskPerson(stage, reference) {
  const rows = await deskRows(stage);
  return rows.find((row) => row.row === 'desk_person' && row.reference === reference);
}

/** Sends a command from the desk; an edit names the entry that its author saw. */
export async function submit(stage, command, seen = null) {
  const fate = await stage.desk.evaluate(
    async ([room, command_, based]) => {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      bytes[6] = (bytes[6] & 0x0f) | 0x70;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
      const answer = await fetch(`/api/rooms/${room}/commands`, {
        method: 'POST',
        headers: { 'x-muster-face': 'desk', 'content-type': 'application/json' },
        body: JSON.stringify({ commands: [{ id, do: command_, ...based }] }),
      });
      return (await answer.json()).fates[0].fate;
    },
    [stage.links.room, command, seen === null ? {} : { based_on: seen }],
  );
  assert(fate.is === 'ok', `the desk was told ${JSON.stringify(fate)}`);
}

/**
 * Opens on the phone the n-th person at the home, by bedroom, and returns the reference. Skips people whom
 * an earlier test moved.
 */
export async function openPerson(stage, at) {
  const { phone } = stage.faces;
  const order = new Intl.Collator('en-GB', { numeric: true });
  const here = (await deskRows(stage))
    .filter((row) => row.row === 'desk_person' && row.place === 'at_the_home')
    .sort((one, other) => order.compare(one.bedroom ?? '~', other.bedroom ?? '~'));
  const { person, reference } = here[at];
  await phone.goto(`${stage.origin}/m#/person/${person}`);
  await phone.locator(`h1#name-${person}`).waitFor();
  return reference;
}

/** Fails if axe finds anything on the page, or within one part of it. */
export async function clean(page, what, within = null) {
  const axe = new AxeBuilder({ page });
  const found = await (within === null ? axe : axe.include(within))
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const words = found.violations.map(
    ({ id, nodes }) => `${id} (${nodes.map(({ target }) => target.join(' ')).join('; ')})`,
  );
  assert(words.length === 0, `${what}: ${words.join(', ')}`);
}
