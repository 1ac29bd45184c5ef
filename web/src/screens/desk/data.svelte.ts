import { SvelteSet } from 'svelte/reactivity';
import type { Said } from '../../lib/envelope';
import type { Item } from '../../lib/outbox-store';
import type { Command } from '../../lib/wire/command';
import type { HomeId, MemberId, PersonId } from '../../lib/wire/id';
import type { Actor } from '../../lib/wire/member';
import type { DeskPerson } from '../../lib/wire/person';
import type { Room } from '../../lib/room.svelte';
import { byWorry } from './help';
import { Keys } from './keys.svelte';
import type { Need, NeedSource } from './needs/need';
import { Undo } from './undo.svelte';

/** The context key of the desk's data. */
export const DESK = Symbol('desk');

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

/** Returns whether a person has a place; if it is protected the row does not say which. */
export const hasPlace = (person: DeskPerson): boolean =>
  person.items.some(({ item, state }) => item === 'place' && state === 'done');

/** The desk's data from the room, and its way to send commands. */
export class DeskData {
  readonly incident = $derived.by(() => this.room.rows.one('incident'));
  readonly census = $derived.by(() => this.room.rows.one('census'));
  readonly members = $derived.by(() => this.room.rows.of('member').sort(byName));
  readonly homes = $derived.by(() => this.room.rows.of('home').sort(byName));
  readonly sites = $derived.by(() => this.room.rows.of('site'));
  readonly signIns = $derived.by(() => this.room.rows.of('sign_in'));
  /** Newest first. */
  readonly log = $derived.by(() => this.room.rows.of('log').sort((a, b) => b.seq - a.seq));
  /** Calls for help that have not ended, unanswered ones first. */
  readonly help = $derived.by(() => this.room.rows.of('help').sort(byWorry));
  readonly edits = $derived.by(() => this.room.rows.of('edit'));
  readonly door = $derived.by(() => this.room.rows.one('door'));
  /** Longest waiting first. */
  readonly askers = $derived.by(() => this.room.rows.of('asker').sort((a, b) => a.since - b.since));
  readonly expected = $derived.by(() => this.room.rows.of('expected').sort(byName));
  readonly packs = $derived.by(() => this.room.rows.of('pack'));
  readonly me = $derived.by(() => {
    const id = this.room.me?.member;
    return this.members.find(({ member }) => member === id) ?? null;
  });

  readonly people = $derived.by(() => this.room.rows.of('person'));
  readonly overdue = $derived(this.signIns.filter(({ state }) => state === 'overdue').length);
  /** The current minute: views that depend on it render once a minute, not each second. */
  readonly minute = $derived.by(() => this.room.clock.minute);
  /** Computes the needs; loaded lazily. */
  reckon: ((source: NeedSource) => Need[]) | null = $state.raw(null);
  /** The needs, unordered; none until the code is loaded. */
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
  /** The number of pressing needs. Questions left by an import do not count, except a possible duplicate. */
  readonly pressing = $derived(
    (this.needs ?? []).filter((need) => need.is !== 'question' || need.question === 'duplicate')
      .length,
  );
  /** Optimistic updates of workers named at this desk. */
  readonly naming = $derived.by(() => {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made whole and swapped whole
    const chosen = new Map<PersonId, MemberId | null>();
    for (const { envelope, fate } of this.room.outbox.items) {
      const command = envelope.do;
      if (command.kind !== 'name_worker') continue;
      if (fate.is === 'saved' || fate.is === 'refused') chosen.delete(command.person);
      else chosen.set(command.person, command.worker);
    }
    return chosen;
  });
  readonly keys = new Keys();
  readonly undo = new Undo(this);
  /** Outbox items whose fate is shown in place, and not also under the header. */
  readonly followed = new SvelteSet<number>();

  /** The roles this member acts in: their own and those covered. */
  readonly acting = $derived.by(() => {
    const { me } = this;
    if (me === null) return [];
    const covered = this.members.filter(({ member }) => me.covers.includes(member));
    return [...me.roles, ...covered.flatMap(({ roles }) => roles)];
  });

  constructor(readonly room: Room<'desk'>) {}

  person(id: PersonId | null): DeskPerson | null {
    return this.room.rows.get('person', id);
  }

  homeName(id: HomeId | null): string | null {
    if (id === null) return null;
    return this.room.rows.get('home', id)?.name ?? 'Another home';
  }

  memberName(id: MemberId | null): string {
    if (id === null) return 'Nobody yet';
    return this.room.rows.get('member', id)?.name ?? 'A former member';
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
        // Opens rooms and imports lists, on the authority of the node's operator.
        return 'Set-up';
    }
  }

  /** Sends a command; its fate appears in the room's outbox. */
  ask(command: Command, said: Said = {}): void {
    void this.room.send(command, said);
  }

  /** Names a worker for several people, one command each, so that one refusal stops no other. */
  nameWorker(people: readonly PersonId[], worker: MemberId | null): void {
    this.undo.named(people, worker);
    for (const person of people) this.ask({ kind: 'name_worker', person, worker });
  }

  /** Returns the entry that the screen shows, for an edit that starts at this moment. */
  get basis(): Said {
    const seq = this.room.rows.cursor;
    return seq === null ? {} : { basedOn: seq };
  }

  /** The commands about a person. */
  itemsAbout(person: PersonId): Item[] {
    return this.room.outbox.items.filter((item) => isAbout(item, person));
  }
}

function isAbout({ envelope }: Item, person: PersonId): boolean {
  const command = envelope.do;
  if ('person' in command) return command.person === person;
  return command.kind === 'pass_gate' && command.people.includes(person);
}
