import type { Time } from './proto/id';

/** How true what the screen shows is, in the same words everywhere. */
export type LinkState =
  | { is: 'live' }
  | { is: 'catching_up' }
  /**
   * No socket for the silence; `asAt` is the server's time when the figures were last true. `answers`
   * means that requests have their answer all the same: figures are asked for, and what is sent arrives.
   */
  | { is: 'not_live'; asAt: Time | null; answers: boolean }
  /** The server said not to come back; `reload` means that a fresh page would help. */
  | { is: 'ended'; words: string; reload: boolean };

/** Whether a face is in touch with the room: what it sends has its answer at once. */
export function inTouch(link: LinkState): boolean {
  return (
    link.is === 'live' || link.is === 'catching_up' || (link.is === 'not_live' && link.answers)
  );
}
