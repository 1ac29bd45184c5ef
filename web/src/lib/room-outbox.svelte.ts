import type { Said } from './envelope';
import { Outbox, type OutboxOptions } from './outbox';
import { openOutboxStore, type Item, type OutboxStore } from './outbox-store';
import { pendingOf, type Pending } from './pending';
import type { Command } from './proto/command';
import type { Seq } from './proto/id';
import type { Audience } from './proto/role';
import type { RowStore } from './rows.svelte';
import { holdTab } from './tab';

/** What the outbox of a face is told by its room; the rest it sees to itself. */
export type OutboxTold = Pick<
  OutboxOptions,
  'room' | 'member' | 'world' | 'keeps' | 'clock' | 'inTouch' | 'send'
>;

/** What was asked on this device, as its face shows it. */
export class RoomOutbox {
  /** Commands made here, the oldest first, each with what became of it. */
  items: readonly Item[] = $state.raw([]);
  /** `memory`: a reload loses what is unsent, and the face must say so before anybody types. */
  storage: 'opening' | OutboxStore['kind'] = $state('opening');
  /** Why sending rests, when the server said no to all of it. */
  rest: string | null = $state(null);
  /** The effects that the screen shows before the room does (I-24). */
  readonly pending: readonly Pending[] = $derived.by(() =>
    pendingOf(this.items, this.store.cursor?.seq ?? 0),
  );
  /** What keeps the commands and sends them; none until the room is open. */
  box: Outbox | null = null;

  constructor(
    readonly face: Audience,
    readonly store: RowStore,
  ) {}

  /** Opens the outbox of whoever is logged in; returns what ends it. */
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
      // What is still being written down then is told to nobody.
      tabs = null;
      box.stop();
      lookAway();
    };
  }

  /** Takes a command; the promise is kept as soon as this device holds it. */
  async send(command: Command, said: Said = {}): Promise<Item> {
    if (!this.box) throw new Error('the room is not open yet');
    return this.box.append(command, said);
  }

  /** A person has read a refusal. */
  dismiss(item: Item): void {
    this.box?.dismiss(item.n);
  }

  /** Tries to send now. */
  kick(): void {
    this.box?.kick();
  }

  /** Returns the last entry that answered what was asked here; 0 while none did. */
  answered(): Seq {
    return Math.max(0, ...this.items.map(({ fate }) => (fate.is === 'sent' ? fate.seq : 0)));
  }
}
