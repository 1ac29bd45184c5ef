// This file was generated from proto/src/command.rs by `cargo xtask bless`. Do not edit it.
import type { Command } from "./command";

/** What goes before everything else that waits (P-50). */
export const urgent: ReadonlySet<string> = new Set<Command["kind"]>([
  "call_for_help",
  "answer_help",
  "end_help",
]);

/** What goes along when it was made before: where a member is. */
export const withUrgent: ReadonlySet<string> = new Set<Command["kind"]>([
  "sign_on",
  "check_in",
  "sign_off",
]);
