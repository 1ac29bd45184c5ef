import type { DeskData } from './data.svelte';
import { news, type Heard, type Spoken } from './news';
import { linkWords } from '../../ui/link';

/** Interval between two spoken summaries of the room. */
const GAP_MS = 15_000;
/** Storage key of how much is announced. */
const KEPT = 'muster-desk-spoken';

function readKept(): Spoken {
  try {
    const kept = localStorage.getItem(KEPT);
    return kept === 'important' || kept === 'off' ? kept : 'all';
  } catch {
    return 'all';
  }
}

/** Screen reader announcements about the room: buffered, one sentence at a time. */
export class Speaker {
  /** The text of the polite live region. */
  polite = $state('');
  spoken: Spoken = $state(readKept());
  #heard: Heard | null = null;
  #link = 'live';

  constructor(readonly data: DeskData) {}

  choose(spoken: Spoken): void {
    this.spoken = spoken;
    try {
      localStorage.setItem(KEPT, spoken);
    } catch {
      // Without storage the choice lasts until the page reloads.
    }
  }

  /** Announces changes every fifteen seconds; returns a function that stops it. */
  start(): () => void {
    this.#heard = this.#now();
    const timer = setInterval(() => {
      const now = this.#now();
      if (now === null) return;
      const text = this.#heard === null ? '' : news(this.#heard, now, this.spoken);
      this.#heard = now;
      if (text !== '') this.polite = text;
    }, GAP_MS);
    return () => {
      clearInterval(timer);
    };
  }

  /** Announces at once that the screen is live or not live: everything else depends on it. */
  link(): void {
    const link = this.data.room.link.state;
    if (link.is === this.#link || link.is === 'catching_up') return;
    this.#link = link.is;
    this.polite = linkWords(link);
  }

  /** Announces at once what somebody at this desk has just done. */
  say(words: string): void {
    this.polite = words;
  }

  #now(): Heard | null {
    const { census, overdue, needs, pressing } = this.data;
    return census === null || needs === null ? null : { census, overdue, needs: pressing };
  }
}
