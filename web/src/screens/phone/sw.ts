/**
 * Opens the phone's face without signal. Caches the page and its scripts, styles and fonts, from a list
 * that the build writes in; never handles `/api`, `/ws` or another face, and never caches anything about a
 * person.
 */
declare const __SHELL_FILES__: string[];
declare const __SHELL_VERSION__: string;

/** The used part of the worker's global scope; the DOM's types and the worker's exclude each other. */
interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Waiting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  readonly clients: { claim(): Promise<void> };
  addEventListener(name: 'install' | 'activate', run: (event: Waiting) => void): void;
  skipWaiting(): Promise<void>;
  addEventListener(name: 'message', run: (event: Waiting & { data: unknown }) => void): void;
  addEventListener(name: 'fetch', run: (event: Fetching) => void): void;
}
const worker = self as unknown as Worker;

const PAGE = '/m';
const SHELL = new Set(__SHELL_FILES__);
const CACHE = `muster-shell-${__SHELL_VERSION__}`;

async function install(): Promise<void> {
  const files = await Promise.all(
    __SHELL_FILES__.map(async (url) => {
      const answer = await fetch(new Request(url, { cache: 'no-cache' }));
      if (!answer.ok || !(await isOurs(url, answer.clone())))
        throw new Error(`no answer to ${url}`);
      return { url, answer };
    }),
  );
  const cache = await caches.open(CACHE);
  for (const { url, answer } of files) await cache.put(url, answer);
}

/**
 * Returns whether a response is the requested file. If a portal's or filter's page were cached in its
 * place, it would be this phone's page until the next release; so would another release's page.
 */
async function isOurs(url: string, answer: Response): Promise<boolean> {
  const isPage = (answer.headers.get('content-type') ?? '').startsWith('text/html');
  if (url !== PAGE) return !isPage;
  const page = await answer.text();
  return isPage && __SHELL_FILES__.some((file) => file.endsWith('.js') && page.includes(file));
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith('muster-shell-') && name !== CACHE) await caches.delete(name);
  }
  await worker.clients.claim();
}

async function answer(request: Request, kept: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(kept)) ?? fetch(request);
}

worker.addEventListener('install', (event) => {
  event.waitUntil(install());
});
worker.addEventListener('activate', (event) => {
  event.waitUntil(activate());
});
worker.addEventListener('message', (event) => {
  // Only a person's "Update now" replaces the page in use.
  if (event.data === 'take over') event.waitUntil(worker.skipWaiting());
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === 'navigate') {
    if (url.pathname === PAGE) event.respondWith(answer(request, PAGE));
    return;
  }
  if (SHELL.has(url.pathname)) event.respondWith(answer(request, url.pathname));
});
