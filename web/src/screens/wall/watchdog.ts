import type { Me } from '../../lib/proto/http';
import { Watchdog } from './watch';

// The page's first script and a part of its own: it runs although the wall itself cannot be fetched or
// breaks, and then loads the page again.

const TRIES = 'muster-wall-tries';
const ANSWER_MS = 5_000;

/** Asks for something and looks at no more than its head, unless `read` wants the rest. */
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
 * Whether a page that is loaded now will show its room, or say truly why not. A node without its database
 * lives, and yet may show nothing to a page that has nothing.
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

/** For a browser that keeps nothing: then a fault is met as a first one. */
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
      // Said above.
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
  // Said by browsers when a measured box changes twice in one frame; nothing is broken by it.
  if (!message.startsWith('ResizeObserver loop')) dog.broke();
});
addEventListener('unhandledrejection', () => {
  dog.broke();
});
setInterval(() => void dog.look(), 1_000);

import('./main').catch(() => {
  dog.broke();
});
