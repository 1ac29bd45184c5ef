import type { HelpKind } from '../../../lib/wire/help';
import type { MemberId, PersonId } from '../../../lib/wire/id';
import type { Room } from '../../../lib/room.svelte';

/** The kinds of help, in the words of the button. */
export const helpWord: Record<HelpKind, string> = {
  resident_unwell: 'Resident unwell',
  not_safe: 'I am not safe',
  need_the_room: 'I need the room',
};

/** The kinds of help in another member's call, in the words for its reader. */
export const callWord: Record<HelpKind, string> = {
  resident_unwell: 'resident unwell',
  not_safe: 'not safe',
  need_the_room: 'needs the room',
};

/** Returns a member's name. */
export function nameOf(room: Room<'phone'>, member: MemberId): string {
  if (member === room.me?.member) return 'you';
  return room.rows.get('member', member)?.name ?? 'somebody of the room';
}

/** Returns whom a call is about, and where. */
export function aboutWords(
  room: Room<'phone'>,
  person: PersonId | null,
  place: string | null,
): string {
  const row = room.rows.get('person', person);
  const who = row?.name ?? '';
  const bedroom = row === null || row.bedroom === null ? '' : `bedroom ${row.bedroom}`;
  const near = place ?? '';
  const there = near.toLowerCase() === bedroom ? '' : near;
  return [who, bedroom, there].filter((word) => word !== '').join(', ');
}

/** Returns a telephone number as a `tel:` link. */
export function dial(telephone: string): string {
  return `tel:${telephone.replace(/[^+\d]/g, '')}`;
}

/** Vibrates the phone if possible; the screen shows everything anyway. */
export function shake(pattern: number | number[]): void {
  try {
    (navigator as Partial<Navigator>).vibrate?.(pattern);
  } catch {
    // Some browsers forbid it before the first touch.
  }
}
