import type { Gate } from '../lib/proto/gate';
import type { Rating } from '../lib/proto/person';
import type { Ask } from '../lib/proto/row';
import type { Presence } from '../lib/proto/site';
import type { Item, ItemState, Moment, PlaceNow, Stage, Trouble } from '../lib/proto/transfer';

/** The field's words: one word, one meaning, the same on every face. */

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

/** Where there is little room. */
export const stageShort: Record<Stage, string> = { ...stageWord, exceptional: 'Exceptional' };

/** The stages of the way, in the order of boards. */
export const wayStages: readonly Stage[] = [
  'to_assess',
  'finding_a_place',
  'place_held',
  'ready_to_go',
  'on_the_way',
  'arrived',
];

/** The side states, in the order of boards. */
export const sideStages: readonly Stage[] = [
  'being_confirmed',
  'in_hospital',
  'with_family',
  'exceptional',
  'on_hold',
  'dispute',
  'died',
];

export const placeWord: Record<PlaceNow, string> = {
  at_the_home: 'At the home',
  on_the_way: 'On the way',
  arrived: 'Arrived',
  in_hospital: 'In hospital',
  with_family: 'With family',
  being_confirmed: 'Being confirmed',
  died: 'Died',
};

export const ratingWord: Record<Rating, string> = {
  at_risk: 'At risk',
  watch: 'Watch',
  on_track: 'On track',
};

/** Sorts whoever worries most first; nobody has rated the last. */
export const ratingOrder = (rating: Rating | null): number =>
  rating === null ? 2 : { at_risk: 0, watch: 1, on_track: 3 }[rating];

export const askWord: Record<Ask, string> = {
  assess: 'Assess',
  bed: 'Bed',
  papers: 'Papers',
  transport: 'Transport',
  role: 'Ask the desk',
};

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

export const itemStateWord: Record<ItemState, string> = {
  open: 'open',
  done: 'done',
  passed: 'passed',
};

export const gateWord: Record<Gate, string> = {
  G1: 'On the register, two identifiers',
  G3: 'Named social worker',
  G22: 'Identity by a second identifier',
  G23: 'Vehicle, crew, arrival and destination',
  G24: 'Arrival confirmed by the new home',
  G30: 'Everybody accounted for, swept by two',
};

export const presenceWord: Record<Presence, string> = {
  on_site: 'Signed in',
  overdue: 'Overdue',
  confirmed_safe: 'Confirmed safe',
  sign_off_asked: 'Sign-off asked',
  signed_off: 'Signed off',
  signed_off_late: 'Signed off late',
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
