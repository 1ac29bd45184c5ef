import type { Item } from './outbox-store';
import { urgent, withUrgent } from './wire/urgent';

/** Returns whether a command is sent before all others that wait. */
export function isUrgent({ envelope }: Item): boolean {
  return urgent.has(envelope.do.kind);
}

/**
 * Returns the next batch from the waiting commands, which are in creation order. Help commands are sent
 * first, in a request of their own, together with the sign-ins made before them. Neither concerns
 * residents, so all other commands keep their order (P-50).
 */
export function nextBatch(waiting: readonly Item[], most: number): Item[] {
  const last = waiting.findLastIndex(isUrgent);
  if (last < 0) return waiting.slice(0, most);
  return waiting
    .slice(0, last + 1)
    .filter((item) => isUrgent(item) || withUrgent.has(item.envelope.do.kind))
    .slice(0, most);
}
