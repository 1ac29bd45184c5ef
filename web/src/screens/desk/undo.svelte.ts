import type { MemberId, PersonId } from '../../lib/wire/id';
import type { DeskData } from './data.svelte';

/** The last naming of a worker, undone by naming the previous one; the log keeps both. */
export class Undo {
  last: { readonly words: string; readonly back: () => void } | null = $state.raw(null);
  /** The result of the undo, in words. */
  said: string | null = $state(null);

  constructor(readonly data: DeskData) {}

  /** Remembers the workers that `worker` replaced for these people. */
  named(people: readonly PersonId[], worker: MemberId | null): void {
    const { data } = this;
    const before = people.map((id) => [id, data.person(id)?.worker ?? null] as const);
    const who = worker === null ? 'Nobody' : data.memberName(worker);
    const [first] = people;
    const whom =
      people.length === 1 && first !== undefined
        ? (data.person(first)?.reference ?? 'one person')
        : `${people.length} people`;
    this.said = null;
    this.last = {
      words: `${who} named for ${whom}.`,
      back: () => {
        this.last = null;
        let kept = 0;
        for (const [person, was] of before) {
          const is = data.person(person)?.worker ?? null;
          // Somebody else has named another since: that stands.
          if (is !== worker && is !== was) kept += 1;
          else if (was !== worker) data.ask({ kind: 'name_worker', person, worker: was });
        }
        this.said = `Taken back${kept > 0 ? `, but for ${kept} whom somebody else has changed since` : ''}.`;
      },
    };
  }

  close(): void {
    this.last = null;
    this.said = null;
  }
}
