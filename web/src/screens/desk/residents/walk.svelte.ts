import { tick } from 'svelte';
import type { PersonId } from '../../../lib/wire/id';
import type { ResidentsView } from './view.svelte';

/** The cells that the keyboard reaches, from left to right. */
export const cells = ['mark', 'bedroom', 'name', 'born', 'rating', 'leaves', 'worker'] as const;
export type CellKey = (typeof cells)[number];

/** Rows per Page Down. */
const PAGE = 10;

function isDrawn(row: PersonId, cell: CellKey | undefined): boolean {
  const found = document.querySelector(`[data-row="${row}"] [data-cell="${cell ?? ''}"]`);
  return found !== null && found.getClientRects().length > 0;
}

/** Keyboard navigation of the table: one Tab stop, arrows from cell to cell (the grid pattern). */
export class Walk {
  #row: PersonId | null = $state(null);
  cell: CellKey = $state('name');
  /** The row with the Tab stop: the first, if the last focused row is not shown. */
  readonly row = $derived.by(() => {
    const { shown } = this.view;
    return this.#row !== null && this.view.shownAt.has(this.#row) ? this.#row : (shown[0] ?? null);
  });

  constructor(readonly view: ResidentsView) {}

  /** A cell received the focus, by any means. */
  arrived(row: PersonId, cell: CellKey): void {
    this.#row = row;
    this.cell = cell;
  }

  /** Moves some rows down or up; from outside the table, to the current row. */
  step(rows: number, inside: boolean): void {
    const { shown, shownAt } = this.view;
    const at = shownAt.get(this.row ?? '') ?? 0;
    const next = shown[Math.max(0, Math.min(shown.length - 1, inside ? at + rows : at))];
    if (next !== undefined) this.go(next, this.cell);
  }

  /** Moves the focus to a cell. */
  go(row: PersonId, cell: CellKey): void {
    this.arrived(row, cell);
    void tick().then(() => {
      const found = document.querySelector(`[data-row="${row}"] [data-cell="${cell}"]`);
      if (found instanceof HTMLElement) found.focus();
    });
  }

  /** Handles a key in the table; returns whether it did. */
  press(event: KeyboardEvent): boolean {
    const { row, cell, view } = this;
    if (row === null || event.ctrlKey || event.metaKey || event.altKey) return false;
    const at = cells.indexOf(cell);
    const beside = (by: number): void => {
      const last = cells.length - 1;
      let to = Math.max(0, Math.min(last, at + by));
      // Skips a column that is hidden beside an open panel.
      while (to > 0 && to < last && !isDrawn(row, cells[to])) to += Math.sign(by);
      const next = cells[to];
      if (next !== undefined) this.go(row, next);
    };
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        const down = event.key === 'ArrowDown' ? 1 : -1;
        if (event.shiftKey) view.mark(row, true);
        this.step(down, true);
        if (event.shiftKey && this.row !== null) view.mark(this.row, true);
        return true;
      }
      case 'ArrowRight':
        beside(1);
        return true;
      case 'ArrowLeft':
        beside(-1);
        return true;
      case 'Home':
        beside(-cells.length);
        return true;
      case 'End':
        beside(cells.length);
        return true;
      case 'PageDown':
        this.step(PAGE, true);
        return true;
      case 'PageUp':
        this.step(-PAGE, true);
        return true;
      default:
        return false;
    }
  }
}
