import type { Time } from './wire/id';

/** How current the screen is; every face uses the same words. */
export type LinkState =
  | { is: 'live' }
  | { is: 'catching_up' }
  /**
   * No socket for the silence limit; `asAt` is the server's time when the figures were last current.
   * `answers` means that HTTP requests still work: figures are polled, and commands arrive.
   */
  | { is: 'not_live'; asAt: Time | null; answers: boolean }
  /** The server said not to reconnect; `reload` means that reloading the page would help. */
  | { is: 'ended'; words: string; reload: boolean };

/** Returns whether a face can reach the room: its commands get prompt responses. */
export function inTouch(link: LinkState): boolean {
  return (
    link.is === 'live' || link.is === 'catching_up' || (link.is === 'not_live' && link.answers)
  );
}
