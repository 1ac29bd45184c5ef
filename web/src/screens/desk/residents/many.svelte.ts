import { SvelteMap } from 'svelte/reactivity';
import type { Fate } from '../../../lib/outbox-store';
import type { Command } from '../../../lib/wire/command';
import type { PersonId } from '../../../lib/wire/id';
import type { DeskData } from '../data.svelte';

/** The fate of one command of a bulk action. */
export interface ManyLine {
  readonly person: PersonId;
  readonly fate: Fate | null;
}

/** One action for many people: a command for each, so that one refusal stops no other. */
export class Many {
  readonly #numbers: SvelteMap<PersonId, number> = new SvelteMap();
  /** The last known fate of each command: saved items leave the outbox after a while. */
  readonly #fates: SvelteMap<number, Fate> = new SvelteMap();

  readonly lines: readonly ManyLine[] = $derived.by(() =>
    this.people.map((person) => {
      const number = this.#numbers.get(person);
      return { person, fate: number === undefined ? null : (this.#fates.get(number) ?? null) };
    }),
  );
  readonly saved = $derived.by(() => this.lines.filter(({ fate }) => fate?.is === 'saved').length);
  readonly refused = $derived.by(() => this.lines.filter(({ fate }) => fate?.is === 'refused'));
  readonly done = $derived.by(() => this.saved + this.refused.length === this.people.length);

  constructor(
    readonly data: DeskData,
    readonly people: readonly PersonId[],
  ) {}

  /** Queues every command, in order. */
  async send(command: (person: PersonId) => Command): Promise<void> {
    for (const person of this.people) {
      const { n } = await this.data.room.send(command(person));
      this.#numbers.set(person, n);
      this.data.followed.add(n);
    }
  }

  /** Reads the fates; called after every change of the outbox. */
  look(): void {
    const mine = this.#mine();
    for (const { n, fate } of this.data.room.outbox.items)
      if (mine.has(n)) this.#fates.set(n, fate);
  }

  /** Marks the refusals as read, so that they are not shown again. */
  close(): void {
    const mine = this.#mine();
    for (const item of this.data.room.outbox.items) {
      if (mine.has(item.n) && item.fate.is === 'refused') this.data.room.outbox.dismiss(item);
    }
    for (const n of mine) this.data.followed.delete(n);
  }

  #mine(): ReadonlySet<number> {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- asked and let go
    return new Set(this.#numbers.values());
  }
}
