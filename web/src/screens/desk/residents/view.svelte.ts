import { SvelteSet } from 'svelte/reactivity';
import type { PersonId } from '../../../lib/wire/id';
import type { DeskPerson } from '../../../lib/wire/person';
import type { Stage } from '../../../lib/wire/transfer';
import type { Cell } from '../../../lib/rows.svelte';
import { bornShort } from '../../../ui/time';
import { ratingOrder, sideStages, stageWord, wayStages } from '../../../ui/words';
import type { DeskData } from '../data.svelte';

/** The sort keys of the table. */
export type SortKey = 'reference' | 'bedroom' | 'name' | 'stage' | 'rating' | 'leaves' | 'worker';

const natural = new Intl.Collator('en-GB', { numeric: true });
const stageOrder = [...wayStages, ...sideStages];

const same = (a: readonly PersonId[], b: readonly PersonId[]): boolean =>
  a.length === b.length && a.every((id, at) => id === b[at]);

/** Returns how many can keep their place: the longest increasing subsequence. */
function longestRise(numbers: readonly number[]): number {
  const ends: number[] = [];
  for (const number of numbers) {
    const at = ends.findIndex((end) => end >= number);
    if (at < 0) ends.push(number);
    else ends[at] = number;
  }
  return ends.length;
}

/** The visible residents and their order; rows never move while the table is in use. */
export class ResidentsView {
  search = $state('');
  stage: Stage | null = $state(null);
  worried = $state(false);
  sort: SortKey = $state('bedroom');
  down = $state(false);
  /** The people marked for a bulk action; they stay marked when a filter hides them. */
  readonly marked = new SvelteSet<PersonId>();
  /** The anchor of a range selection with Shift. */
  #anchor: PersonId | null = null;
  /** The pointer or the focus is in the table. */
  busy = $state(false);
  /** Returns to the view from which the search was opened. */
  back: (() => void) | null = null;
  #cells: readonly Cell[] = [];
  /** Everybody, in the order last computed. */
  #order: readonly PersonId[] = [];
  #wanted: readonly PersonId[] = [];
  /** The ids in rendered order. */
  shown: readonly PersonId[] = $state.raw([]);

  /** The position of each. */
  readonly shownAt: ReadonlyMap<PersonId, number> = $derived.by(
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made whole and swapped whole
    () => new Map(this.shown.map((id, at) => [id, at])),
  );

  readonly wanted: readonly PersonId[] = $derived.by(() => {
    const { data, search, stage, worried } = this;
    const words = search.trim().toLowerCase();
    const sign = this.down ? -1 : 1;
    const rows: DeskPerson[] = [];
    // Starting from the previous order, sorting takes few steps.
    for (const id of this.#everybody()) {
      const row = data.person(id);
      if (row !== null) rows.push(row);
    }
    rows.sort((a, b) => sign * this.#compare(a, b) || (a.person < b.person ? -1 : 1));
    this.#order = rows.map(({ person }) => person);
    const found = rows.filter(
      (row) =>
        (stage === null || row.stage === stage) &&
        (!worried || row.rating === 'at_risk' || row.rating === 'watch') &&
        (words === '' || this.#matches(row, words)),
    );
    const ids = found.map(({ person }) => person);
    // Returning the same list causes no render.
    if (!same(ids, this.#wanted)) this.#wanted = ids;
    return this.#wanted;
  });

  /** How many rows would appear, disappear or move. */
  readonly waiting = $derived.by(() => {
    const { wanted, shown } = this;
    if (same(wanted, shown)) return 0;
    /* eslint-disable svelte/prefer-svelte-reactivity -- made and dropped within this reckoning */
    const now = new Set(shown);
    const next = new Set(wanted);
    const came = wanted.filter((id) => !now.has(id)).length;
    const went = shown.filter((id) => !next.has(id)).length;
    const place = new Map(wanted.map((id, index) => [id, index]));
    /* eslint-enable svelte/prefer-svelte-reactivity */
    const kept = shown.map((id) => place.get(id)).filter((index) => index !== undefined);
    return came + went + kept.length - longestRise(kept);
  });

  constructor(readonly data: DeskData) {}

  /** Toggles a mark; with `reach`, marks everybody from the last mark on. */
  mark(id: PersonId, on: boolean, reach = false): void {
    const from = this.#anchor === null ? -1 : this.shown.indexOf(this.#anchor);
    const to = this.shown.indexOf(id);
    const ids =
      reach && from >= 0 && to >= 0
        ? this.shown.slice(Math.min(from, to), Math.max(from, to) + 1)
        : [id];
    for (const one of ids) {
      if (on) this.marked.add(one);
      else this.marked.delete(one);
    }
    this.#anchor = id;
  }

  /** Marks everybody shown, or nobody. */
  markAll(on: boolean): void {
    this.marked.clear();
    if (on) for (const id of this.shown) this.marked.add(id);
  }

  /** Applies the wanted order. */
  show(): void {
    this.shown = this.wanted;
  }

  /** Clears all filters. */
  clear(): void {
    this.search = '';
    this.stage = null;
    this.worried = false;
    this.show();
  }

  sortBy(key: SortKey): void {
    this.down = this.sort === key && !this.down;
    this.sort = key;
    this.show();
  }

  #everybody(): readonly PersonId[] {
    // The store's own list changes only when a person is added or removed.
    const people = this.data.room.rows.store.all('person');
    if (people !== this.#cells) {
      this.#cells = people;
      this.#order = people.map(({ id }) => id);
    }
    return this.#order;
  }

  #matches(row: DeskPerson, words: string): boolean {
    const { destination, worker } = row;
    const born = row.date_of_birth;
    const text = [
      row.reference,
      born === null ? '' : bornShort(born),
      row.bedroom ?? '',
      row.name,
      row.known_as ?? '',
      stageWord[row.stage],
      this.data.homeName(destination.claimed ?? destination.home) ?? '',
      worker === null ? '' : this.data.memberName(worker),
    ];
    return text.join(' ').toLowerCase().includes(words);
  }

  #compare(a: DeskPerson, b: DeskPerson): number {
    switch (this.sort) {
      case 'reference':
        return natural.compare(a.reference, b.reference);
      case 'bedroom':
        return (
          Number(a.bedroom === null) - Number(b.bedroom === null) ||
          natural.compare(a.bedroom ?? '', b.bedroom ?? '')
        );
      case 'name':
        return natural.compare(a.name, b.name);
      case 'stage':
        return stageOrder.indexOf(a.stage) - stageOrder.indexOf(b.stage);
      case 'rating':
        return ratingOrder(a.rating) - ratingOrder(b.rating);
      case 'leaves':
        return (a.times.leaves_at ?? 1e15) - (b.times.leaves_at ?? 1e15);
      case 'worker':
        return natural.compare(this.data.memberName(a.worker), this.data.memberName(b.worker));
    }
  }
}
