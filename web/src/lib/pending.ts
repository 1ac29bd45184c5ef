import type { Item } from './outbox-store';
import type { Command, Fact } from './proto/command';
import { facts } from './proto/facts';
import type { CommandId, Seq, Time } from './proto/id';

/** A command whose effect the screen shows before the room does. */
export interface Pending {
  readonly id: CommandId;
  readonly command: Command;
  readonly at: Time;
}

/** Returns whether a command says what has happened, and so is never refused (R34). */
export function isFact(command: Command): command is Fact {
  return facts.has(command.kind);
}

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
