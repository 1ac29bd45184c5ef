/**
 * A field that begins with what the room says. What is typed stands while the rest of the row changes, and goes
 * when the room itself says something else here.
 */
export class Typed<T extends string | boolean> {
  readonly #said: () => T;
  // Two steps: a row is a new object at every change, and only another value may replace what was typed.
  readonly #now: T = $derived.by(() => this.#said());
  value: T = $derived(this.#now);

  constructor(said: () => T) {
    this.#said = said;
  }
}
