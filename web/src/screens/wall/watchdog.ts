import { Watchdog } from './watch';

// The page's first script and a part of its own: it runs although the wall itself cannot be fetched or
// breaks, and then loads the page again.

const TRIES = 'muster-wall-tries';
const ANSWER_MS = 5_000;

async function ask(path: string): Promise<number> {
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
    return answer.status;
  } catch {
    return 0;
  } finally {
    clearTimeout(timer);
  }
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
  answers: async () => (await ask('/health')) === 200,
  loggedIn: async () => (await ask('/api/me')) === 200,
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
