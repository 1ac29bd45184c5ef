import type { Group } from '../lib/wire/details';
import type { BreachState } from '../lib/wire/gate';
import type { IdentifiedBy } from '../lib/wire/identity';
import type { Cause, IncidentKind, Service, Timescale } from '../lib/wire/incident';
import type { Care, FundingSource, LeadBody, Mobility } from '../lib/wire/person';
import type { ProtectionSource } from '../lib/wire/protection';
import type { OpenQuestion } from '../lib/wire/register';
import type { SideKind } from '../lib/wire/side';

/** The vocabulary of the record, which only the desk loads. */

export const breachStateWord: Record<BreachState, string> = {
  open: 'Open',
  done_but_recorded_late: 'Done but recorded late',
  accepted: 'Accepted',
  lesson: 'Lesson',
};

export const protectionSourceWord: Record<ProtectionSource, string> = {
  court: 'A court order',
  safeguarding: 'Safeguarding',
  wish: "The person's own wish",
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

export const sideWord: Record<SideKind, string> = {
  exceptional: 'Exceptional arrangement',
  on_hold: 'On hold',
  dispute: 'Dispute',
};
