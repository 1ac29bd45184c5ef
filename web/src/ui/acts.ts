import type { Command } from '../lib/wire/command';

/** The phone's commands. */
export const acts = {
  settle_edit: 'Settle an edit',
  declare_ready: 'Declare ready',
  clear_to_leave: 'Clear to leave',
  confirm_arrival: 'Confirm the arrival',
  check_identity: 'Identity check',
  depart_service_user: 'Left',
  arrive_service_user: 'Arrived',
  return_service_user: 'Came back',
  take_to_hospital: 'Taken to hospital',
  go_with_family: 'Gone with family',
  record_death: 'Died',
  tell_family_of_death: 'Family told of the death',
  find_service_user: 'Found',
  report_trouble: 'Not going to plan',
  answer_trouble: 'Answered',
  sign_on: 'Sign on',
  check_in: 'Check in',
  confirm_safe: 'Confirm safe',
  sign_off: 'Sign off',
  take_cover: 'Cover',
  end_cover: 'End the cover',
  call_for_help: 'Help',
  answer_help: 'Going to help',
  end_help: 'End of the call for help',
} satisfies Partial<Record<Command['kind'], string>>;

const actWord: Readonly<Partial<Record<Command['kind'], string>>> = acts;

/** The name of a phone's command while it is pending, and after a refusal. */
export function phoneWord(kind: Command['kind']): string {
  return actWord[kind] ?? kind.replaceAll('_', ' ');
}
