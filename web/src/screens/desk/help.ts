import type { HelpKind, HelpRow } from '../../lib/wire/help';

/** The kinds of help, in the desk's words. */
export const helpWord: Record<HelpKind, string> = {
  resident_unwell: 'Resident unwell, 999',
  not_safe: 'I am not safe',
  need_the_room: 'I need the room',
};

/** Orders unanswered calls first, then by waiting time. */
export const byWorry = (a: HelpRow, b: HelpRow): number =>
  Number(a.answered_by !== null) - Number(b.answered_by !== null) || a.since - b.since;

/** Returns the announcement of unanswered calls; empty without any. */
export function cry(calls: readonly HelpRow[], called: (call: HelpRow) => string): string {
  return calls
    .filter((call) => call.answered_by === null)
    .map((call) => {
      const still = call.unanswered ? ' Nobody has answered.' : '';
      return `Help. ${helpWord[call.help]}. ${called(call)}.${still}`;
    })
    .join(' ');
}
