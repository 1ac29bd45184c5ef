import type { Item } from '../../../lib/outbox-store';
import type { HelpKind, HelpRow } from '../../../lib/wire/help';
import type { HelpId, MemberId, PersonId, SiteId, Time } from '../../../lib/wire/id';

/** A call not acknowledged by then is shown as not sent. */
export const SENDING_MS = 4_000;

/** The state of a call for help; a person must never mistake one for another (R36). */
export type CallState = 'sending' | 'not_sent' | 'sent' | 'answered';

/** A call for help by the member who holds this phone. */
export interface OwnCall {
  call: HelpId;
  help: HelpKind;
  person: PersonId | null;
  place: string | null;
  at: Time;
  state: CallState;
  /** Why the room refused it. */
  refused: string | null;
  answeredBy: MemberId | null;
  answeredAt: Time | null;
}

/** Context beyond the outbox item, which alone cannot show that a call failed. */
export interface Trying {
  /** Whether this phone can reach the room. */
  inTouch: boolean;
  /** Whether a call has failed before, or has waited too long. */
  failed: (call: HelpId) => boolean;
}

/** A call by another member. */
export interface OthersCall {
  row: HelpRow;
  /** What this phone has done about it. */
  mine: 'none' | 'on_its_way' | 'going';
}

/**
 * Returns this member's calls that have not ended, oldest first: those waiting on this phone and those in
 * the room. A call ended on this phone is over, whether the room knows it or not.
 */
export function ownCalls(
  items: readonly Item[],
  rows: readonly HelpRow[],
  me: MemberId,
  trying: Trying,
): OwnCall[] {
  const ended = endedHere(items);
  const calls = new Map<HelpId, OwnCall>();
  for (const row of rows) {
    if (row.member === me && !ended.has(row.call)) calls.set(row.call, ofRow(row));
  }
  for (const item of items) {
    const { id } = item.envelope;
    if (item.member !== me || calls.has(id) || ended.has(id)) continue;
    const call = ofItem(item, trying);
    if (call) calls.set(id, call);
  }
  return [...calls.values()].sort((a, b) => a.at - b.at);
}

/** Returns the call to show first: an unsent one before one in the room. */
export function worst(calls: readonly OwnCall[]): OwnCall | null {
  const order: readonly CallState[] = ['not_sent', 'sending', 'sent', 'answered'];
  for (const state of order) {
    const call = calls.findLast((one) => one.state === state);
    if (call) return call;
  }
  return null;
}

/** Returns the calls of others near this member: at the same site, or if either site is unknown. */
export function othersCalls(
  items: readonly Item[],
  rows: readonly HelpRow[],
  me: MemberId | null,
  site: SiteId | null,
): OthersCall[] {
  const ended = endedHere(items);
  const near = rows.filter(
    (row) =>
      row.member !== me &&
      !ended.has(row.call) &&
      (site === null || row.site === null || row.site === site),
  );
  return near
    .map((row) => ({ row, mine: row.answered_by === me ? ('going' as const) : told(items, row) }))
    .sort((a, b) => a.row.received - b.row.received);
}

function told(items: readonly Item[], { call }: HelpRow): OthersCall['mine'] {
  const answer = items.findLast(
    ({ envelope }) => envelope.do.kind === 'answer_help' && envelope.do.call === call,
  );
  if (!answer || answer.fate.is === 'refused') return 'none';
  // A second member to answer goes too: the room has it in its log.
  return answer.fate.is === 'saved' ? 'going' : 'on_its_way';
}

function endedHere(items: readonly Item[]): ReadonlySet<HelpId> {
  const ended = new Set<HelpId>();
  for (const { envelope, fate } of items) {
    if (envelope.do.kind === 'end_help' && fate.is !== 'refused') ended.add(envelope.do.call);
  }
  return ended;
}

function ofRow(row: HelpRow): OwnCall {
  const { call, help, person, place, since } = row;
  const state = row.answered_by === null ? 'sent' : 'answered';
  const answered = { answeredBy: row.answered_by, answeredAt: row.answered_at };
  return { call, help, person, place, at: since, state, refused: null, ...answered };
}

function ofItem(item: Item, trying: Trying): OwnCall | null {
  const command = item.envelope.do;
  if (command.kind !== 'call_for_help') return null;
  const { help, person, place } = command;
  const made = { call: item.envelope.id, help, person, place, at: item.at };
  const nobody = { answeredBy: null, answeredAt: null };
  switch (item.fate.is) {
    case 'sent':
      return { ...made, state: 'sent', refused: null, ...nobody };
    case 'saved':
      // The room showed it, and has stopped showing it: it has ended.
      return null;
    case 'refused':
      return { ...made, state: 'not_sent', refused: item.fate.refusal.words, ...nobody };
    case 'on_phone':
    case 'sending': {
      const again = item.frozen && item.fate.is === 'on_phone';
      const lost = !trying.inTouch || again || trying.failed(item.envelope.id);
      return { ...made, state: lost ? 'not_sent' : 'sending', refused: null, ...nobody };
    }
  }
}
