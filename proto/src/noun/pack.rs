//! Paper packs: numbered when printed, and tracked (PROCEDURE 3.5, R53).

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Time},
    kinds::kinds,
    member::Actor,
    text::{RowText, Short},
};

/// The content of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "pack.ts"))]
#[serde(rename_all = "snake_case")]
pub enum PackKind {
    /// One person's sheet and movement slip.
    Person,
    /// The sign-in sheet of a site.
    SignInSheet,
    /// The roster.
    Roster,
}

/// The state of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "pack.ts"))]
#[serde(rename_all = "snake_case")]
pub enum PackState {
    /// Handed out.
    Out,
    /// With a crew, on the way with the person.
    WithCrew,
    /// Back in the incident room.
    Returned,
    /// Destroyed.
    Destroyed,
    /// Lost: a near miss that notifies the lead.
    Lost,
}

/// A pack with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "pack.ts"))]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its number in this room: 1, 2, 3 ...
    pub number: u32,
    /// The person, for a person's pack.
    pub person: Option<PersonId>,
}

/// Returns the short code of a pack: `P17K`. The last letter is a check letter.
pub fn code(number: u32) -> String {
    format!("P{number}{}", check(number))
}

/// Returns the number behind a typed short code, or `None` if it is invalid.
pub fn number(typed: &str) -> Option<u32> {
    let upper = typed.trim().to_ascii_uppercase();
    let digits = upper.strip_prefix('P')?.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number = digits.parse().ok()?;
    (code(number) == upper).then_some(number)
}

/// The check letters, none similar to a digit. Their count is prime, so one wrong digit, or two transposed digits,
/// always changes the letter.
const CHECKS: &[u8; 19] = b"ACDEFGHJKLMNPRTUVWX";

fn check(number: u32) -> char {
    let digits = number.to_string();
    let sum = digits.bytes().fold(7_u32, |sum, digit| (sum * 10 + u32::from(digit - b'0')) % 19);
    let letter = usize::try_from(sum).ok().and_then(|at| CHECKS.get(at));
    letter.map_or('A', |letter| char::from(*letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_parses_in_any_typed_form() {
        for n in [1, 17, 62, 999, 10_000] {
            assert_eq!(number(&code(n)), Some(n));
            assert_eq!(number(&format!(" {} ", code(n).to_lowercase())), Some(n));
        }
        for bad in ["", "P", "17", "P17", "K17P", "P17KK", "P-1K", "P99999999999K"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }

    #[test]
    fn one_wrong_digit_or_two_transposed_digits_are_detected() {
        for n in 10_u32..2_000 {
            let code = code(n);
            let letter = code.chars().last().unwrap();
            let digits: Vec<u32> = n.to_string().chars().filter_map(|c| c.to_digit(10)).collect();
            for place in 0..digits.len() {
                for wrong in (0..10).filter(|wrong| *wrong != digits[place]) {
                    let mut typed = digits.clone();
                    typed[place] = wrong;
                    let typed: String = typed.iter().map(u32::to_string).collect();
                    assert_eq!(number(&format!("P{typed}{letter}")), None, "{n} as {typed}");
                }
                if place > 0 && digits[place] != digits[place - 1] {
                    let mut typed = digits.clone();
                    typed.swap(place, place - 1);
                    let typed: String = typed.iter().map(u32::to_string).collect();
                    assert_eq!(number(&format!("P{typed}{letter}")), None, "{n} as {typed}");
                }
            }
        }
    }
}

/// A pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "pack.ts"))]
pub struct PackRow {
    /// Its number.
    pub number: u32,
    /// Its short code, printed on every sheet.
    pub code: String,
    /// The content.
    pub pack: PackKind,
    /// The person.
    pub person: Option<PersonId>,
    /// When it was printed.
    pub printed_at: Time,
    /// Who printed it.
    pub printed_by: Actor,
    /// Its state.
    pub state: PackState,
    /// The holder.
    pub held_by: Option<RowText>,
    /// Since when.
    pub since: Time,
}

kinds! {
    /// The plans.
    wire enum Plan as "PackPlans" in "pack.ts" {
        /// Numbers printed packs: one per person, or one sheet for everybody.
        "print_packs" => Print {
            pack: PackKind,
            people: Vec<PersonId>,
            #[cfg_attr(test, ts(type = "string | null"))]
            held_by: Option<Short>,
        },
        /// Records the state of packs: with a crew, returned, destroyed or lost.
        "account_for_packs" => Account {
            packs: Vec<u32>,
            state: PackState,
            #[cfg_attr(test, ts(type = "string | null"))]
            held_by: Option<Short>,
        },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// Packs were printed and numbered.
        "packs_printed/1" => Printed { pack: PackKind, packs: Vec<Pack>, held_by: Option<Short> },
        /// The state of packs was recorded.
        "packs_accounted_for/1" => AccountedFor { packs: Vec<u32>, state: PackState, held_by: Option<Short> },
    }
}
