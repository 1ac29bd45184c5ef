/** A text in three parts: before the person, the person, and after. */
export type Told = readonly [before: string, who: string, after: string];

/**
 * Finds the person in a log line, in the room's form `Name (K7F)`. A person renamed since is found by the
 * reference; a line that names nobody gets the reference put before it.
 */
export function tellWho(text: string, person: { name: string; reference: string }): Told {
  for (const who of [`${person.name} (${person.reference})`, `(${person.reference})`]) {
    const at = text.indexOf(who);
    if (at >= 0) return [text.slice(0, at), who, text.slice(at + who.length)];
  }
  return ['', person.reference, ` ${text}`];
}
