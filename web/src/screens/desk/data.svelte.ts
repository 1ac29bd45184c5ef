import { SvelteSet } from 'svelte/reactivity';
import type { Said } from '../../lib/envelope';
import type { Item } from '../../lib/outbox-store';
import type { Command } from '../../lib/proto/command';
import type { HomeId, MemberId, PersonId } from '../../lib/proto/id';
import type { Actor } from '../../lib/proto/member';
import type { DeskPerson } from '../../lib/proto/row';
import type { Room } from '../../lib/room.svelte';
import { byWorry } from './help';
import { Keys } from './keys.svelte';
import type { Need, NeedSource } from './needs/need';
import { Undo } from './undo.svelte';

/** The name under which the desk's data is found by what stands deep in a page. */
export const DESK = Symbol('desk');

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

/** Returns whether a place stands for somebody; where it is protected the row does not say which. */
export const hasPlace = (person: DeskPerson): boolean =>
  person.items.some(({ item, state }) => item === 'place' && state === 'done');

/** The room as the desk reads it, and the way in which it asks. */
export class DeskData {
  readonly incident = $derived.by(() => this.room.rows.one('incident'));
  readonly census = $derived.by(() => this.room.rows.one('census'));
  readonly members = $derived.by(() => this.room.rows.of('member').sort(byName));
  readonly homes = $derived.by(() => this.room.rows.of('home').sort(byName));
  readonly sites = $derived.by(() => this.room.rows.of('site'));
  readonly signIns = $derived.by(() => this.room.rows.of('sign_in'));
  /** The newest first. */
  readonly log = $derived.by(() => this.room.rows.of('log').sort((a, b) => b.seq - a.seq));
  /** Calls for help that have not ended, those that nobody answers first. */
  readonly help = $derived.by(() => this.room.rows.of('help').sort(byWorry));
  readonly edits = $derived.by(() => this.room.rows.of('edit'));
  readonly door = $derived.by(() => this.room.rows.one('door'));
  /** Who waits longest first. */
  readonly askers = $derived.by(() => this.room.rows.of('asker').sort((a, b) => a.since - b.since));
  readonly expected = $derived.by(() => this.room.rows.of('expected').sort(byName));
  readonly packs = $derived.by(() => this.room.rows.of('pack'));
  readonly me = $derived.by(() => {
    const id = this.room.me?.member;
    return this.members.find(({ member }) => member === id) ?? null;
  });

  readonly people = $derived.by(() => this.room.rows.of('person'));
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
  /** Outbox items whose fate is told where they were asked, and not under the header as well. */
  readonly followed = new SvelteSet<number>();

  /** The roles this member acts in: their own, and by cover those of others. */
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
    return this.room.outbox.items.filter((item) => isAbout(item, person));
  }
}

function isAbout({ envelope }: Item, person: PersonId): boolean {
  const command = envelope.do;
  if ('person' in command) return command.person === person;
  return command.kind === 'pass_gate' && command.people.includes(person);
}
