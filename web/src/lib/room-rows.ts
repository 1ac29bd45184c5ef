import type { Seq } from './wire/id';
import type { Audience } from './wire/role';
import type { Row } from './wire/row';
import type { deskRows, phoneRows, sitrepRows, wallRows } from './wire/rows';
import type { Cell, RowStore } from './rows.svelte';

interface Tables extends Record<Audience, Readonly<Record<string, Row['row']>>> {
  wall: typeof wallRows;
  desk: typeof deskRows;
  phone: typeof phoneRows;
  sitrep: typeof sitrepRows;
}

/** The tags of the rows of an audience, by the kind of their key. */
export type RowTags<A extends Audience> = Tables[A];

/** The kinds of key under which an audience has rows: the part before the slash. */
type Kind<A extends Audience> = keyof Tables[A] & string;

/** What an audience is shown under a kind of key. */
export type RowOf<A extends Audience, K extends Kind<A>> = Extract<Row, { row: Tables[A][K] }>;

/** The rows of a room by kind, typed for its face. Rows that this release does not know are skipped. */
export class RoomRows<A extends Audience> {
  constructor(
    readonly store: RowStore,
    readonly tags: RowTags<A>,
  ) {}

  /** Returns every row of a kind, in key order. */
  of<K extends Kind<A>>(kind: K): RowOf<A, K>[] {
    return this.cells(kind).map(({ row }) => row);
  }

  /** Returns the same with their ids: not every row carries its own. */
  cells<K extends Kind<A>>(kind: K): Cell<RowOf<A, K>>[] {
    const tag = this.tags[kind];
    return this.store.all(kind).filter((cell): cell is Cell<RowOf<A, K>> => cell.row.row === tag);
  }

  /** Returns the row of a kind that has at most one. */
  one<K extends Kind<A>>(kind: K): RowOf<A, K> | null {
    return this.get(kind, '');
  }

  /** Returns the row with an id; none without an id. */
  get<K extends Kind<A>>(kind: K, id: string | null): RowOf<A, K> | null {
    const row = id === null ? undefined : this.store.find(kind, id)?.row;
    return row?.row === this.tags[kind] ? (row as RowOf<A, K>) : null;
  }

  /** The cursor that the screen shows; null until the first rows arrive. */
  get cursor(): Seq | null {
    return this.store.cursor?.seq ?? null;
  }
}
