import { expect, test } from 'vitest';
import type { Put, Row } from '../../../lib/wire/row';
import { deskRows } from '../../../lib/wire/rows';
import { RoomRows } from '../../../lib/room-rows';
import type { Room } from '../../../lib/room.svelte';
import { RowStore } from '../../../lib/rows.svelte';
import { DeskData } from '../data.svelte';
import { ResidentsView } from './view.svelte';

const world = {
  now: () => 0,
  after: () => () => undefined,
  drawn: () => undefined,
};

function put(person: string, bedroom: string, rating = 'on_track'): Put {
  const row = { row: 'desk_person', person, bedroom, rating, reference: person, name: person };
  return { key: `person/${person}`, row: row as unknown as Row };
}

/** A table of three people, in bedroom order. */
class Table {
  readonly store = new RowStore(world, 0, Object.keys(deskRows));
  readonly view = new ResidentsView(
    new DeskData({ rows: new RoomRows(this.store, deskRows) } as unknown as Room<'desk'>),
  );
  #seq = 0;

  constructor() {
    this.hear([put('a', '12A'), put('b', '2'), put('c', '30')]);
    this.view.show();
  }

  hear(rows: Put[], gone: string[] = []): void {
    const from = this.#seq;
    this.#seq += 1;
    const del = gone.map((id): Put['key'] => `person/${id}`);
    const frame = { room: 'r', audience: 'desk', from, to: this.#seq, tag: 't' } as const;
    this.store.apply({ ...frame, put: rows, del });
    this.store.flush();
  }
}

test('people are in natural bedroom order', () => {
  expect(new Table().view.shown).toEqual(['b', 'a', 'c']);
});

test('a change that moves nobody returns the same list', () => {
  const table = new Table();
  const before = table.view.wanted;
  table.hear([put('a', '12A', 'at_risk')]);
  expect(table.view.wanted).toBe(before);
  expect(table.view.waiting).toBe(0);
});

test('moves, additions and removals are counted, and take effect once applied', () => {
  const table = new Table();
  table.hear([put('a', '1')]);
  expect(table.view.waiting).toBe(1);
  table.hear([put('d', '20')], ['c']);
  expect(table.view.waiting).toBe(3);
  expect(table.view.shown).toEqual(['b', 'a', 'c']);
  table.view.show();
  expect(table.view.shown).toEqual(['a', 'b', 'd']);
  expect(table.view.waiting).toBe(0);
});

test('a filter and a reversed order also apply to later changes', () => {
  const table = new Table();
  table.view.worried = true;
  table.hear([put('a', '12A', 'watch'), put('c', '30', 'at_risk')]);
  expect(table.view.wanted).toEqual(['a', 'c']);
  table.view.sortBy('bedroom');
  expect(table.view.shown).toEqual(['c', 'a']);
  table.hear([put('c', '30')]);
  expect(table.view.wanted).toEqual(['a']);
});
