import type { Said } from '../../../lib/envelope';
import type { PersonId } from '../../../lib/proto/id';
import type { DeskPerson } from '../../../lib/proto/row';

/** What of a row is edited in its place. */
export type EditWhat = 'bedroom' | 'who' | 'rating' | 'leaves' | 'worker';

/** An edit that was begun: what its author saw, and where. */
export interface Edit {
  readonly id: PersonId;
  readonly what: EditWhat;
  /** The row as it was shown when the edit began. */
  readonly saw: DeskPerson;
  readonly basis: Said;
  /** The cell on the screen. */
  readonly over: DOMRect;
}

/** What is done for everybody marked. */
export type ManyWhat = 'worker' | 'rating' | 'gate';
