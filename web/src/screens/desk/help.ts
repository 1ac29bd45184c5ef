import type { HelpKind } from '../../lib/proto/help';
import type { HelpRow } from '../../lib/proto/row';

/** What help is called for, as a desk reads it. */
export const helpWord: Record<HelpKind, string> = {
  resident_unwell: 'Resident unwell, 999',
  not_safe: 'I am not safe',
  need_the_room: 'I need the room',
};

/** Whom nobody answers first, and among them the longest waiting first. */
export const byWorry = (a: HelpRow, b: HelpRow): number =>
  Number(a.answered_by !== null) - Number(b.answered_by !== null) || a.since - b.since;

/** Returns what is spoken at once about calls that nobody answers; nothing when there are none. */
export function cry(calls: readonly HelpRow[], called: (call: HelpRow) => string): string {
  return calls
    .filter((call) => call.answered_by === null)
    .map((call) => {
      const still = call.unanswered ? ' Nobody has answered.' : '';
      return `Help. ${helpWord[call.help]}. ${called(call)}.${still}`;
    })
    .join(' ');
}
