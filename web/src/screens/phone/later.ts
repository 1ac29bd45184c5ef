import type { Component } from 'svelte';
import { keepFocus } from '../../lib/focus';
import Identity from './Identity.svelte';
import More from './more/More.svelte';
import Team from './more/Team.svelte';
import Outbox from './Outbox.svelte';
import type { LaterView, PartProps } from './parts';
import SignOn from './SignOn.svelte';
import Trouble from './Trouble.svelte';
import Updates from './Updates.svelte';

export { default as Protected } from './Protected.svelte';
export { default as ErrorSummary } from '../../ui/ErrorSummary.svelte';
export { default as CheckIn } from './CheckIn.svelte';
export { default as Calls } from './help/Calls.svelte';
export { default as OwnCalls } from './help/OwnCalls.svelte';
export { stayAwake } from './awake.svelte';

/** The lazily loaded views: one file, because a signal may not last. */
export const views: Readonly<Record<LaterView, Component<PartProps>>> = {
  ready: Identity,
  door: Identity,
  arrival: Identity,
  trouble: Trouble,
  outbox: Outbox,
  'sign-on': SignOn,
  updates: Updates,
  more: More,
  team: Team,
};

// Loaded once for the life of the page.
keepFocus();
