// This file was generated from the rules of server/room by `cargo xtask bless`. Do not edit it.
import type { Command } from "./command";
import type { Export } from "./export";
import type { Gate } from "./gate";
import type { Role } from "./role";

/** What is asked: the kind, and what it is about where the right depends on that. */
export type Asked =
  | Exclude<Command["kind"], "pass_gate" | "record_export">
  | `pass_gate ${Gate}`
  | `record_export ${Export}`;

/** The roles of which one is needed, or every member. */
export type Who = "member" | readonly Role[];

/** Every role but those that only read counts. */
export const working: readonly Role[] = ["lead", "deputy", "reassess", "mca", "bim", "vacancies", "finance", "placements", "moving", "transport", "family", "meds", "records", "staffsup", "media", "bizsup", "loggist", "named_sw", "team_leader_site", "nurse", "home_manager"];

/** Who may ask for it; nobody who logs in where no role is named. */
export const rights: Readonly<Record<Asked, Who>> = {
  "open_incident": [],
  "change_incident": ["lead", "deputy"],
  "set_deadline": ["lead", "deputy"],
  "lift_deadline": ["lead", "deputy"],
  "open_site": ["lead", "deputy"],
  "claim_premises_cleared": ["lead", "deputy"],
  "add_home": ["lead", "deputy", "vacancies", "placements"],
  "print_packs": ["lead", "deputy", "transport", "records", "bizsup", "team_leader_site"],
  "account_for_packs": working,
  "add_log_line": working,
  "correct_log_line": working,
  "raise": [],
  "admit_member": [],
  "give_roles": ["lead", "deputy"],
  "take_cover": working,
  "end_cover": working,
  "expect_members": ["lead", "deputy", "staffsup", "bizsup"],
  "stop_expecting": ["lead", "deputy", "staffsup", "bizsup"],
  "open_door": ["lead", "deputy"],
  "close_door": ["lead", "deputy"],
  "ask_at_door": [],
  "let_in": ["lead", "deputy"],
  "turn_away": ["lead", "deputy"],
  "acknowledge_sign_off": working,
  "register_service_user": ["lead", "deputy", "records", "bizsup", "named_sw"],
  "change_service_user": ["lead", "deputy", "reassess", "mca", "moving", "family", "meds", "records", "bizsup", "named_sw", "team_leader_site", "nurse"],
  "settle_edit": ["lead", "deputy", "reassess", "mca", "moving", "family", "meds", "records", "bizsup", "named_sw", "team_leader_site", "nurse"],
  "settle_question": ["lead", "deputy", "records", "bizsup", "named_sw"],
  "merge_service_users": ["lead", "deputy", "records", "bizsup", "named_sw"],
  "confirm_on_register": ["lead", "deputy", "records", "bizsup", "named_sw"],
  "name_worker": ["lead", "deputy", "reassess", "bizsup"],
  "rate": ["lead", "deputy", "reassess", "mca", "vacancies", "placements", "moving", "transport", "family", "meds", "bizsup", "named_sw", "team_leader_site", "nurse"],
  "assess_needs": ["lead", "deputy", "reassess", "moving", "meds", "named_sw", "team_leader_site", "nurse"],
  "protect_destination": ["lead", "deputy"],
  "end_protection": ["lead", "deputy"],
  "accept_place": ["lead", "deputy", "placements", "named_sw"],
  "give_up_place": ["lead", "deputy", "placements", "named_sw"],
  "book_journey": ["lead", "deputy", "placements", "transport", "named_sw", "team_leader_site"],
  "declare_ready": ["lead", "deputy", "placements", "transport", "meds", "named_sw", "team_leader_site", "nurse"],
  "clear_to_leave": ["lead", "deputy", "placements", "transport", "meds", "named_sw", "team_leader_site", "nurse"],
  "confirm_arrival": ["lead", "deputy", "placements", "transport", "named_sw"],
  "start_side_plan": ["lead", "deputy", "reassess", "placements", "named_sw"],
  "end_side_plan": ["lead", "deputy", "reassess", "placements", "named_sw"],
  "review_breach": ["lead", "deputy"],
  "check_identity": working,
  "depart_service_user": working,
  "arrive_service_user": working,
  "return_service_user": working,
  "take_to_hospital": working,
  "go_with_family": working,
  "record_death": working,
  "tell_family_of_death": working,
  "find_service_user": working,
  "report_trouble": working,
  "answer_trouble": working,
  "sign_on": "member",
  "check_in": "member",
  "confirm_safe": working,
  "sign_off": "member",
  "call_for_help": "member",
  "answer_help": "member",
  "end_help": "member",
  "pass_gate G1": ["lead", "deputy"],
  "pass_gate G3": ["lead", "deputy"],
  "pass_gate G22": ["lead", "deputy", "team_leader_site"],
  "pass_gate G23": ["lead", "deputy", "team_leader_site"],
  "pass_gate G24": ["lead", "deputy", "placements"],
  "pass_gate G30": ["lead", "deputy"],
  "record_export people.xlsx": ["lead", "deputy", "bizsup"],
  "record_export people.csv": ["lead", "deputy", "bizsup"],
  "record_export movements.csv": ["lead", "deputy", "bizsup"],
  "record_export log.csv": ["lead", "deputy"],
  "record_export log.jsonl": ["lead", "deputy"],
};

/** What a login by a door code or from outside does not carry, whatever the roles. */
export const byStaff: ReadonlySet<string> = new Set<Asked>(["give_roles", "expect_members", "stop_expecting", "open_door", "close_door", "let_in", "turn_away", "protect_destination", "end_protection", "record_export people.xlsx", "record_export people.csv", "record_export movements.csv", "record_export log.csv", "record_export log.jsonl"]);
