import type { Said } from '../../../lib/envelope';
import type { PersonId } from '../../../lib/wire/id';
import type { DeskPerson } from '../../../lib/wire/person';

/** The parts of a row that are edited in place. */
export type EditWhat = 'bedroom' | 'who' | 'rating' | 'leaves' | 'worker';

/** An edit in progress: what its author saw, and where. */
export interface Edit {
  readonly id: PersonId;
  readonly what: EditWhat;
  /** The row as shown when the edit began. */
  readonly saw: DeskPerson;
  readonly basis: Said;
  /** The cell on the screen. */
  readonly over: DOMRect;
}

/** The bulk actions. */
export type ManyWhat = 'worker' | 'rating' | 'gate';
