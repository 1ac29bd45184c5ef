import type { World } from './world';

/** Milliseconds for which a lease holds; a tab that dies frees it after this. */
const LEASE_MS = 10_000;

/**
 * Calls back while this tab is the one that sends. Two tabs that emptied one queue would break its
 * order. Web Locks decide where they exist; elsewhere a lease in the storage does.
 */
export function holdTab(
  name: string,
  world: Pick<World, 'now' | 'random' | 'after'>,
  onHeld: (held: boolean) => void,
): () => void {
  // Older phones and plain http have no locks, whatever the types say.
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  if (locks) {
    let release: () => void = () => undefined;
    const stop = new AbortController();
    locks
      .request(name, { signal: stop.signal }, () => {
        onHeld(true);
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      })
      .catch(() => undefined);
    return () => {
      stop.abort();
      release();
    };
  }
  return holdLease(name, world, onHeld);
}

function holdLease(
  name: string,
  world: Pick<World, 'now' | 'random' | 'after'>,
  onHeld: (held: boolean) => void,
): () => void {
  const mine = String(world.random());
  let cancel: () => void = () => undefined;
  const look = () => {
    const [owner, until] = (read(name) ?? '').split(' ');
    const free = owner === mine || !(Number(until) > world.now());
    if (free) write(name, `${mine} ${world.now() + LEASE_MS}`);
    onHeld(free && read(name)?.split(' ')[0] === mine);
    cancel = world.after(LEASE_MS / 3, look);
  };
  look();
  return () => {
    cancel();
    if (read(name)?.split(' ')[0] === mine) write(name, '');
  };
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, text: string): void {
  try {
    localStorage.setItem(name, text);
  } catch {
    // No storage: there is no other tab that could read it either.
  }
}
