// This file was generated from proto/src/nouns.rs by `cargo xtask bless`. Do not edit it.
import type { Fact } from "./command";

/** The kinds of facts. The rules never refuse one (R34). */
export const facts: ReadonlySet<string> = new Set<Fact["kind"]>([
  "call_for_help",
  "answer_help",
  "end_help",
  "check_identity",
  "sign_on",
  "check_in",
  "confirm_safe",
  "sign_off",
  "report_trouble",
  "answer_trouble",
  "depart_service_user",
  "arrive_service_user",
  "return_service_user",
  "take_to_hospital",
  "go_with_family",
  "record_death",
  "tell_family_of_death",
  "find_service_user",
]);
