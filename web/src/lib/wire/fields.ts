// This file was generated from proto/src/noun/details.rs by `cargo xtask bless`. Do not edit it.
import type { EditedDetails } from "./details";

/** What the fields of a person are called, as far as rows show them. */
export const fieldLabel: Readonly<Record<keyof EditedDetails, string>> = {
  name: "Full name",
  known_as: "Likes to be called",
  date_of_birth: "Birth date",
  bedroom: "Bedroom",
  mobility: "Moves",
  care: "Kind of care",
  handle_safely: "Handle safely",
  marks: "Marks",
  keep_together: "Keep together",
};
