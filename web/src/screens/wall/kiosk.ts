import type { Door } from '../../lib/room.svelte';
import type { RoomLink } from '../../lib/room-link.svelte';

const IDLE_MS = 3_000;
const SHIFT_MS = 10 * 60_000;
/** Pixel offsets of the picture, in turn, against burn-in. */
const SHIFTS = [
  [0, 0],
  [1, 0],
  [2, 1],
  [1, 2],
  [0, 1],
] as const;

/** Hides the pointer after a while without movement, or at once on an unattended screen. */
export function hidePointer(kiosk: boolean): () => void {
  const { classList } = document.documentElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = (): void => {
    classList.add('idle');
  };
  const moved = (): void => {
    classList.remove('idle');
    clearTimeout(timer);
    timer = setTimeout(rest, IDLE_MS);
  };
  if (kiosk) rest();
  else moved();
  addEventListener('pointermove', moved);
  return () => {
    clearTimeout(timer);
    classList.remove('idle');
    removeEventListener('pointermove', moved);
  };
}

/** Shifts the whole picture by a pixel or two every ten minutes. */
export function shiftSlowly(): () => void {
  let at = 0;
  const timer = setInterval(() => {
    at = (at + 1) % SHIFTS.length;
    const [x, y] = SHIFTS[at] ?? [0, 0];
    document.documentElement.style.setProperty('--shift-x', `${x}px`);
    document.documentElement.style.setProperty('--shift-y', `${y}px`);
  }, SHIFT_MS);
  return () => {
    clearInterval(timer);
  };
}

/** The inputs of the watchdog's state. */
interface Shown {
  door: Door;
  link: Pick<RoomLink, 'state' | 'newBuild'>;
}

/**
 * Returns this page's state for the watchdog: `live` while it receives the room or polls its figures, which
 * a reload would not improve; `new` when a reload would help; `out` without a login; `away` while it
 * receives nothing.
 */
export function signOf({ door, link }: Shown): string {
  const { state, newBuild } = link;
  if (newBuild || (state.is === 'ended' && state.reload)) return 'new';
  if (door.is === 'shut' || state.is === 'ended') return 'out';
  return state.is === 'live' || (state.is === 'not_live' && state.answers) ? 'live' : 'away';
}
