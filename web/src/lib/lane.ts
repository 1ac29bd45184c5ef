import type { Item } from './outbox-store';
import { urgent, withUrgent } from './proto/urgent';

/** Returns whether a command goes before everything else that waits. */
export function isUrgent({ envelope }: Item): boolean {
  return urgent.has(envelope.do.kind);
}

/**
 * Returns what goes in the next request, of everything that waits in the order it was made. Help goes
 * first, in a request of its own, and with it the sign-ins made before it. Neither touches what is
 * about people, so that the order of all the rest is as it was made (P-50).
 */
export function nextBatch(waiting: readonly Item[], most: number): Item[] {
  const last = waiting.findLastIndex(isUrgent);
  if (last < 0) return waiting.slice(0, most);
  return waiting
    .slice(0, last + 1)
    .filter((item) => isUrgent(item) || withUrgent.has(item.envelope.do.kind))
    .slice(0, most);
}
