// This file was generated from proto/src/key.rs by `cargo xtask bless`. Do not edit it.
import type { Row } from "./row";

type Table = Readonly<Record<string, Row["row"]>>;

/** The rows of the wall, by the kind of their key. */
export const wallRows = {
  incident: "wall_incident",
  census: "census",
  home: "wall_home",
  member: "wall_member",
  sign_in: "wall_sign_in",
  person: "wall_person",
  pace: "pace",
  log: "shown_log",
  help: "wall_help",
} as const satisfies Table;

/** The rows of the desk, by the kind of their key. */
export const deskRows = {
  incident: "desk_incident",
  census: "census",
  site: "site",
  home: "home",
  member: "desk_member",
  sign_in: "desk_sign_in",
  person: "desk_person",
  edit: "edit",
  pace: "pace",
  log: "desk_log",
  help: "help",
  door: "door",
  asker: "asker",
  expected: "expected",
  pack: "pack",
} as const satisfies Table;

/** The rows of the phone, by the kind of their key. */
export const phoneRows = {
  incident: "phone_incident",
  census: "census",
  site: "site",
  home: "home",
  member: "phone_member",
  sign_in: "phone_sign_in",
  person: "phone_person",
  edit: "edit",
  log: "phone_log",
  help: "help",
} as const satisfies Table;

/** The rows of the sitrep, by the kind of their key. */
export const sitrepRows = {
  incident: "sitrep_incident",
  census: "census",
  team: "team",
  pace: "pace",
  planned: "planned",
  gates: "gates",
  log: "shown_log",
} as const satisfies Table;
