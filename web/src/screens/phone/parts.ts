import type { Component } from 'svelte';
import type { PhoneSignIn } from '../../lib/wire/sign_in';
import type { Room } from '../../lib/room.svelte';

/** The props of every lazily loaded view. */
export interface PartProps {
  room: Room<'phone'>;
  signIn: PhoneSignIn | null;
  id: string | null;
  view: string;
}

/** The lazily loaded parts. They never include help, the residents or their pages. */
const later = [
  'ready',
  'door',
  'arrival',
  'trouble',
  'outbox',
  'sign-on',
  'updates',
  'more',
  'team',
] as const;

/** A lazily loaded view. */
export type LaterView = (typeof later)[number];

let fetched: Promise<typeof import('./later')> | null = null;

/** Loads those views once, so that none is missing without signal; a failure is retried. */
export async function fetchLater(): Promise<typeof import('./later')> {
  fetched ??= import('./later');
  try {
    return await fetched;
  } catch (error) {
    fetched = null;
    throw error;
  }
}

/** Returns the name of a lazily loaded view, or null. */
export function laterView(view: string): LaterView | undefined {
  return later.find((one) => one === view);
}

/** Returns the view, if it is loaded. */
export async function partOf(view: LaterView): Promise<Component<PartProps>> {
  return (await fetchLater()).views[view];
}

/** Returns the component for calls for help, once it is loaded. */
export async function callsOf(): Promise<typeof import('./help/Calls.svelte').default> {
  return (await fetchLater()).Calls;
}

/** Returns the component for the member's own calls in the room, once it is loaded. */
export async function ownCallsOf(): Promise<typeof import('./help/OwnCalls.svelte').default> {
  return (await fetchLater()).OwnCalls;
}
