import type { Item } from './outbox-store';
import type { Command } from './proto/command';

/** Help, from the call to its end. */
const HELP: ReadonlySet<Command['kind']> = new Set(['call_for_help', 'answer_help', 'end_help']);
/** Where a member is: a call bears the site of the sign-in that stands when it is received. */
const WHERE: ReadonlySet<Command['kind']> = new Set(['sign_on', 'check_in', 'sign_off']);

/** Returns whether a command goes before everything else that waits. */
export function isUrgent({ envelope }: Item): boolean {
  return HELP.has(envelope.do.kind);
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
    .filter((item) => isUrgent(item) || WHERE.has(item.envelope.do.kind))
    .slice(0, most);
}
