import type { Presence } from '../lib/proto/site';

/** Returns whether a sign-in is over. */
export const hasEnded = ({ state }: { state: Presence }): boolean =>
  state === 'signed_off' || state === 'signed_off_late';
