import { NAME_CHARS_MAX, SHORT_CHARS_MAX, TELEPHONE_CHARS_MAX } from '../../../lib/wire/limits';
import type { Role } from '../../../lib/wire/role';
import { roleShort, roleWord } from '../../../ui/words';

/** One parsed line of a pasted roster. */
export interface RosterLine {
  /** The line number in the pasted text, from 1. */
  line: number;
  name: string;
  job: string | null;
  organisation: string | null;
  mobile: string | null;
  roles: Role[];
  /** Why the line is invalid; no line is dropped silently. */
  fault: string | null;
}

type Column = 'name' | 'job' | 'organisation' | 'mobile' | 'roles';

const HEADINGS: readonly (readonly [RegExp, Column])[] = [
  [/\bname\b|\bwho\b|\bstaff\b/i, 'name'],
  [/\broles?\b|\btask\b/i, 'roles'],
  [/mobile|phone|tel\b|number/i, 'mobile'],
  [/organi[sz]ation|agency|employer|team/i, 'organisation'],
  [/\bjob\b|title|post|grade/i, 'job'],
];

const PHONE = /^\+?[\d][\d\s()-]{8,}$/;

/** Parses a roster copied from a spreadsheet, a message or a rota, with one person per line. */
export function readRoster(text: string): RosterLine[] {
  const lines = text.split(/\r?\n/);
  const separator = ['\t', ';', ','].find((one) => lines.some((line) => line.includes(one)));
  const rows = lines
    .map((line, at) => ({
      line: at + 1,
      cells: (separator === undefined ? [line] : line.split(separator)).map((cell) =>
        cell.replace(/^\s*"?|"?\s*$/g, '').trim(),
      ),
    }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const head = rows[0] === undefined ? null : headings(rows[0].cells);
  return (head === null ? rows : rows.slice(1)).map(({ line, cells }) =>
    read(line, cells, head ?? guess(cells)),
  );
}

/** Returns the columns of a heading line, or null if the line names a person. */
function headings(cells: readonly string[]): (Column | null)[] | null {
  const found = cells.map((cell) => HEADINGS.find(([words]) => words.test(cell))?.[1] ?? null);
  return found.includes('name') && !cells.some((cell) => PHONE.test(cell)) ? found : null;
}

/**
 * Guesses the column of each cell of a line without headings: a job title comes before the role, if at all.
 */
function guess(cells: readonly string[]): (Column | null)[] {
  let left: Column[] = ['name', 'job', 'organisation'];
  return cells.map((cell, at) => {
    if (cell === '') return null;
    if (at > 0 && PHONE.test(cell)) return 'mobile';
    if (at > 0 && rolesIn(cell).length > 0) {
      left = left.filter((column) => column !== 'job');
      return 'roles';
    }
    return left.shift() ?? null;
  });
}

function read(
  line: number,
  cells: readonly string[],
  columns: readonly (Column | null)[],
): RosterLine {
  const of = (column: Column): string | null => {
    const words = cells.filter((cell, at) => columns[at] === column && cell !== '').join(', ');
    return words === '' ? null : words;
  };
  const name = of('name') ?? '';
  const said = of('roles');
  const roles = said === null ? [] : rolesIn(said);
  const [job, organisation, mobile] = [of('job'), of('organisation'), of('mobile')];
  const long = [job, organisation].some((text) => (text?.length ?? 0) > SHORT_CHARS_MAX);
  const fault =
    name === ''
      ? 'no name is on this line'
      : name.length > NAME_CHARS_MAX || long
        ? 'this line is longer than a name, a job and an organisation'
        : mobile !== null && mobile.length > TELEPHONE_CHARS_MAX
          ? 'the telephone number is too long'
          : said !== null && roles.length === 0
            ? `the role "${said}" is not one of the procedure's`
            : null;
  return { line, name, job, organisation, mobile, roles, fault };
}

const ROLES = Object.keys(roleWord) as Role[];

/** Returns the roles that a cell names, by their words or the procedure's short codes. */
export function rolesIn(cell: string): Role[] {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z]+/g, ' ')
      .trim();
  return cell
    .split(/[/+&,|]| and /i)
    .map(plain)
    .flatMap((word) => {
      const found = ROLES.find(
        (role) =>
          word === plain(role) || word === plain(roleWord[role]) || word === plain(roleShort[role]),
      );
      return found === undefined ? [] : [found];
    })
    .filter((role, at, all) => all.indexOf(role) === at);
}
