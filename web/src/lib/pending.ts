import type { Item } from './outbox-store';
import type { Command, Fact } from './wire/command';
import { facts } from './wire/facts';
import type { CommandId, Seq, Time } from './wire/id';

/** A command shown as an optimistic update. */
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
 * Returns the items that still need an optimistic update: not refused, and not yet part of the rows on the
 * screen (I-24).
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
