import type { Said } from '../../lib/outbox';
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

/** Returns the rows of one kind; a kind of row that the desk does not know is passed over. */
function pick<R>(cells: readonly Cell[], kind: string): R[] {
  const rows: R[] = [];
  for (const { row } of cells) if (row.row === kind) rows.push(row as R);
  return rows;
}

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
  readonly edits = $derived.by(() => pick<EditRow>(this.room.rows.edits, 'edit'));
  readonly help = $derived.by(() => pick<HelpRow>(this.room.rows.help, 'help'));
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
        return 'The import';
    }
  }

  /** Asks; what becomes of it is seen in the room's outbox. */
  ask(command: Command, said: Said = {}): void {
    void this.room.send(command, said);
  }

  /** Asks for a change of details, which the room weighs against what this screen showed. */
  edit(command: Command): void {
    const seq = this.room.rows.cursor;
    this.ask(command, seq === null ? {} : { basedOn: seq });
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
