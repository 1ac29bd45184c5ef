import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../lib/proto/command';
import { mayAsk, needs, whoMay } from './rights';

/** The room's own table: the truth that this one repeats. */
const rust = readFileSync('../server/room/src/rights.rs', 'utf8');

const snake = (name: string): string =>
  name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

/** Reads `Command::A { .. } | Command::B { .. } => Needs::…` from the room's source. */
function roomsTable(): Map<string, string> {
  const body = rust.slice(rust.indexOf('match command {'), rust.indexOf('\n/// Tells whether the'));
  const table = new Map<string, string>();
  // A list of roles may stand under a name of its own.
  const named = body.replace(/OneOf\((\w+)\)/g, (whole, name: string) => {
    const list = new RegExp(`const ${name}: &\\[Role\\] = (&\\[[^\\]]*\\]);`).exec(rust)?.[1];
    return list === undefined ? whole : `OneOf(${list})`;
  });
  let waiting: string[] = [];
  for (const [, command, need, roles] of named.matchAll(
    /Command::(\w+)|Needs::(\w+)(?:\(\s*&\[([^\]]*)\])?/g,
  )) {
    if (command !== undefined) waiting.push(command);
    if (need === undefined) continue;
    const said =
      roles === undefined
        ? need
        : roles
            .split(',')
            .map((role) => snake(role.trim().replace(/^Role::/, '')))
            .filter((role) => role !== '')
            .sort()
            .join(' ');
    for (const one of waiting) table.set(snake(one), said);
    waiting = [];
  }
  return table;
}

const inRust = {
  member: 'AnyMember',
  working: 'WorkingRole',
  lead: 'LeadOrDeputy',
  export: 'StaffOneOf',
  nobody: 'NoMember',
};

describe('who may ask what, on the desk', () => {
  const table = roomsTable();

  it.each(Object.keys(needs) as Command['kind'][])('%s is for those the room says', (kind) => {
    const wanted = needs[kind];
    const mine = typeof wanted === 'string' ? inRust[wanted] : [...wanted].sort().join(' ');
    expect(mine).toBe(table.get(kind));
  });

  it('holds letting in to a staff link, as the room does', () => {
    const [, list = ''] =
      /fn is_for_staff[^}]*?matches!\(\s*command,([\s\S]*?)\n {4}\)/.exec(rust) ?? [];
    const rooms = [...list.matchAll(/Command::(\w+)/g)].map(([, name]) => snake(name ?? ''));
    const mine = (Object.keys(needs) as Command['kind'][]).filter((kind) =>
      whoMay(kind).includes('staff link'),
    );
    expect(rooms.length).toBeGreaterThan(0);
    expect(mine.sort()).toEqual(rooms.sort());
  });

  it('knows every command the room knows', () => {
    expect([...table.keys()].sort()).toEqual(Object.keys(needs).sort());
  });

  it('a loggist may write in the log and not name a worker, and is told who may', () => {
    expect(mayAsk('add_log_line', ['loggist'])).toBe(true);
    expect(mayAsk('name_worker', ['loggist'])).toBe(false);
    expect(mayAsk('name_worker', ['loggist', 'deputy'])).toBe(true);
    expect(mayAsk('add_log_line', [])).toBe(false);
    expect(whoMay('name_worker')).toBe(
      'The lead, the deputy and these roles may do this: reassessments, business support.',
    );
  });
});
