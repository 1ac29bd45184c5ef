import type { Component } from 'svelte';
import type { DeskData } from './data.svelte';
import { once, parts } from './parts';

/** A view of the desk. One line in `tabs` adds one. */
export interface DeskTab {
  /** The part of the address after `#/`. */
  readonly key: string;
  readonly words: string;
  /** Loads the view; the table of residents is in the first bundle. */
  readonly view: (() => Promise<{ default: Component<{ data: DeskData }> }>) | null;
  /** The count shown beside the tab. */
  readonly mark?: (data: DeskData) => string | null;
}

/** Returns the words for a count; empty for zero. */
const some = (count: number, words: string): string | null =>
  count === 0 ? null : `${count}${words}`;

export const tabs: readonly DeskTab[] = [
  { key: 'residents', words: 'Residents', view: null },
  {
    key: 'needs',
    words: 'Needs somebody',
    view: once(() => import('./needs/NeedsView.svelte')),
    mark: (data) => some(data.pressing, ''),
  },
  {
    key: 'team',
    words: 'Team',
    view: once(() => import('./team/TeamView.svelte')),
    mark: (data) => some(data.overdue, ' overdue'),
  },
  {
    key: 'door',
    words: 'Getting in',
    view: once(() => import('./door/DoorView.svelte')),
    mark: (data) => some(data.askers.length, ' at the door'),
  },
  { key: 'import', words: 'Import', view: once(() => import('./intake/IntakeView.svelte')) },
  { key: 'paper', words: 'Paper', view: once(() => import('./paper/PaperView.svelte')) },
  { key: 'homes', words: 'Homes', view: once(() => import('./homes/HomesView.svelte')) },
  { key: 'log', words: 'Log', view: once(() => import('./log/LogView.svelte')) },
  {
    key: 'incident',
    words: 'Incident',
    view: once(() => import('./incident/IncidentView.svelte')),
  },
  {
    key: 'takeaway',
    words: 'Take away',
    view: once(() => import('./takeaway/TakeAwayView.svelte')),
  },
];

/** The first view, which also opens for an unknown address. */
export const home: DeskTab = { key: 'residents', words: 'Residents', view: null };

/** Returns the tab with that name, otherwise the first. */
export const tabOf = (key: string): DeskTab => tabs.find((tab) => tab.key === key) ?? home;

/** Preloads every part in idle time, so that the desk needs no file from the server later. */
export async function fetchParts(): Promise<void> {
  const views = tabs.flatMap(({ view }) => (view === null ? [] : [view]));
  await Promise.allSettled([...views, ...Object.values(parts)].map((part) => part()));
}
