import type { Gate } from '../lib/wire/gate';
import type { Moment } from '../lib/wire/identity';
import type { Rating } from '../lib/wire/rating';
import type { Item, Stage } from '../lib/wire/transfer';
import type { Trouble } from '../lib/wire/trouble';

/** The shared vocabulary: one word, one meaning, the same on every face. */

export * from './board-words';
export * from './record-words';
export * from './role-words';

export const stageWord: Record<Stage, string> = {
  to_assess: 'To assess',
  finding_a_place: 'Finding a place',
  place_held: 'Place held',
  ready_to_go: 'Ready to go',
  on_the_way: 'On the way',
  arrived: 'Arrived',
  in_hospital: 'In hospital',
  with_family: 'With family',
  being_confirmed: 'Being confirmed',
  exceptional: 'Exceptional arrangement',
  on_hold: 'On hold',
  dispute: 'Dispute',
  died: 'Died',
};

/** Where space is short. */
export const stageShort: Record<Stage, string> = { ...stageWord, exceptional: 'Exceptional' };

export const ratingWord: Record<Rating, string> = {
  at_risk: 'At risk',
  watch: 'Watch',
  on_track: 'On track',
};

/** Orders the most pressing rating first; unrated comes before on track. */
export const ratingOrder = (rating: Rating | null): number =>
  rating === null ? 2 : { at_risk: 0, watch: 1, on_track: 3 }[rating];

export const itemWord: Record<Item, string> = {
  on_the_list: 'On the register',
  named_worker: 'Named worker',
  needs: 'Needs assessed',
  place: 'Place accepted',
  identity: 'Identity checked',
  journey: 'Journey booked',
  door: 'Checked at the door',
  arrival: 'Arrival confirmed',
};

export const gateWord: Record<Gate, string> = {
  G1: 'On the register, two identifiers',
  G3: 'Named social worker',
  G22: 'Identity by a second identifier',
  G23: 'Vehicle, crew, arrival and destination',
  G24: 'Arrival confirmed by the new home',
  G30: 'Everybody accounted for, swept by two',
};

export const troubleWord: Record<Trouble, string> = {
  refuses: 'Does not want to go',
  unwell: 'Unwell',
  family_taking_them: 'Family is taking them',
  crew_problem: 'Problem with the crew',
  wrong_papers: 'Wrong papers',
  not_found: 'Not found',
};

export const momentWord: Record<Moment, string> = {
  ready: 'before leaving',
  door: 'at the door',
  arrival: 'on arrival',
};
