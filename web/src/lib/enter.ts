import { ApiError, type Api } from './api';
import type { Me } from './wire/http';
import type { World } from './world';

const RETRY_MS = 3_000;
/** How long a phone with a stored identity waits for the server. */
const PATIENCE_MS = 3_000;

/** The member logged in on this face. */
export interface Entered {
  me: Me;
  /**
   * Confirms the logged-in member with the server, unless already confirmed. Nothing is sent before that:
   * one person's taps must never be sent under another's login.
   */
  sure: (giveUp?: AbortSignal) => Promise<boolean>;
}

/**
 * Finds out who is logged in. A phone without a response uses its stored identity; any other face waits.
 * Null means that nobody is logged in.
 */
export async function comeIn(
  api: Pick<Api, 'me'>,
  world: Pick<World, 'after'>,
  before: Me | null,
  onNoAnswer: () => void,
): Promise<Entered | null> {
  for (;;) {
    const giveUp = new AbortController();
    const cancel = before
      ? world.after(PATIENCE_MS, () => {
          giveUp.abort();
        })
      : () => undefined;
    try {
      return { me: await api.me(giveUp.signal), sure: () => Promise.resolve(true) };
    } catch (error) {
      if (error instanceof ApiError && error.shut) return null;
      if (before) return { me: before, sure: doubt(api, before) };
      onNoAnswer();
      await new Promise<void>((resolve) => world.after(RETRY_MS, resolve));
    } finally {
      cancel();
    }
  }
}

/** Returns a function that asks until the server has answered once. */
function doubt(api: Pick<Api, 'me'>, before: Me): Entered['sure'] {
  let same: boolean | null = null;
  return async (giveUp) => {
    if (same !== null) return same;
    const me = await api.me(giveUp);
    same = me.room === before.room && me.member === before.member;
    return same;
  };
}
