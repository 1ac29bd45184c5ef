import type { Audience } from '../proto/role';
import type { Row } from '../proto/row';

/** What may stand in a table: a kind of key, and the tag of the rows under it. */
type Table = Readonly<Record<string, Row['row']>>;

/** The rows of the wall. */
export const wallRows = {
  incident: 'wall_incident',
  census: 'census',
  home: 'wall_home',
  member: 'wall_member',
  sign_in: 'wall_sign_in',
  person: 'wall_person',
  pace: 'pace',
  log: 'shown_log',
  help: 'wall_help',
} as const satisfies Table;

/** The rows of a desk. */
export const deskRows = {
  incident: 'desk_incident',
  census: 'census',
  site: 'site',
  home: 'home',
  member: 'desk_member',
  sign_in: 'desk_sign_in',
  person: 'desk_person',
  edit: 'edit',
  pace: 'pace',
  log: 'desk_log',
  help: 'help',
  door: 'door',
  asker: 'asker',
  expected: 'expected',
  pack: 'pack',
} as const satisfies Table;

/** The rows of a phone. */
export const phoneRows = {
  incident: 'phone_incident',
  census: 'census',
  site: 'site',
  home: 'home',
  member: 'phone_member',
  sign_in: 'phone_sign_in',
  person: 'phone_person',
  edit: 'edit',
  log: 'phone_log',
  help: 'help',
} as const satisfies Table;

/** The rows of a situation report. */
export const sitrepRows = {
  incident: 'sitrep_incident',
  census: 'census',
  team: 'team',
  pace: 'pace',
  planned: 'planned',
  gates: 'gates',
  log: 'shown_log',
} as const satisfies Table;

interface Tables extends Record<Audience, Table> {
  wall: typeof wallRows;
  desk: typeof deskRows;
  phone: typeof phoneRows;
  sitrep: typeof sitrepRows;
}

/** The table of an audience. */
export type RowTags<A extends Audience> = Tables[A];

/** The kinds of key under which an audience has rows: the part before the slash. */
export type Kind<A extends Audience> = keyof Tables[A] & string;

/** What an audience is shown under a kind of key. */
export type RowOf<A extends Audience, K extends Kind<A>> = Extract<Row, { row: Tables[A][K] }>;
