/**
 * Opens the phone's face without signal. It keeps the page and its scripts, styles and fonts, whose
 * list the build writes in; it never touches `/api`, `/ws` or another face, and nothing about a
 * person ever enters its cache.
 */
declare const __SHELL_FILES__: string[];
declare const __SHELL_VERSION__: string;

/** The little of the worker's world that is used; the DOM's types and the worker's exclude each other. */
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

const SHELL = new Set(__SHELL_FILES__);
const CACHE = `muster-shell-${__SHELL_VERSION__}`;

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(__SHELL_FILES__.map((url) => new Request(url, { cache: 'no-cache' })));
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
  // Only a person's "Update now" changes the page under their hands.
  if (event.data === 'take over') event.waitUntil(worker.skipWaiting());
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === 'navigate') {
    if (url.pathname === '/m') event.respondWith(answer(request, '/m'));
    return;
  }
  if (SHELL.has(url.pathname)) event.respondWith(answer(request, url.pathname));
});
