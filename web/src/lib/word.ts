import type { Word } from './wire/sign_in';

/** The word of the person who acts, about themselves and not on anybody else's authority. */
export const ownWord = {} as Word;
