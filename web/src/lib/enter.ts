import { ApiError, type Api } from './api';
import type { Me } from './proto/http';
import type { World } from './world';

const RETRY_MS = 3_000;
/** A phone that knows who it was waits no longer than this for a server that does not answer. */
const PATIENCE_MS = 3_000;

/** Whoever this face belongs to. */
export interface Entered {
  me: Me;
  /**
   * Asks the server whether this is still who is logged in, unless it has said so already. Nothing
   * is sent before: what one person tapped must never go out under another's login.
   */
  sure: (giveUp?: AbortSignal) => Promise<boolean>;
}

/**
 * Asks who is logged in. A phone without an answer is who it was before; any other face waits. None
 * means that nobody is logged in.
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

/** Returns what asks until the server has answered once. */
function doubt(api: Pick<Api, 'me'>, before: Me): Entered['sure'] {
  let same: boolean | null = null;
  return async (giveUp) => {
    if (same !== null) return same;
    const me = await api.me(giveUp);
    same = me.room === before.room && me.member === before.member;
    return same;
  };
}
