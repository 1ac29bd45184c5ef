import type { Presence } from '../lib/wire/sign_in';

/** Returns whether a sign-in is over. */
export const hasEnded = ({ state }: { state: Presence }): boolean =>
  state === 'signed_off' || state === 'signed_off_late';
