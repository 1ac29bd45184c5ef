/** A text in three parts: before whom it is about, whom, and after. */
export type Told = readonly [before: string, who: string, after: string];

/**
 * Finds in a line of the log whom it is about, as the room writes it: `Name (K7F)`. Someone renamed
 * since is found by the reference; a line that names nobody has the reference put before it.
 */
export function tellWho(text: string, person: { name: string; reference: string }): Told {
  for (const who of [`${person.name} (${person.reference})`, `(${person.reference})`]) {
    const at = text.indexOf(who);
    if (at >= 0) return [text.slice(0, at), who, text.slice(at + who.length)];
  }
  return ['', person.reference, ` ${text}`];
}
