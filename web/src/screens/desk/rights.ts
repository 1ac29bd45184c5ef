import type { Command } from '../../lib/proto/command';
import type { Role } from '../../lib/proto/role';
import { roleWord } from '../../ui/words';
import type { DeskData } from './data.svelte';

/**
 * Who may ask what, so that the desk offers a form only to those who may send it and names the others.
 * The room decides; `rights.test.ts` holds this table to the room's own.
 */
export type Needs = 'member' | 'working' | 'lead' | 'export' | 'nobody' | readonly Role[];

const register: readonly Role[] = ['bizsup', 'records', 'named_sw'];
const details: readonly Role[] = [
  ...register,
  'reassess',
  'mca',
  'meds',
  'moving',
  'nurse',
  'team_leader_site',
  'family',
];
const ready: readonly Role[] = [
  'named_sw',
  'team_leader_site',
  'nurse',
  'meds',
  'transport',
  'placements',
];
const raters: readonly Role[] = [
  'reassess',
  'mca',
  'vacancies',
  'placements',
  'moving',
  'transport',
  'family',
  'meds',
  'bizsup',
  'named_sw',
  'team_leader_site',
  'nurse',
];

export const needs: Record<Command['kind'], Needs> = {
  open_incident: 'nobody',
  change_incident: 'lead',
  set_deadline: 'lead',
  lift_deadline: 'lead',
  open_site: 'lead',
  claim_premises_cleared: 'lead',
  admit_member: 'nobody',
  give_roles: 'lead',
  take_cover: 'working',
  end_cover: 'working',
  expect_members: ['bizsup', 'staffsup'],
  stop_expecting: ['bizsup', 'staffsup'],
  open_door: 'lead',
  close_door: 'lead',
  ask_at_door: 'nobody',
  let_in: 'lead',
  turn_away: 'lead',
  register_service_user: register,
  change_service_user: details,
  settle_edit: details,
  settle_question: register,
  merge_service_users: register,
  confirm_on_register: register,
  name_worker: ['reassess', 'bizsup'],
  rate: raters,
  protect_destination: 'lead',
  end_protection: 'lead',
  assess_needs: ['reassess', 'moving', 'meds', 'named_sw', 'nurse', 'team_leader_site'],
  add_home: ['vacancies', 'placements'],
  accept_place: ['placements', 'named_sw'],
  give_up_place: ['placements', 'named_sw'],
  book_journey: ['transport', 'placements', 'named_sw', 'team_leader_site'],
  declare_ready: ready,
  clear_to_leave: ready,
  confirm_arrival: ['placements', 'named_sw', 'transport'],
  start_side_plan: ['placements', 'named_sw', 'reassess'],
  end_side_plan: ['placements', 'named_sw', 'reassess'],
  pass_gate: 'working',
  review_breach: 'lead',
  check_identity: 'member',
  depart_service_user: 'member',
  arrive_service_user: 'member',
  return_service_user: 'member',
  take_to_hospital: 'member',
  go_with_family: 'member',
  record_death: 'member',
  tell_family_of_death: 'member',
  find_service_user: 'member',
  report_trouble: 'member',
  answer_trouble: 'member',
  sign_on: 'member',
  check_in: 'member',
  confirm_safe: 'member',
  sign_off: 'member',
  acknowledge_sign_off: 'working',
  add_log_line: 'working',
  correct_log_line: 'working',
  call_for_help: 'member',
  answer_help: 'member',
  end_help: 'member',
  print_packs: ['bizsup', 'records', 'transport', 'team_leader_site'],
  account_for_packs: 'working',
  record_export: 'export',
  raise: 'nobody',
};

/** What says who may do what: more than a door code carries, whatever the roles. */
const forStaff: readonly Command['kind'][] = [
  'protect_destination',
  'end_protection',
  'give_roles',
  'expect_members',
  'stop_expecting',
  'open_door',
  'close_door',
  'let_in',
  'turn_away',
];

/** Returns whether a member with these roles may ask for it. */
export function mayAsk(kind: Command['kind'], roles: readonly Role[]): boolean {
  const wanted = needs[kind];
  const leads = roles.includes('lead') || roles.includes('deputy');
  if (typeof wanted !== 'string') return leads || wanted.some((role) => roles.includes(role));
  // Which export it is decides; the people's lists go to business support too.
  const takes = leads || roles.includes('bizsup');
  return { member: true, working: roles.length > 0, lead: leads, export: takes, nobody: false }[
    wanted
  ];
}

/** Returns whether this desk's member may ask for it; the room has the last word. */
export const may = (data: DeskData, kind: Command['kind']): boolean =>
  mayAsk(kind, data.acting) && !(data.me?.ceiling !== 'staff' && forStaff.includes(kind));

/** Returns who may ask for it, in words that begin a sentence. */
export function whoMay(kind: Command['kind']): string {
  const wanted = needs[kind];
  if (wanted === 'member') return 'Every member may do this.';
  if (wanted === 'working') return 'Every member with a role may do this.';
  if (wanted === 'nobody') return 'Nobody at a desk may do this.';
  if (wanted === 'export') {
    return 'The lead, the deputy and, for the people, business support may do this, and not by a door code.';
  }
  const staff = forStaff.includes(kind) ? ' Not by a door code: a staff link is needed.' : '';
  if (wanted === 'lead') {
    return `The lead co-ordinating manager and the deputy may do this.${staff}`;
  }
  const words = wanted.map((role) => roleWord[role].toLowerCase());
  return `The lead, the deputy and these roles may do this: ${words.join(', ')}.${staff}`;
}
