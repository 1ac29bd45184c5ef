import type { Command } from './wire/command';
import type { MemberId, PersonId, SiteId, Time } from './wire/id';
import type { PhonePerson } from './wire/person';
import type { PhoneSignIn, Presence } from './wire/sign_in';
import type { Item as TrackName, PlaceNow, Stage } from './wire/transfer';
import type { FoundAt } from './wire/whereabouts';
import type { Pending } from './pending';

/** The clock difference within which a fact and the server's row count as unordered. */
const SAME_MOMENT_MS = 5_000;

/** A row with pending commands applied, and what of it is still pending. */
export interface Laid<R> {
  readonly row: R;
  readonly pending: readonly Pending[];
}

/** People without pending commands; the same row yields the same value, so a list renders only changes. */
const still = new WeakMap<PhonePerson, Laid<PhonePerson>>();

/** Applies the pending commands to a person. */
export function layPerson(row: PhonePerson, pending: readonly Pending[]): Laid<PhonePerson> {
  const mine = pending.filter(({ command }) => isAbout(command, row.person));
  if (mine.length === 0) {
    const known = still.get(row) ?? { row, pending: mine };
    still.set(row, known);
    return known;
  }
  return { row: mine.reduce(layOne, row), pending: mine };
}

/** Applies the pending commands to this member's own sign-in. */
export function laySignIn(
  row: PhoneSignIn | null,
  member: MemberId,
  pending: readonly Pending[],
  isHome: (site: SiteId) => boolean,
): Laid<PhoneSignIn | null> {
  const own = new Set(['sign_on', 'check_in', 'sign_off']);
  const mine = pending.filter(({ command }) => own.has(command.kind));
  const laid = mine.reduce<PhoneSignIn | null>((before, { id, command, at }) => {
    if (command.kind === 'sign_on') {
      const { site, planned_end } = command;
      // The room takes a sign-on where the member is signed in for a check-in with another end.
      if (before?.site === site && !hasEnded(before)) {
        return { ...before, state: wellState(before.state), planned_end, due_at: null };
      }
      // A sign-in takes the id of the command that began it, so it can also be ended without signal.
      const sign_in = id;
      return { sign_in, member, site, state: 'on_site', since: at, planned_end, due_at: null };
    }
    if (!before || hasEnded(before)) return before;
    // At the home, a sign-off is a request to the desk; elsewhere it takes effect without an answer.
    if (command.kind === 'sign_off') {
      return { ...before, state: isHome(before.site) ? 'sign_off_asked' : 'signed_off' };
    }
    if (command.kind === 'check_in') {
      return { ...before, state: wellState(before.state), due_at: null };
    }
    return before;
  }, row);
  return { row: laid, pending: mine };
}

function hasEnded({ state }: PhoneSignIn): boolean {
  return state === 'signed_off' || state === 'signed_off_late';
}

/** Returns the state after a check-in: it does not take back a request to sign off. */
function wellState(state: Presence): Presence {
  return state === 'overdue' || state === 'confirmed_safe' ? 'on_site' : state;
}

function isAbout(command: Command, person: PersonId): boolean {
  return 'person' in command && command.person === person;
}

function layOne(row: PhonePerson, { command, at }: Pending): PhonePerson {
  switch (command.kind) {
    case 'depart_service_user':
      return moved(row, at, 'on_the_way', 'on_the_way', {
        times: { ...row.times, left_at: at, since: at },
        destination: { ...row.destination, claimed: command.home ?? row.destination.claimed },
      });
    case 'arrive_service_user':
      return moved(row, at, 'arrived', 'arrived', {
        times: { ...row.times, arrived_at: at, since: at },
        destination: { ...row.destination, claimed: command.home ?? row.destination.claimed },
        to_confirm: true,
      });
    case 'return_service_user':
      return moved(row, at, 'at_the_home', homeStage(row), {});
    case 'take_to_hospital':
      return moved(row, at, 'in_hospital', 'in_hospital', {});
    case 'go_with_family':
      return moved(row, at, 'with_family', 'with_family', {});
    case 'record_death':
      return moved(row, at, 'died', 'died', {});
    case 'find_service_user':
      return found(row, at, command.at);
    case 'report_trouble':
      return troubled(row, at, command);
    case 'declare_ready':
      return row.place === 'at_the_home' ? { ...row, stage: 'ready_to_go' } : row;
    case 'clear_to_leave':
      return ticked(row, at, 'door');
    case 'confirm_arrival':
      return ticked({ ...row, to_confirm: false }, at, 'arrival');
    default:
      // The room decides the rest, for example whether an identity matched.
      return row;
  }
}

/** Moves a person, unless the room has a later move. */
function moved(
  row: PhonePerson,
  at: Time,
  place: PlaceNow,
  stage: Stage,
  change: Partial<PhonePerson>,
): PhonePerson {
  if (row.times.since !== null && at + SAME_MOMENT_MS < row.times.since) return row;
  return { ...row, times: { ...row.times, since: at }, ...change, place, stage };
}

/** Returns the stage of a person back at the home; of what it depends on, the phone knows only the place. */
function homeStage(row: PhonePerson): Stage {
  const placed = row.items.some(({ item, state }) => item === 'place' && state === 'done');
  return placed ? 'place_held' : 'finding_a_place';
}

function found(row: PhonePerson, at: Time, where: FoundAt): PhonePerson {
  const stage = where.place === 'at_the_home' ? homeStage(row) : where.place;
  return moved(row, at, where.place, stage, {});
}

function troubled(
  row: PhonePerson,
  at: Time,
  command: Extract<Command, { kind: 'report_trouble' }>,
): PhonePerson {
  const { trouble, words } = command;
  const told = row.troubles.some((one) => one.trouble === trouble && one.words === words);
  const troubles = told ? row.troubles : [...row.troubles, { report: 0, trouble, words, at }];
  const said = { ...row, troubles };
  return trouble === 'not_found' ? moved(said, at, 'being_confirmed', 'being_confirmed', {}) : said;
}

function ticked(row: PhonePerson, at: Time, name: TrackName): PhonePerson {
  const items = row.items.map((item) =>
    item.item === name && item.state === 'open' ? { ...item, state: 'done' as const, at } : item,
  );
  return { ...row, items };
}
