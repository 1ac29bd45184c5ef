import { copy } from './copy';
import { freshId } from './ids';
import type { Item } from './outbox-store';
import { isFact } from './pending';
import type { Command, Envelope } from './wire/command';
import type { Seq, Time } from './wire/id';
import type { World } from './world';

/** A command sent later than this after the tap carries a reason. */
const LATE_MS = 2_000;

/** What a person can add to a command: when it happened, and why it is late. */
export interface Said {
  /** The entry that the screen showed; required for edits. */
  basedOn?: Seq;
  /** When it happened; absent for the present time. */
  happenedAt?: Time;
  /** Why it is entered late. */
  lateReason?: string;
}

/** Wraps a command in an envelope; its id never changes (I-9). */
export function freshEnvelope(command: Command, said: Said, world: World): Envelope {
  return {
    id: freshId(world.now(), (bytes) => {
      world.fill(bytes);
    }),
    ...(said.basedOn === undefined ? {} : { based_on: said.basedOn }),
    ...(said.happenedAt === undefined ? {} : { happened_at: said.happenedAt }),
    ...(said.lateReason === undefined ? {} : { late_reason: said.lateReason }),
    do: command,
  };
}

/** Returns the envelope to send, with the time of the tap where the room needs it. */
export function timedEnvelope(item: Item, now: Time): Envelope {
  const late = item.offline || now - item.at > LATE_MS;
  const { id, based_on, happened_at, late_reason, do: command } = item.envelope;
  // The member left when they asked to sign off; an answer's own time would replace that.
  const timed = isFact(command) || (late && command.kind !== 'acknowledge_sign_off');
  return {
    id,
    ...(based_on === undefined ? {} : { based_on }),
    // A fact always carries its time: a resend after a lost response may come much later.
    ...(timed ? { happened_at: item.at } : {}),
    ...(late ? { late_reason: copy.outbox.lateReason } : {}),
    // A time and reason typed by a person override the device's.
    ...(happened_at === undefined ? {} : { happened_at }),
    ...(late_reason === undefined ? {} : { late_reason }),
    do: command,
  };
}
