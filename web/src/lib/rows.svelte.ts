/* eslint svelte/prefer-svelte-reactivity: off -- cells and shelves carry the reactivity, the maps only find them */
import type { RowSink } from './link-options';
import type { Rows } from './wire/frame';
import type { Cursor } from './wire/id';
import type { Key } from './wire/key';
import type { Put, Row } from './wire/row';
import type { World } from './world';

/** One row on the screen. Its value is replaced whole, so only its own readers render again. */
export class Cell<R extends Row = Row> {
  readonly key: Key;
  /** The part of the key after the slash: the row's own id. */
  readonly id: string;
  row: R = $state.raw() as R;

  constructor(key: Key, row: R) {
    this.key = key;
    this.id = idOf(key);
    this.row = row;
  }
}

/** All rows of one kind; the array changes only when a row is added or removed. */
class Shelf {
  list: readonly Cell[] = $state.raw([]);
  readonly cells = new Map<string, Cell>();
}

/** Renders may take at most one part in this many of the time; taps and typing have the rest. */
const REST = 6;
/** Maximum render interval, however slow the device. */
const GAP_MOST_MS = 1_500;

/**
 * Holds the rows of one face. Frames from the socket are only collected; one flush per interval swaps the
 * cells, so that a busy room costs a slow device a few renders a second and not fifty. The interval adapts
 * to the device: a slow one renders less often, and stays responsive.
 */
export class RowStore implements RowSink {
  /** The cursor that the screen shows. */
  cursor: Cursor | null = $state.raw(null);
  head: Cursor | null = null;
  readonly #shelves: Map<string, Shelf>;
  #waiting = new Map<Key, Row | null>();
  #replacing = false;
  #cancel: (() => void) | null = null;
  #flushedAt = Number.NEGATIVE_INFINITY;
  /** The recent cost of a render on this device. */
  #costMs = 0;

  constructor(
    readonly world: Pick<World, 'now' | 'after' | 'drawn'>,
    readonly gapMs: number,
    /** The kinds that the face may read: a read before the first row must be notified of that row. */
    kinds: readonly string[] = [],
  ) {
    this.#shelves = new Map(kinds.map((kind) => [kind, new Shelf()]));
  }

  /** Returns every row of a kind, in key order. */
  all(kind: string): readonly Cell[] {
    return this.#shelves.get(kind)?.list ?? [];
  }

  /** Returns one row; a view that reads it renders again when the row is added or removed. */
  find(kind: string, id: string): Cell | undefined {
    this.all(kind);
    return this.#shelves.get(kind)?.cells.get(id);
  }

  /** Returns every row on the screen, as in a snapshot. */
  shown(): Put[] {
    const cells = [...this.#shelves.values()].flatMap((shelf) => [...shelf.cells.values()]);
    return cells.map(({ key, row }) => ({ key, row }));
  }

  replace(rows: Rows): void {
    this.#waiting = new Map();
    this.#replacing = true;
    this.#gather(rows);
    this.flush();
  }

  apply(rows: Rows): void {
    this.#gather(rows);
    if (this.#cancel) return;
    const gap = Math.max(this.gapMs, this.#costMs * REST);
    const wait = Math.max(0, this.#flushedAt + gap - this.world.now());
    this.#cancel = this.world.after(wait, () => {
      this.flush();
    });
  }

  /** Shows everything received so far. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#flushedAt = this.world.now();
    this.world.drawn((costMs) => {
      // A single fast render does not shorten the next interval.
      this.#costMs = Math.min(GAP_MOST_MS / REST, Math.max(costMs, this.#costMs * 0.7));
    });
    const changed = new Set<string>();
    if (this.#replacing) {
      for (const { key } of this.shown()) if (!this.#waiting.has(key)) this.#waiting.set(key, null);
      this.#replacing = false;
    }
    for (const [key, row] of this.#waiting) {
      const kind = kindOf(key);
      const { cells } = this.#shelf(kind);
      const id = idOf(key);
      const cell = cells.get(id);
      if (row === null) {
        if (cells.delete(id)) changed.add(kind);
      } else if (cell) {
        cell.row = row;
      } else {
        cells.set(id, new Cell(key, row));
        changed.add(kind);
      }
    }
    this.#waiting = new Map();
    for (const kind of changed) this.#reshelve(kind);
    this.cursor = this.head;
  }

  #gather(rows: Rows): void {
    for (const key of rows.del) this.#waiting.set(key, null);
    for (const { key, row } of rows.put) this.#waiting.set(key, row);
    this.head = { seq: rows.to, tag: rows.tag };
  }

  /** Returns the shelf of a kind; an unknown kind is stored but not shown. */
  #shelf(kind: string): Shelf {
    const shelf = this.#shelves.get(kind) ?? new Shelf();
    this.#shelves.set(kind, shelf);
    return shelf;
  }

  #reshelve(kind: string): void {
    const shelf = this.#shelf(kind);
    // Entries, times and numbers sort by value; everything else sorts as text.
    shelf.list = [...shelf.cells.values()].sort(
      (a, b) => Number(a.id) - Number(b.id) || (a.id < b.id ? -1 : 1),
    );
  }
}

/** Returns the part of a key before the slash. */
function kindOf(key: Key): string {
  const slash = key.indexOf('/');
  return slash < 0 ? key : key.slice(0, slash);
}

function idOf(key: Key): string {
  const slash = key.indexOf('/');
  return slash < 0 ? '' : key.slice(slash + 1);
}
