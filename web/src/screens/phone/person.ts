import { layPerson, type Laid } from '../../lib/overlay';
import type { MemberId } from '../../lib/wire/id';
import type { PhonePerson } from '../../lib/wire/person';
import type { TrackItem } from '../../lib/wire/transfer';
import { birthDate, hhmm } from '../../lib/time';
import type { Room } from '../../lib/room.svelte';

/** Returns everybody on the register, with this phone's unsent commands applied. */
export function everyone(room: Room<'phone'>): Laid<PhonePerson>[] {
  return room.rows.of('person').map((row) => layPerson(row, room.outbox.pending));
}

/** Returns one person, with this phone's unsent commands applied. */
export function onePerson(room: Room<'phone'>, id: string): Laid<PhonePerson> | null {
  const row = room.rows.get('person', id);
  return row === null ? null : layPerson(row, room.outbox.pending);
}

/** Returns a person's urgency: on the way, to be confirmed, at the home, done. */
function turn(person: PhonePerson): number {
  if (person.place === 'on_the_way') return 0;
  if (person.place === 'being_confirmed') return 1;
  if (person.place === 'arrived' && person.to_confirm) return 2;
  if (person.place === 'at_the_home') return 3;
  return person.place === 'died' ? 5 : 4;
}

/** Orders by urgency, then by time, then by bedroom. */
export function bySoonest(a: Laid<PhonePerson>, b: Laid<PhonePerson>): number {
  const time = (person: PhonePerson) =>
    (person.place === 'on_the_way' ? person.times.arrives_at : person.times.leaves_at) ??
    Number.MAX_SAFE_INTEGER;
  return turn(a.row) - turn(b.row) || time(a.row) - time(b.row) || byBedroom(a, b);
}

/** Created once: creating one costs more than a hundred comparisons. */
const bedrooms = new Intl.Collator('en-GB', { numeric: true });

/** Natural order of bedrooms: 2 before 12A. */
export function byBedroom(a: Laid<PhonePerson>, b: Laid<PhonePerson>): number {
  return bedrooms.compare(a.row.bedroom ?? '~', b.row.bedroom ?? '~');
}

/** Returns whether a person is assigned to this member. */
export function isMine({ row }: Laid<PhonePerson>, member: MemberId | null): boolean {
  return member !== null && row.worker === member;
}

/** Returns whether a person needs nothing more from a phone. */
export function isDone({ row }: Laid<PhonePerson>): boolean {
  return turn(row) >= 4;
}

/** Returns whether a search text matches a person: by name, reference or bedroom. */
export function matches(person: PhonePerson, words: string): boolean {
  const text = [person.name, person.known_as ?? '', person.reference, person.bedroom ?? '']
    .join(' ')
    .toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Returns the name of the home a person goes or went to. */
export function homeOf(room: Room<'phone'>, person: PhonePerson): string | null {
  const id = person.destination.claimed ?? person.destination.home;
  return room.rows.get('home', id)?.name ?? null;
}

/** Returns the time that matters at present, in words: `Leaves 14:45`, `Left 14:47`. */
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

/** Returns what else distinguishes this person: `Born 4 March 1938`. */
export function bornWords(person: PhonePerson): string {
  return person.date_of_birth === null
    ? 'Birth date not known'
    : `Born ${birthDate(person.date_of_birth)}`;
}

/** Returns an item of the tracks. */
export function itemOf(person: PhonePerson, name: TrackItem['item']): TrackItem | undefined {
  return person.items.find(({ item }) => item === name);
}

/** Returns the items that matter before a departure; the arrival is ticked later. */
export function beforeLeaving(person: PhonePerson): TrackItem[] {
  return person.items.filter(({ item }) => item !== 'arrival');
}
