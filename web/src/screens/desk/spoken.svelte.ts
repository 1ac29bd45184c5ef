import type { DeskData } from './data.svelte';
import { news, type Heard, type Spoken } from './news';
import { linkWords } from '../../ui/link';

/** Between two spoken summaries of the room. */
const GAP_MS = 15_000;
/** Where this browser keeps how much is spoken. */
const KEPT = 'muster-desk-spoken';

function readKept(): Spoken {
  try {
    const kept = localStorage.getItem(KEPT);
    return kept === 'important' || kept === 'off' ? kept : 'all';
  } catch {
    return 'all';
  }
}

/** What a screen reader hears of the room: buffered, one sentence at a time. */
export class Speaker {
  /** The polite region's words. */
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
      // No storage: the choice holds until the page is loaded again.
    }
  }

  /** Tells what has changed every fifteen seconds; the answer stops it. */
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

  /** Says at once that the screen is live or not live: everything else rests on it. */
  link(): void {
    const link = this.data.room.link.state;
    if (link.is === this.#link || link.is === 'catching_up') return;
    this.#link = link.is;
    this.polite = linkWords(link);
  }

  /** Says at once what somebody at this desk has just done. */
  say(words: string): void {
    this.polite = words;
  }

  #now(): Heard | null {
    const { census, overdue, needs, pressing } = this.data;
    return census === null || needs === null ? null : { census, overdue, needs: pressing };
  }
}
