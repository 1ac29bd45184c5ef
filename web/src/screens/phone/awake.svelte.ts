import type { Room } from '../../lib/room.svelte';

const KEY = 'muster-awake';

/** Whether a person asked to keep the screen on. */
export const awake: { wanted: boolean } = $state({ wanted: read() });

/** Whether this phone can keep its screen on at all. */
export const canStayAwake = 'wakeLock' in navigator;

function read(): boolean {
  try {
    return localStorage.getItem(KEY) === 'yes';
  } catch {
    return false;
  }
}

/** Stores a person's choice. */
export function wantAwake(wanted: boolean): void {
  awake.wanted = wanted;
  try {
    localStorage.setItem(KEY, wanted ? 'yes' : 'no');
  } catch {
    // Lasts until the page closes.
  }
}

/** Keeps the screen on while one of the member's own residents is on the way, or on request. */
export function stayAwake(room: Room<'phone'>): void {
  const moving = $derived(
    room.rows
      .of('person')
      .some(({ worker, place }) => worker === room.me?.member && place === 'on_the_way'),
  );
  $effect(() => (canStayAwake && (awake.wanted || moving) ? hold() : undefined));
}

/** The browser releases the lock whenever the page is hidden: request it again when it is visible. */
function hold(): () => void {
  let lock: WakeLockSentinel | null = null;
  let over = false;
  const ask = async () => {
    if (document.visibilityState !== 'visible') return;
    try {
      const got = await navigator.wakeLock.request('screen');
      if (over) await got.release();
      else lock = got;
    } catch {
      // A phone in battery saver refuses; the page works all the same.
    }
  };
  const again = () => void ask();
  document.addEventListener('visibilitychange', again);
  again();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', again);
    void lock?.release().catch(() => undefined);
  };
}
