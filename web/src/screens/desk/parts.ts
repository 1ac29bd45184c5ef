/** Returns a memoized loader; a failed load is retried on the next call. */
export function once<T>(fetch: () => Promise<T>): () => Promise<T> {
  let part: Promise<T> | null = null;
  return () => {
    part ??= fetch().catch((error: unknown) => {
      part = null;
      throw error;
    });
    return part;
  };
}

/** The desk's lazily loaded parts, besides its tabs: the table does not wait for them. */
export const parts = {
  fates: once(() => import('../../ui/FateList.svelte')),
  spoken: once(() => import('./spoken.svelte')),
  marked: once(() => import('./residents/MarkedBar.svelte')),
  help: once(() => import('./HelpBar.svelte')),
  undo: once(() => import('./UndoStrip.svelte')),
  need: once(() => import('./needs/need')),
  merge: once(() => import('./person/MergeSheet.svelte')),
  protection: once(() => import('./person/Protection.svelte')),
  protect: once(() => import('./person/ProtectForm.svelte')),
  panel: once(() => import('./person/PersonPanel.svelte')),
  log: once(() => import('./log/QuickLog.svelte')),
  keys: once(() => import('./KeysHelp.svelte')),
  cell: once(() => import('./residents/CellSheet.svelte')),
  many: once(() => import('./residents/ManySheet.svelte')),
  register: once(() => import('./residents/RegisterSheet.svelte')),
  focus: once(() => import('../../lib/focus').then(({ keepFocus }) => keepFocus())),
};
