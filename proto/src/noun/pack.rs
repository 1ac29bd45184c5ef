//! Paper packs: what was printed, numbered, and where it went (PROCEDURE 3.5, R53).

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Time},
    kinds::kinds,
    member::Actor,
    text::{RowText, Short},
};

/// What a pack holds.
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

/// Where a pack is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "pack.ts"))]
#[serde(rename_all = "snake_case")]
pub enum PackState {
    /// In somebody's hands.
    Out,
    /// With a crew, on the way with the person.
    WithCrew,
    /// Back in the incident room.
    Returned,
    /// Destroyed.
    Destroyed,
    /// Lost: a near miss that the lead is told of.
    Lost,
}

/// A pack as it was numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "pack.ts"))]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its number in this room: 1, 2, 3 ...
    pub number: u32,
    /// Whose, for a person's pack.
    pub person: Option<PersonId>,
}

/// Returns the short code of a pack: `P17K`. Its last letter tells a mistyped number from a right one.
pub fn code(number: u32) -> String {
    format!("P{number}{}", check(number))
}

/// Returns the number behind a short code as it was typed, or `None` when it is none.
pub fn number(typed: &str) -> Option<u32> {
    let upper = typed.trim().to_ascii_uppercase();
    let digits = upper.strip_prefix('P')?.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number = digits.parse().ok()?;
    (code(number) == upper).then_some(number)
}

/// Letters of the check, none like a digit; their count is prime, so one wrong digit, or two that changed
/// places, never gives the same letter.
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
    fn a_code_reads_back_as_its_number_however_it_is_typed() {
        for n in [1, 17, 62, 999, 10_000] {
            assert_eq!(number(&code(n)), Some(n));
            assert_eq!(number(&format!(" {} ", code(n).to_lowercase())), Some(n));
        }
        for bad in ["", "P", "17", "P17", "K17P", "P17KK", "P-1K", "P99999999999K"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }

    #[test]
    fn one_wrong_digit_or_two_that_changed_places_are_noticed() {
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
    /// What it holds.
    pub pack: PackKind,
    /// Whose.
    pub person: Option<PersonId>,
    /// When it was printed.
    pub printed_at: Time,
    /// By whom.
    pub printed_by: Actor,
    /// Where it is.
    pub state: PackState,
    /// In whose hands.
    pub held_by: Option<RowText>,
    /// Since when.
    pub since: Time,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "PackPlans" in "pack.ts" {
        /// Numbers packs that are printed: one for each person, or one of a sheet for all.
        "print_packs" => Print {
            pack: PackKind,
            people: Vec<PersonId>,
            #[cfg_attr(test, ts(type = "string | null"))]
            held_by: Option<Short>,
        },
        /// Says where packs are: with a crew, back, destroyed, lost.
        "account_for_packs" => Account {
            packs: Vec<u32>,
            state: PackState,
            #[cfg_attr(test, ts(type = "string | null"))]
            held_by: Option<Short>,
        },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// Packs were printed and numbered.
        "packs_printed/1" => Printed { pack: PackKind, packs: Vec<Pack>, held_by: Option<Short> },
        /// It was said where packs are.
        "packs_accounted_for/1" => AccountedFor { packs: Vec<u32>, state: PackState, held_by: Option<Short> },
    }
}
