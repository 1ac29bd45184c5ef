import type { Me } from '../../lib/wire/http';
import { Watchdog } from './watch';

// The page's first script and a separate bundle: it runs even if the wall itself fails to load or crashes,
// and then reloads the page.

const TRIES = 'muster-wall-tries';
const ANSWER_MS = 5_000;

/** Sends a request and reads only its status, unless `read` asks for the body. */
async function ask<Found>(
  path: string,
  read: (answer: Response) => Promise<Found> | Found,
): Promise<Found | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
  }, ANSWER_MS);
  try {
    const answer = await fetch(path, {
      cache: 'no-store',
      headers: { 'x-muster-face': 'wall' },
      signal: stop.signal,
    });
    return await read(answer);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

const loggedIn = async (): Promise<boolean> =>
  (await ask('/api/me', ({ status }) => status === 200)) === true;

/**
 * Returns whether a reloaded page would show its room, or truthfully why not. A node without its database
 * is alive, and yet may show nothing to an empty page.
 */
async function answers(): Promise<boolean> {
  const me = await ask('/api/me', async (answer) => ({
    status: answer.status,
    room: answer.ok ? ((await answer.json()) as Me).room : null,
  }));
  if (me === null) return false;
  if (me.room === null) return me.status === 401;
  const rows = `/api/rooms/${me.room}/rows?audience=wall`;
  return (await ask(rows, ({ ok }) => ok)) === true;
}

/** Without storage, every fault counts as the first. */
let remembered = 0;
const tries = {
  get(): number {
    try {
      return Number(sessionStorage.getItem(TRIES) ?? '0');
    } catch {
      return remembered;
    }
  },
  set(to: number): void {
    remembered = to;
    try {
      sessionStorage.setItem(TRIES, String(to));
    } catch {
      // See above.
    }
  },
};

const dog = new Watchdog({
  now: () => performance.now(),
  sign: () => document.documentElement.dataset['sign'],
  answers,
  loggedIn,
  reload: () => {
    location.reload();
  },
  tries,
});
addEventListener('error', ({ message }) => {
  // Browsers report this when a measured box changes twice in one frame; it is harmless.
  if (!message.startsWith('ResizeObserver loop')) dog.broke();
});
addEventListener('unhandledrejection', () => {
  dog.broke();
});
setInterval(() => void dog.look(), 1_000);

import('./main').catch(() => {
  dog.broke();
});
