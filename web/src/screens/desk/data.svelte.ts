import { SvelteSet } from 'svelte/reactivity';
import type { Said } from '../../lib/envelope';
import type { Item } from '../../lib/outbox-store';
import type { Command } from '../../lib/proto/command';
import type { HomeId, MemberId, PersonId } from '../../lib/proto/id';
import type { Actor } from '../../lib/proto/member';
import type {
  AskerRow,
  DeskLog,
  DeskMember,
  DeskPerson,
  DeskSignIn,
  EditRow,
  ExpectedRow,
  HelpRow,
  HomeRow,
  PackRow,
  SiteRow,
} from '../../lib/proto/row';
import type { Room } from '../../lib/room.svelte';
import type { Cell } from '../../lib/rows.svelte';
import { byWorry } from './help';
import { Keys } from './keys.svelte';
import type { Need, NeedSource } from './needs/need';
import { Undo } from './undo.svelte';

/** The name under which the desk's data is found by what stands deep in a page. */
export const DESK = Symbol('desk');

/** Returns the rows of one kind; a kind of row that the desk does not know is passed over. */
function pick<R>(cells: readonly Cell[], kind: string): R[] {
  const rows: R[] = [];
  for (const { row } of cells) if (row.row === kind) rows.push(row as R);
  return rows;
}

/** Returns whether a place stands for somebody; where it is protected the row does not say which. */
export const hasPlace = (person: DeskPerson): boolean =>
  person.items.some(({ item, state }) => item === 'place' && state === 'done');

