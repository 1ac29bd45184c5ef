import type { Word } from './proto/site';

/** One's own word: it is about whoever taps, and on nobody else's say. */
export const ownWord = {} as Word;
