import type { World } from './world';

/** Lease duration in milliseconds; a dead tab's lease expires after this. */
const LEASE_MS = 10_000;

/**
 * Calls back while this tab is the one that sends. Two tabs sending from one queue would break its order.
 * Uses Web Locks where available, otherwise a lease in storage.
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
    // Without storage, no other tab could read the queue either.
  }
}
