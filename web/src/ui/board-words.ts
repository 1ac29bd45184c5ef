import type { Ask } from '../lib/wire/person';
import type { IncidentStage } from '../lib/wire/premises';
import type { Presence } from '../lib/wire/sign_in';
import type { ItemState, PlaceNow, Stage } from '../lib/wire/transfer';

/** The vocabulary of boards and tables, which a phone does not load. */

/** The main stages, in board order. */
export const wayStages: readonly Stage[] = [
  'to_assess',
  'finding_a_place',
  'place_held',
  'ready_to_go',
  'on_the_way',
  'arrived',
];

/** The side states, in board order. */
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

/** The words for a claim about the premises; none while people are moving. */
export const clearedWord: Record<IncidentStage, string | null> = {
  moving: null,
  cleared_except: 'Premises cleared, with exceptions',
  cleared: 'Premises cleared',
};

export const askWord: Record<Ask, string> = {
  assess: 'Assess',
  bed: 'Bed',
  papers: 'Papers',
  transport: 'Transport',
  role: 'Ask the desk',
};

export const itemStateWord: Record<ItemState, string> = {
  open: 'open',
  done: 'done',
  passed: 'passed',
};

export const presenceWord: Record<Presence, string> = {
  on_site: 'Signed in',
  overdue: 'Overdue',
  confirmed_safe: 'Confirmed safe',
  sign_off_asked: 'Sign-off asked',
  signed_off: 'Signed off',
  signed_off_late: 'Signed off late',
};
