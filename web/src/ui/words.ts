import type { Gate } from '../lib/proto/gate';
import type { Cause, IncidentKind, Service, Timescale } from '../lib/proto/incident';
import type {
  Care,
  FundingSource,
  Group,
  IdentifiedBy,
  LeadBody,
  Mobility,
  OpenQuestion,
  Rating,
} from '../lib/proto/person';
import type { Role } from '../lib/proto/role';
import type { Ask } from '../lib/proto/row';
import type { Presence } from '../lib/proto/site';
import type {
  BreachState,
  Item,
  ItemState,
  Moment,
  PlaceNow,
  SideKind,
  Stage,
  Trouble,
} from '../lib/proto/transfer';

/** The field's words: one word, one meaning, the same on every face. */

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

export const roleWord: Record<Role, string> = {
  lead: 'Lead co-ordinating manager',
  deputy: 'Deputy',
  reassess: 'Reassessments',
  mca: 'Mental capacity',
  bim: 'Best interests',
  vacancies: 'Vacancies',
  finance: 'Finance',
  placements: 'Placements',
  moving: 'Moving and handling',
  transport: 'Transport',
  family: 'Family liaison',
  meds: 'Medicines and packing',
  records: 'Case records',
  staffsup: 'Staff support',
  media: 'Media and enquiries',
  bizsup: 'Business support',
  loggist: 'Loggist',
  named_sw: 'Named social worker',
  team_leader_site: 'Team leader at the home',
  nurse: 'Nurse',
  home_manager: 'Appointed home manager',
  director: 'Director',
  senior_manager: 'Senior manager',
};

/** The role beside initials on the wall, where there is little room. */
export const roleShort: Record<Role, string> = {
  ...roleWord,
  lead: 'Lead',
  mca: 'Capacity',
  moving: 'Moving',
  family: 'Family',
  meds: 'Packing',
  records: 'Records',
  media: 'Media',
  bizsup: 'Support',
  staffsup: 'Staff',
  named_sw: 'Social work',
  team_leader_site: 'Team leader',
  home_manager: 'Manager',
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

export const sideWord: Record<SideKind, string> = {
  exceptional: 'Exceptional arrangement',
  on_hold: 'On hold',
  dispute: 'Dispute',
};

export const breachStateWord: Record<BreachState, string> = {
  open: 'Open',
  done_but_recorded_late: 'Done but recorded late',
  accepted: 'Accepted',
  lesson: 'Lesson',
};

export const momentWord: Record<Moment, string> = {
  ready: 'before leaving',
  door: 'at the door',
  arrival: 'on arrival',
};

export const careWord: Record<Care, string> = {
  general_nursing: 'General nursing',
  dementia_nursing: 'Dementia nursing',
  residential: 'Residential',
  complex: 'Complex',
};

export const mobilityWord: Record<Mobility, string> = {
  walking: 'Walking',
  wheelchair: 'Wheelchair',
  stretcher: 'Stretcher',
};

export const fundingWord: Record<FundingSource, string> = {
  this_council: 'This council',
  self_funded: 'Self-funded',
  personal_budget: 'Personal budget',
  nhs_chc: 'NHS continuing healthcare',
  other_nhs: 'Other NHS body',
  joint: 'Joint',
  other_council: 'Other council',
};

export const leadBodyWord: Record<LeadBody, string> = {
  council: 'Council',
  nhs: 'NHS',
  nhs_for_other: 'Local NHS for another NHS body',
  other_council_to_agree: 'Another council, to agree',
  undecided: 'Undecided: a person must decide',
};

export const questionWord: Record<OpenQuestion, string> = {
  duplicate: 'Perhaps listed twice',
  nhs_number: 'NHS number to check',
  nhs_number_missing: 'NHS number missing',
  birth_date: 'Birth date to check',
  funding: 'Funding to check',
  care: 'Kind of care to check',
  bedroom: 'Bedroom to check',
};

export const identifiedByWord: Record<IdentifiedBy, string> = {
  name: 'Name',
  date_of_birth: 'Birth date',
  nhs_number: 'NHS number',
  wristband: 'Wristband',
  photograph: 'Photograph',
  bedroom: 'Bedroom',
};

export const groupWord: Record<Group, string> = {
  name: 'Name',
  identity: 'Identity',
  bedroom: 'Bedroom',
  handling: 'Moving',
  needs: 'Needs',
  funding: 'Funding',
  handle_safely: 'Handle safely',
  keep_together: 'Keep together',
  circle: 'Who is to be told',
  notes: 'Notes',
};

export const kindWord: Record<IncidentKind, string> = {
  failure: 'Emergency closure',
  exit: 'Planned closure',
};

export const serviceWord: Record<Service, string> = {
  residential: 'Care home',
  supported_living: 'Supported living',
  home_care: "Care in people's own homes",
  day_service: 'Day service',
  other: 'Another key service',
};

export const timescaleWord: Record<Timescale, string> = {
  immediate: 'At once',
  planned: 'By a set date',
};

export const causeWord: Record<Cause, string> = {
  regulator_closure: 'closed by the regulator',
  commissioner_termination: 'contract ended by the commissioner',
  premises_damage: 'premises damaged',
  owner_closure: 'closed by the owner',
  redesign: 'service redesigned',
  staff_loss: 'not enough staff',
};
