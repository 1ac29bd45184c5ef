import { flushSync } from 'svelte';
import { expect, expectTypeOf, test } from 'vitest';
import type { HelpRow, WallHelp } from './wire/help';
import type { DeskLog, ShownLog } from './wire/log';
import type { Put, Row } from './wire/row';
import { deskRows, wallRows } from './wire/rows';
import { RoomRows, type RowOf } from './room-rows';
import { RowStore } from './rows.svelte';

const world = { now: () => 0, after: () => () => undefined, drawn: () => undefined };

/** A desk that has received nothing yet. */
class Desk {
  readonly store = new RowStore(world, 0, Object.keys(deskRows));
  readonly rows = new RoomRows<'desk'>(this.store, deskRows);
  #seq = 0;

  hear(...put: [key: string, row: unknown][]): void {
    const frame = {
      room: 'r',
      audience: 'desk',
      from: this.#seq,
      to: ++this.#seq,
      tag: 't',
    } as const;
    this.store.apply({
      ...frame,
      put: put.map(([key, row]): Put => ({ key, row: row as Row })),
      del: [],
    });
    this.store.flush();
  }
}

test('a kind returns rows of its own face', () => {
  expectTypeOf<RowOf<'desk', 'help'>>().toExtend<HelpRow>();
  expectTypeOf<RowOf<'wall', 'help'>>().toExtend<WallHelp>();
  expectTypeOf<RowOf<'desk', 'log'>>().toExtend<DeskLog>();
  expectTypeOf<RowOf<'sitrep', 'log'>>().toExtend<ShownLog>();
  expectTypeOf(new Desk().rows.of('help')).toExtend<HelpRow[]>();
  expect(Object.keys(wallRows)).not.toContain('pack');
});

test('entries and numbers sort by value, and the rest as text', () => {
  const desk = new Desk();
  for (const id of ['10', '9', '100']) desk.hear([`pack/${id}`, { row: 'pack', id }]);
  for (const id of ['01b-2', '01a-10', '01b-1']) desk.hear([`home/${id}`, { row: 'home', id }]);
  expect(desk.rows.cells('pack').map(({ id }) => id)).toEqual(['9', '10', '100']);
  expect(desk.rows.cells('home').map(({ id }) => id)).toEqual(['01a-10', '01b-1', '01b-2']);
});

test('rows of another face, or of a later release, are skipped', () => {
  const desk = new Desk();
  desk.hear(
    ['help/a', { row: 'help' }],
    ['help/b', { row: 'wall_help' }],
    ['choir/c', { row: 'choir' }],
  );
  expect(desk.rows.of('help')).toEqual([{ row: 'help' }]);
  expect(desk.rows.cells('help').map(({ id }) => id)).toEqual(['a']);
  expect(desk.rows.get('help', 'b')).toBeNull();
  // Storage on a device includes all of them.
  expect(desk.store.shown()).toHaveLength(3);
});

test('a row is found by its kind or its id, and none without an id', () => {
  const desk = new Desk();
  desk.hear(['incident', { row: 'desk_incident' }], ['person/p', { row: 'desk_person' }]);
  expect(desk.rows.one('incident')).toEqual({ row: 'desk_incident' });
  expect(desk.rows.one('door')).toBeNull();
  expect(desk.rows.get('person', 'p')).toEqual({ row: 'desk_person' });
  expect(desk.rows.get('person', null)).toBeNull();
});

test('a reader from before the first row sees it arrive', () => {
  const desk = new Desk();
  const seen: number[] = [];
  const stop = $effect.root(() => {
    $effect(() => {
      seen.push(desk.rows.of('pack').length + (desk.rows.one('door') === null ? 0 : 10));
    });
  });
  flushSync();
  desk.hear(['pack/1', { row: 'pack' }]);
  flushSync();
  desk.hear(['door', { row: 'door' }]);
  flushSync();
  expect(seen).toEqual([0, 1, 11]);
  stop();
});
