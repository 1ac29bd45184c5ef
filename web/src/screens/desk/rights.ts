import type { Gate } from '../../lib/wire/gate';
import { gates } from '../../lib/wire/gates';
import { type Asked, byStaff, rights, working } from '../../lib/wire/rights';
import type { Role } from '../../lib/wire/role';
import { gateWord, roleWord } from '../../ui/words';
import type { DeskData } from './data.svelte';

/**
 * Who may ask what, so that the desk offers a form only to those who may send it and names the others.
 * The room decides; the table is its own.
 */

/** Returns whether a member with these roles may ask for it. */
export function mayAsk(asked: Asked, roles: readonly Role[]): boolean {
  const who = rights[asked];
  return who === 'member' || who.some((role) => roles.includes(role));
}

/** Returns whether this desk's member may ask for it; the room has the last word. */
export const may = (data: DeskData, asked: Asked): boolean =>
  mayAsk(asked, data.acting) && !(data.me?.ceiling !== 'staff' && byStaff.has(asked));

/** Returns the gates that this desk's member may pass, each with its words. */
export const passable = (data: DeskData): [Gate, string][] =>
  (Object.keys(gates) as Gate[])
    .filter((gate) => may(data, `pass_gate ${gate}`))
    .map((gate) => [gate, gateWord[gate]]);

/** Returns the gate that a form begins with: the usual one where it is among these. */
export const offered = (gates: readonly [Gate, string][], usual: Gate): Gate =>
  gates.some(([gate]) => gate === usual) ? usual : (gates[0]?.[0] ?? usual);

/** Returns who may ask for it, in words that begin a sentence. */
export function whoMay(asked: Asked): string {
  const who = rights[asked];
  if (who === 'member') return 'Every member may do this.';
  if (who === working) return 'Every member with a role may do this.';
  if (who.length === 0) return 'Nobody at a desk may do this.';
  const staff = byStaff.has(asked) ? ' Not by a door code: a staff link is needed.' : '';
  const others = who.filter((role) => role !== 'lead' && role !== 'deputy');
  if (others.length === 0) {
    return `The lead co-ordinating manager and the deputy may do this.${staff}`;
  }
  const words = others.map((role) => roleWord[role].toLowerCase());
  return `The lead, the deputy and these roles may do this: ${words.join(', ')}.${staff}`;
}
