/* eslint svelte/prefer-svelte-reactivity: off -- what is drawn is in `calls`; the maps only remember */
import { inTouch } from '../../../lib/link-state';
import type { Item } from '../../../lib/outbox-store';
import type { HelpId } from '../../../lib/wire/id';
import type { Room } from '../../../lib/room.svelte';
import { ownCalls, SENDING_MS, type OwnCall } from './call';

/**
 * Tracks this member's calls for help from the tap to the end. Once a call is shown as not sent it is never
 * shown as "sending" again, however often the phone retries: only the room's acknowledgement changes that.
 */
export class HelpWatch {
  calls: readonly OwnCall[] = $state.raw([]);
  /** A call that was in the room, and that somebody else has ended. */
  over: OwnCall | null = $state.raw(null);
  readonly #firstSeen = new Map<HelpId, number>();
  readonly #failed = new Set<HelpId>();
  #had: readonly OwnCall[] = [];

  constructor(
    readonly room: Room<'phone'>,
    readonly steady: () => number = () => performance.now(),
  ) {}

  /** Recomputes the calls; depends on the rows that it reads. */
  look(): void {
    const { outbox, me, clock, world } = this.room;
    const now = clock.now;
    if (me === null || me.member === null) return;
    this.#follow(outbox.items, now);
    const touch = inTouch(this.room.link.state) && world.online() && outbox.rest === null;
    const trying = { inTouch: touch, failed: (call: HelpId) => this.#failed.has(call) };
    const calls = ownCalls(outbox.items, this.room.rows.of('help'), me.member, trying);
    for (const { call, state } of calls) {
      if (state === 'not_sent') this.#failed.add(call);
      if (state === 'sent' || state === 'answered') this.#failed.delete(call);
    }
    this.#settle(calls, outbox.items);
    if (JSON.stringify(calls) !== JSON.stringify(this.#had)) this.calls = calls;
    this.#had = calls;
  }

  #follow(outbox: readonly Item[], now: number): void {
    for (const { envelope, at } of outbox) {
      if (envelope.do.kind !== 'call_for_help') continue;
      const seen = this.#firstSeen.get(envelope.id);
      // From an earlier visit, or pending for long. A changed device clock has no effect.
      if (seen === undefined) {
        this.#firstSeen.set(envelope.id, this.steady());
        if (now - at >= SENDING_MS) this.#failed.add(envelope.id);
      } else if (this.steady() - seen >= SENDING_MS) this.#failed.add(envelope.id);
    }
  }

  #settle(calls: readonly OwnCall[], outbox: readonly Item[]): void {
    const gone = this.#had.filter(({ call }) => !calls.some((one) => one.call === call));
    for (const call of gone) {
      const mine = outbox.some(
        ({ envelope }) => envelope.do.kind === 'end_help' && envelope.do.call === call.call,
      );
      const had = call.state === 'sent' || call.state === 'answered';
      if (had && !mine) this.over = call;
    }
  }
}
