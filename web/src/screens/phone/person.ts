import { layPerson, type Laid } from '../../lib/overlay';
import type { MemberId } from '../../lib/proto/id';
import type { PhonePerson } from '../../lib/proto/row';
import type { TrackItem } from '../../lib/proto/transfer';
import { birthDate, hhmm } from '../../lib/time';
import type { Room } from '../../lib/room.svelte';

/** Returns everybody on the register as this phone shows them, its own unsent acts included. */
export function everyone(room: Room<'phone'>): Laid<PhonePerson>[] {
  return room.rows.of('person').map((row) => layPerson(row, room.outbox.pending));
}

/** Returns one person as this phone shows them. */
export function onePerson(room: Room<'phone'>, id: string): Laid<PhonePerson> | null {
  const row = room.rows.get('person', id);
  return row === null ? null : layPerson(row, room.outbox.pending);
}

/** Returns how soon somebody needs a hand: on the way, to be confirmed, at the home, done. */
function turn(person: PhonePerson): number {
  if (person.place === 'on_the_way') return 0;
  if (person.place === 'being_confirmed') return 1;
  if (person.place === 'arrived' && person.to_confirm) return 2;
  if (person.place === 'at_the_home') return 3;
  return person.place === 'died' ? 5 : 4;
}

/** Orders by whose turn it is, then by time, then by bedroom. */
export function bySoonest(a: Laid<PhonePerson>, b: Laid<PhonePerson>): number {
  const time = (person: PhonePerson) =>
    (person.place === 'on_the_way' ? person.times.arrives_at : person.times.leaves_at) ??
    Number.MAX_SAFE_INTEGER;
  return turn(a.row) - turn(b.row) || time(a.row) - time(b.row) || byBedroom(a, b);
}

/** Made once: making one costs more than comparing with it a hundred times. */
const bedrooms = new Intl.Collator('en-GB', { numeric: true });

/** Orders by bedroom as people read it: 2 before 12A. */
export function byBedroom(a: Laid<PhonePerson>, b: Laid<PhonePerson>): number {
  return bedrooms.compare(a.row.bedroom ?? '~', b.row.bedroom ?? '~');
}

/** Returns whether a person is one of this member's. */
export function isMine({ row }: Laid<PhonePerson>, member: MemberId | null): boolean {
  return member !== null && row.worker === member;
}

/** Returns whether somebody is finished with, as far as a phone can help. */
export function isDone({ row }: Laid<PhonePerson>): boolean {
  return turn(row) >= 4;
}

/** Returns whether typed words find a person: by name, reference or bedroom. */
export function matches(person: PhonePerson, words: string): boolean {
  const text = [person.name, person.known_as ?? '', person.reference, person.bedroom ?? '']
    .join(' ')
    .toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Returns the name of the home somebody goes or went to. */
export function homeOf(room: Room<'phone'>, person: PhonePerson): string | null {
  const id = person.destination.claimed ?? person.destination.home;
  return room.rows.get('home', id)?.name ?? null;
}

/** Returns the time that matters now, in words: `Leaves 14:45`, `Left 14:47`. */
export function timeWords(person: PhonePerson): { word: string; time: string } | null {
  const { leaves_at, left_at, arrives_at, arrived_at } = person.times;
  if (person.place === 'arrived' && arrived_at !== null) {
    return { word: 'Arrived', time: hhmm(arrived_at) };
  }
  if (person.place === 'on_the_way') {
    if (arrives_at !== null) return { word: 'Arrives', time: hhmm(arrives_at) };
    if (left_at !== null) return { word: 'Left', time: hhmm(left_at) };
  }
  if (person.place === 'at_the_home' && leaves_at !== null) {
    return { word: 'Leaves', time: hhmm(leaves_at) };
  }
  return null;
}

/** Returns what else tells this person from others: `Born 4 March 1938`. */
export function bornWords(person: PhonePerson): string {
  return person.date_of_birth === null
    ? 'Birth date not known'
    : `Born ${birthDate(person.date_of_birth)}`;
}

/** Returns an item of the tracks. */
export function itemOf(person: PhonePerson, name: TrackItem['item']): TrackItem | undefined {
  return person.items.find(({ item }) => item === name);
}

/** Returns what counts before somebody leaves; the arrival is another day's tick. */
export function beforeLeaving(person: PhonePerson): TrackItem[] {
  return person.items.filter(({ item }) => item !== 'arrival');
}
