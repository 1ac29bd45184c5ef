//! Paper packs: what was printed, numbered, and where it went (PROCEDURE 3.5, R53).

use serde::{Deserialize, Serialize};

use crate::id::PersonId;

/// What a pack holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
