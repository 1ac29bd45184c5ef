import type { Said } from '../lib/envelope';
import type { Time } from '../lib/wire/id';
import { LATE_MS } from '../lib/wire/limits';
import { lastAt, MINUTE_MS } from '../lib/time';

/** When something happened and why it is entered late, while it is being typed. */
export class Earlier {
  /** The typed time; empty for the present. */
  time = $state('');
  reason = $state('');
  /** What is wrong with the input, and in which field. */
  wrong: { field: 'time' | 'reason'; words: string } | null = $state.raw(null);

  /** Returns the typed time, or null if none was typed. */
  meant(now: Time): Time | null {
    return this.time.trim() === '' ? null : lastAt(this.time, now);
  }

  /** Returns whether it happened so long ago that a reason is needed. */
  needsReason(now: Time): boolean {
    const at = this.meant(now);
    return at !== null && now - at > LATE_MS;
  }

  /** Returns the time fields of a command, or null after showing what is missing. */
  read(now: Time): Said | null {
    this.wrong = null;
    if (this.time.trim() === '') return {};
    const happenedAt = this.meant(now);
    const lateReason = this.reason.trim();
    if (happenedAt === null) {
      this.wrong = { field: 'time', words: `Write a time like 14:05, not ${this.time.trim()}.` };
      return null;
    }
    if (!this.needsReason(now)) return { happenedAt };
    if (lateReason === '') {
      this.wrong = {
        field: 'reason',
        words: `Say why it is entered more than ${LATE_MS / MINUTE_MS} minutes late.`,
      };
      return null;
    }
    return { happenedAt, lateReason };
  }

  clear(): void {
    this.time = '';
    this.reason = '';
    this.wrong = null;
  }
}
