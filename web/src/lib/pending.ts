import type { Item } from './outbox-store';
import type { Command } from './proto/command';
import type { CommandId, Seq, Time } from './proto/id';

/** A command whose effect the screen shows before the room does. */
export interface Pending {
  readonly id: CommandId;
  readonly command: Command;
  readonly at: Time;
}

/** Returns whether a command says what has happened, and so is never refused (R34). */
export function isFact(command: Command): boolean {
  return FACTS.has(command.kind);
}

const FACTS: ReadonlySet<Command['kind']> = new Set([
  'check_identity',
  'depart_service_user',
  'arrive_service_user',
  'return_service_user',
  'take_to_hospital',
  'go_with_family',
  'record_death',
  'tell_family_of_death',
  'find_service_user',
  'report_trouble',
  'answer_trouble',
  'sign_on',
  'check_in',
  'confirm_safe',
  'sign_off',
  'call_for_help',
  'answer_help',
  'end_help',
]);

/**
 * Returns the items whose effect is still the screen's to show: not refused, and not yet part of the
 * rows that it shows (I-24).
 */
export function pendingOf(items: readonly Item[], shown: Seq): Pending[] {
  const pending: Pending[] = [];
  for (const { fate, envelope, at } of items) {
    const applied = 'seq' in fate && fate.seq <= shown;
    if (fate.is !== 'refused' && !applied) {
      pending.push({ id: envelope.id, command: envelope.do, at: envelope.happened_at ?? at });
    }
  }
  return pending;
}
