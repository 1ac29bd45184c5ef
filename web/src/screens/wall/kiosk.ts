import type { Door } from '../../lib/room.svelte';
import type { RoomLink } from '../../lib/room-link.svelte';

const IDLE_MS = 3_000;
const SHIFT_MS = 10 * 60_000;
/** Where the picture stands, in pixels, one after the other, so that no line burns into a screen. */
const SHIFTS = [
  [0, 0],
  [1, 0],
  [2, 1],
  [1, 2],
  [0, 1],
] as const;

/** Hides the pointer after a while without it, or at once on a screen that nobody touches. */
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

/** Moves the whole picture by a pixel or two every ten minutes. */
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

/** What the watchdog is told from. */
interface Shown {
  door: Door;
  link: Pick<RoomLink, 'state' | 'newBuild'>;
}

/**
 * Returns what this page says of itself to the watchdog: `live` while it hears the room, or has its
 * figures by request, which no fresh page would better; `new` when a fresh page would be better; `out`
 * while it has no login, `away` while it hears nothing.
 */
export function signOf({ door, link }: Shown): string {
  const { state, newBuild } = link;
  if (newBuild || (state.is === 'ended' && state.reload)) return 'new';
  if (door.is === 'shut' || state.is === 'ended') return 'out';
  return state.is === 'live' || (state.is === 'not_live' && state.answers) ? 'live' : 'away';
}
