import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const WAIT_MS = 30_000;
const LOOK_MS = 100;

const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A browser that nobody listens in on. Playwright asks every page to report each message of its sockets, which the
 * page's own main thread does: at fifty messages a second that alone is a third of what is to be measured.
 */
export class BareBrowser {
  #process;
  #folder = mkdtempSync(join(tmpdir(), 'muster-browser-'));
  #number = 0;
  #answers = new Map();
  #listeners = new Set();
  #heard = '';

  constructor(executable, args) {
    const words = ['--headless', '--remote-debugging-pipe', '--no-first-run', '--disable-gpu'];
    const profile = `--user-data-dir=${this.#folder}`;
    this.#process = spawn(executable, [...words, profile, ...args, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, TZ: 'Europe/London' },
    });
    this.#process.stdio[4].setEncoding('utf8').on('data', (text) => this.#hear(text));
  }

  /** Opens an empty page of this size, with cookies of its own. */
  async page([width, height]) {
    const { browserContextId } = await this.send('Target.createBrowserContext');
    const { targetId } = await this.send('Target.createTarget', {
      url: 'about:blank',
      browserContextId,
      width,
      height,
    });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new BarePage(this, sessionId, browserContextId);
    const size = { width, height, deviceScaleFactor: 1, mobile: false };
    await page.send('Emulation.setDeviceMetricsOverride', size);
    return page;
  }

  async send(method, params = {}, sessionId = undefined) {
    const id = (this.#number += 1);
    const answer = new Promise((done, failed) => this.#answers.set(id, { done, failed }));
    this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return answer;
  }

  /** Hears of events until the function that is returned is called. */
  on(heard) {
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  async close() {
    const ended = new Promise((done) => this.#process.once('exit', done));
    this.#process.kill('SIGKILL');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #hear(text) {
    const messages = (this.#heard + text).split('\0');
    this.#heard = messages.pop();
    for (const message of messages) {
      const said = JSON.parse(message);
      const waiting = this.#answers.get(said.id);
      this.#answers.delete(said.id);
      if (said.error) waiting?.failed(new Error(said.error.message));
      else if (waiting) waiting.done(said.result);
      else for (const heard of this.#listeners) heard(said);
    }
  }
}

/** A page of such a browser. */
class BarePage {
  #browser;
  #session;
  #context;

  constructor(browser, session, context) {
    this.#browser = browser;
    this.#session = session;
    this.#context = context;
  }

  send(method, params) {
    return this.#browser.send(method, params, this.#session);
  }

  on(method, heard) {
    return this.#browser.on((said) => {
      if (said.method === method && said.sessionId === this.#session) heard(said.params);
    });
  }

  async go(url) {
    const { errorText } = await this.send('Page.navigate', { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
  }

  /** Waits until an expression is true on the page, whichever page that is by then. */
  async until(expression) {
    for (let waited = 0; waited < WAIT_MS; waited += LOOK_MS) {
      // A page that is on its way to another has nothing to say.
      const said = await this.send('Runtime.evaluate', { expression }).catch(() => null);
      if (said?.result?.value === true) return;
      await rest(LOOK_MS);
    }
    throw new Error(`waited ${WAIT_MS} ms in vain for ${expression}`);
  }

  async close() {
    const browserContextId = this.#context;
    await this.#browser.send('Target.disposeBrowserContext', { browserContextId });
  }
}
