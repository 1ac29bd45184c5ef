import type { Component } from 'svelte';
import type { PhoneSignIn } from '../../lib/proto/row';
import type { Room } from '../../lib/room.svelte';

/** What every view that is fetched behind the first sight is told. */
export interface PartProps {
  room: Room<'phone'>;
  signIn: PhoneSignIn | null;
  id: string | null;
  view: string;
}

/** What the first sight does without. Help, the residents and their pages are never among them. */
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

/** A view that is fetched behind the first sight. */
export type LaterView = (typeof later)[number];

let fetched: Promise<typeof import('./later')> | null = null;

/** Fetches those views once, so that none is missing when the signal is; a failure is tried again. */
export async function fetchLater(): Promise<typeof import('./later')> {
  fetched ??= import('./later');
  try {
    return await fetched;
  } catch (error) {
    fetched = null;
    throw error;
  }
}

/** Returns which of those views this is, if it is one. */
export function laterView(view: string): LaterView | undefined {
  return later.find((one) => one === view);
}

/** Returns the view, when it is here. */
export async function partOf(view: LaterView): Promise<Component<PartProps>> {
  return (await fetchLater()).views[view];
}

/** Returns what shows the calls for help, once it is here. */
export async function callsOf(): Promise<typeof import('./help/Calls.svelte').default> {
  return (await fetchLater()).Calls;
}

/** Returns what shows one's own calls that the room has, once it is here. */
export async function ownCallsOf(): Promise<typeof import('./help/OwnCalls.svelte').default> {
  return (await fetchLater()).OwnCalls;
}
