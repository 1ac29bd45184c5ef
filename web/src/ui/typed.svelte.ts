/**
 * A field initialized from the room. Typed input survives changes of the rest of the row, and is replaced
 * when the room changes this field.
 */
export class Typed<T extends string | boolean> {
  readonly #said: () => T;
  // Two steps: a row is a fresh object at every change, and only a different value may replace the input.
  readonly #now: T = $derived.by(() => this.#said());
  value: T = $derived(this.#now);

  constructor(said: () => T) {
    this.#said = said;
  }
}
