import type { LinkState } from '../lib/link-state';
import { hhmm } from '../lib/time';

/** Returns how current the screen is, in the same words on every face. */
export function linkWords(link: LinkState): string {
  switch (link.is) {
    case 'live':
      return 'Live';
    case 'catching_up':
      return 'Catching up';
    case 'not_live':
      return link.asAt === null ? 'Not live' : `Not live, as at ${hhmm(link.asAt)}`;
    case 'ended':
      return link.words;
  }
}
