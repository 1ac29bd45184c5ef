import { copy } from './copy';
import { freshId } from './ids';
import type { Item } from './outbox-store';
import { isFact } from './pending';
import type { Command, Envelope } from './proto/command';
import type { Seq, Time } from './proto/id';
import type { World } from './world';

/** A command that is sent later than this after the tap says so. */
const LATE_MS = 2_000;

/** What a person adds to a command when it is not of this moment. */
export interface Said {
  /** The entry that the screen showed; edits need it. */
  basedOn?: Seq;
  /** When it happened, if that is not now. */
  happenedAt?: Time;
  /** Why it is entered late. */
  lateReason?: string;
}

/** Returns what carries a command that is made now; its id is its own for ever (I-9). */
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

/** Returns the envelope as it goes out now, with the time of the tap where the room must know it. */
export function timedEnvelope(item: Item, now: Time): Envelope {
  const late = item.offline || now - item.at > LATE_MS;
  const { id, based_on, happened_at, late_reason, do: command } = item.envelope;
  // They left when they asked. A time of the answer would be taken for when they left.
  const timed = isFact(command) || (late && command.kind !== 'acknowledge_sign_off');
  return {
    id,
    ...(based_on === undefined ? {} : { based_on }),
    // A fact always says when: a resend after a lost answer may come much later than this attempt.
    ...(timed ? { happened_at: item.at } : {}),
    ...(late ? { late_reason: copy.outbox.lateReason } : {}),
    // What a person said of the time and the reason goes before what the device knows of them.
    ...(happened_at === undefined ? {} : { happened_at }),
    ...(late_reason === undefined ? {} : { late_reason }),
    do: command,
  };
}