/** The room as the desk reads it, and the way in which it asks. */
export class DeskData {
  readonly incident = $derived.by(() => {
    const row = this.room.rows.incident?.row;
    return row?.row === 'desk_incident' ? row : null;
  });
  readonly census = $derived.by(() => {
    const row = this.room.rows.census?.row;
    return row?.row === 'census' ? row : null;
  });
  readonly members = $derived.by(() =>
    pick<DeskMember>(this.room.rows.members, 'desk_member').sort((a, b) =>
      a.name < b.name ? -1 : 1,
    ),
  );
  readonly homes = $derived.by(() =>
    pick<HomeRow>(this.room.rows.homes, 'home').sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
  readonly sites = $derived.by(() => pick<SiteRow>(this.room.rows.sites, 'site'));
  readonly signIns = $derived.by(() => pick<DeskSignIn>(this.room.rows.signIns, 'desk_sign_in'));
  /** The newest first. */
  readonly log = $derived.by(() =>
    pick<DeskLog>(this.room.rows.log, 'desk_log').sort((a, b) => b.seq - a.seq),
  );
  /** Calls for help that have not ended, those that nobody answers first. */
  readonly help = $derived.by(() => pick<HelpRow>(this.room.rows.help, 'help').sort(byWorry));
  readonly edits = $derived.by(() => pick<EditRow>(this.room.rows.edits, 'edit'));
  readonly door = $derived.by(() => {
    const row = this.room.rows.door?.row;
    return row?.row === 'door' ? row : null;
  });
  /** Who waits longest first. */
  readonly askers = $derived.by(() =>
    pick<AskerRow>(this.room.rows.askers, 'asker').sort((a, b) => a.since - b.since),
  );
  readonly expected = $derived.by(() =>
    pick<ExpectedRow>(this.room.rows.expected, 'expected').sort((a, b) =>
      a.name < b.name ? -1 : 1,
    ),
  );
  readonly packs = $derived.by(() => pick<PackRow>(this.room.rows.packs, 'pack'));
  readonly me = $derived.by(() => {
    const id = this.room.me?.member;
    return this.members.find(({ member }) => member === id) ?? null;
  });

  readonly people = $derived.by(() => pick<DeskPerson>(this.room.rows.people, 'desk_person'));
  readonly overdue = $derived(this.signIns.filter(({ state }) => state === 'overdue').length);
  /** The present minute: what is drawn from it changes once a minute and not each second. */
  readonly minute = $derived.by(() => this.room.clock.minute);
  /** Reckons what waits for a person; it is fetched behind the first sight. */
  reckon: ((source: NeedSource) => Need[]) | null = $state.raw(null);
  /** What waits for a person, in no order; nothing while nobody reckons it yet. */
  readonly needs: readonly Need[] | null = $derived.by(() =>
    this.reckon === null
      ? null
      : this.reckon({
          people: this.people,
          signIns: this.signIns,
          edits: this.edits,
          log: this.log,
          deadlines: this.incident?.deadlines ?? [],
          now: this.minute,
        }),
  );
  /** How much of it presses. What a list left open holds up nobody, unless somebody may be counted twice. */
  readonly pressing = $derived(
    (this.needs ?? []).filter((need) => need.is !== 'question' || need.question === 'duplicate')
      .length,
  );
  /** The workers that were chosen here and are on their way to the room. */
  readonly naming = $derived.by(() => {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made whole and swapped whole
    const chosen = new Map<PersonId, MemberId | null>();
    for (const { envelope, fate } of this.room.outbox) {
      const command = envelope.do;
      if (command.kind !== 'name_worker') continue;
      if (fate.is === 'saved' || fate.is === 'refused') chosen.delete(command.person);
      else chosen.set(command.person, command.worker);
    }
    return chosen;
  });
  readonly keys = new Keys();
  readonly undo = new Undo(this);
  /** Outbox items whose fate is told where they were asked, and not under the header as well. */
  readonly followed = new SvelteSet<number>();

  /** The roles this member acts in: their own, and by cover those of others. */
  readonly acting = $derived.by(() => {
    const { me } = this;
    if (me === null) return [];
    const covered = this.members.filter(({ member }) => me.covers.includes(member));
    return [...me.roles, ...covered.flatMap(({ roles }) => roles)];
  });

  constructor(readonly room: Room) {}

  person(id: PersonId | null): DeskPerson | null {
    if (id === null) return null;
    const row = this.room.rows.person(id)?.row;
    return row?.row === 'desk_person' ? row : null;
  }

  homeName(id: HomeId | null): string | null {
    if (id === null) return null;
    const row = this.room.rows.home(id)?.row;
    return row?.row === 'home' ? row.name : 'Another home';
  }

  memberName(id: MemberId | null): string {
    if (id === null) return 'Nobody yet';
    const row = this.room.rows.member(id)?.row;
    return row?.row === 'desk_member' ? row.name : 'A former member';
  }

  actorName(actor: Actor): string {
    switch (actor.is) {
      case 'member':
        return this.memberName(actor.id);
      case 'screen':
        return 'A screen';
      case 'system':
        return 'Muster';
      case 'importer':
        // Opens rooms and brings in lists, on the word of whoever runs the node.
        return 'Set-up';
    }
  }

  /** Asks; what becomes of it is seen in the room's outbox. */
  ask(command: Command, said: Said = {}): void {
    void this.room.send(command, said);
  }

  /** Names a worker for some people, one command each, so that one refusal stops no other. */
  nameWorker(people: readonly PersonId[], worker: MemberId | null): void {
    this.undo.named(people, worker);
    for (const person of people) this.ask({ kind: 'name_worker', person, worker });
  }

  /** Returns the entry that the screen shows: what an edit that begins at this moment rests on. */
  get basis(): Said {
    const seq = this.room.rows.cursor;
    return seq === null ? {} : { basedOn: seq };
  }

  /** What was asked about a person. */
  itemsAbout(person: PersonId): Item[] {
    return this.room.outbox.filter((item) => isAbout(item, person));
  }
}

function isAbout({ envelope }: Item, person: PersonId): boolean {
  const command = envelope.do;
  if ('person' in command) return command.person === person;
  return command.kind === 'pass_gate' && command.people.includes(person);
}
