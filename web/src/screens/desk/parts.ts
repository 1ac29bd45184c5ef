/** Returns what fetches a part once; a part that did not come is fetched again when it is asked for. */
function once<T>(fetch: () => Promise<T>): () => Promise<T> {
  let part: Promise<T> | null = null;
  return () => {
    part ??= fetch().catch((error: unknown) => {
      part = null;
      throw error;
    });
    return part;
  };
}

/** What the first sight of the desk does without: the table of residents does not wait for it. */
export const parts = {
  panel: once(() => import('./person/PersonPanel.svelte')),
  team: once(() => import('./team/TeamView.svelte')),
  door: once(() => import('./door/DoorView.svelte')),
  paper: once(() => import('./paper/PaperView.svelte')),
  log: once(() => import('./log/LogView.svelte')),
};

/** Fetches every part while nobody waits, so that the desk does not need the server's files later. */
export async function fetchParts(): Promise<void> {
  await Promise.allSettled(Object.values(parts).map((part) => part()));
}
