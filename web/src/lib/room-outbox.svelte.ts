import type { Said } from './envelope';
import { Outbox, type OutboxOptions } from './outbox';
import { openOutboxStore, type Item, type OutboxStore } from './outbox-store';
import { pendingOf, type Pending } from './pending';
import type { Command } from './wire/command';
import type { Seq } from './wire/id';
import type { Audience } from './wire/role';
import type { RowStore } from './rows.svelte';
import { holdTab } from './tab';

/** What a room gives its outbox. */
export type OutboxTold = Pick<
  OutboxOptions,
  'room' | 'member' | 'world' | 'keeps' | 'clock' | 'inTouch' | 'send'
>;

/** The commands of this device, as its face shows them. */
export class RoomOutbox {
  /** Commands created here, oldest first, each with its fate. */
  items: readonly Item[] = $state.raw([]);
  /** `memory`: a reload loses what is unsent, and the face must say so before anybody types. */
  storage: 'opening' | OutboxStore['kind'] = $state('opening');
  /** Why sending is paused, after the server refused a whole request. */
  rest: string | null = $state(null);
  /** The optimistic updates (I-24). */
  readonly pending: readonly Pending[] = $derived.by(() =>
    pendingOf(this.items, this.store.cursor?.seq ?? 0),
  );
  /** The outbox itself; null until the room is open. */
  box: Outbox | null = null;

  constructor(
    readonly face: Audience,
    readonly store: RowStore,
  ) {}

  /** Opens the outbox of the logged-in member; returns a function that closes it. */
  async open(told: OutboxTold): Promise<() => void> {
    const lock = `muster-outbox-${this.face}`;
    const store = await openOutboxStore(this.face);
    let tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(lock);
    const box = new Outbox({
      ...told,
      store,
      onItems: (items) => {
        this.items = items;
      },
      onStored: () => tabs?.postMessage('look'),
      onRest: (words) => {
        this.rest = words;
      },
      onFull: () => {
        this.storage = 'memory';
      },
    });
    if (tabs) {
      tabs.onmessage = () => {
        void box.refresh();
      };
    }
    this.box = box;
    this.storage = store.kind;
    await box.open();
    const letGo = holdTab(lock, told.world, (held) => {
      box.hold(held);
    });
    const lookAway = $effect.root(() => {
      $effect(() => {
        const shown = this.store.cursor?.seq;
        if (shown !== undefined) box.reached(shown);
      });
    });
    return () => {
      letGo();
      tabs?.close();
      // A write that is still in flight then is not reported.
      tabs = null;
      box.stop();
      lookAway();
    };
  }

  /** Queues a command; resolves as soon as this device has stored it. */
  async send(command: Command, said: Said = {}): Promise<Item> {
    if (!this.box) throw new Error('the room is not open yet');
    return this.box.append(command, said);
  }

  /** Dismisses a refusal that a person has read. */
  dismiss(item: Item): void {
    this.box?.dismiss(item.n);
  }

  /** Tries to send at once. */
  kick(): void {
    this.box?.kick();
  }

  /** Returns the last entry acknowledged to this device; 0 if there is none. */
  answered(): Seq {
    return Math.max(0, ...this.items.map(({ fate }) => (fate.is === 'sent' ? fate.seq : 0)));
  }
}
