import type { Fate, Item } from '../../lib/outbox-store';
import type { PersonId, Time } from '../../lib/wire/id';
import { hhmm, MINUTE_MS } from '../../lib/time';
import { phoneWord } from '../../ui/acts';
import { momentWord, troubleWord } from '../../ui/words';

/** How long a saved command stays visible beside its person. */
const IN_SIGHT_MS = 10 * MINUTE_MS;

/** Returns what was tapped, in words. */
export function actWords({ envelope }: Item): string {
  const command = envelope.do;
  switch (command.kind) {
    case 'check_identity':
      return `Identity check ${momentWord[command.moment]}`;
    case 'report_trouble':
      return troubleWord[command.trouble];
    default:
      return phoneWord(command.kind);
  }
}

/** Returns the true fate of a command, in the shared vocabulary. */
export function fateWords(fate: Fate): string {
  switch (fate.is) {
    case 'on_phone':
      return 'on phone';
    case 'sending':
      return 'sending';
    case 'sent':
      return `sent ${hhmm(fate.at)}`;
    case 'saved':
      return 'saved';
    case 'refused':
      return `refused: ${fate.refusal.words}`;
  }
}

/** Returns the commands to show beside a person: unsaved, or recent. */
export function actsOn(outbox: readonly Item[], person: PersonId, now: Time): Item[] {
  return outbox.filter(({ envelope, fate, at }) => {
    const command = envelope.do;
    if (!('person' in command) || command.person !== person) return false;
    return fate.is !== 'saved' || now - at < IN_SIGHT_MS;
  });
}

/** Returns how many commands exist only on this phone. */
export function unsent(outbox: readonly Item[]): number {
  return outbox.filter(({ fate }) => fate.is === 'on_phone' || fate.is === 'sending').length;
}

/** Returns when the room last received something from this phone. */
export function lastSent(outbox: readonly Item[]): Time | null {
  let last: Time | null = null;
  for (const { fate } of outbox) {
    if (fate.is === 'sent' || fate.is === 'saved') last = Math.max(last ?? 0, fate.at);
  }
  return last;
}
