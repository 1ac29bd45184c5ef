//! The preview of an import, row by row.

use serde::{Deserialize, Serialize};

use super::IntakeFunding;
use crate::{
    id::{PersonId, Seq},
    person::{Care, Mobility},
    register::OpenQuestion,
    text::{Bedroom, BirthDate, PersonName, Reference},
    transfer::PlaceNow,
};

/// What an import would do, without doing it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakePreview {
    /// Identifies this preview; agreement is to exactly this digest.
    pub digest: String,
    /// The room's last entry at the time of the preview.
    pub head: Seq,
    /// What prevents the import at present, if anything.
    pub problem: Option<String>,
    /// The file's format, in words.
    pub form: String,
    /// Whether the file contains macros; none of them was run.
    pub has_macros: bool,
    /// The sheets of a spreadsheet.
    pub sheets: Vec<IntakeSheet>,
    /// The first rows, if a person has to identify the header row.
    pub top: Vec<IntakeTop>,
    /// The header row.
    pub header_row: Option<u32>,
    /// The columns.
    pub columns: Vec<IntakeColumn>,
    /// Whether the columns and words match the last import's choices.
    pub is_remembered: bool,
    /// Words in the list with a meaning to settle.
    pub words: Vec<IntakeWord>,
    /// The rows.
    pub rows: Vec<IntakeRow>,
    /// People in the room who are not on the list. They are kept.
    pub missing: Vec<IntakePerson>,
    /// The counts. The first seven add up to the rows.
    pub counts: IntakeCounts,
}

/// A sheet of a spreadsheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeSheet {
    /// Its name.
    pub name: String,
    /// Whether it is hidden in the file.
    pub is_hidden: bool,
    /// Rows that are not blank.
    pub rows: u32,
    /// Whether it is the one that was parsed.
    pub is_taken: bool,
}

/// One of the first rows, before the header row is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeTop {
    /// Its number.
    pub row: u32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// A column and the field that it fills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeColumn {
    /// Its name.
    pub name: String,
    /// The field.
    pub field: Option<String>,
    /// The reason.
    pub because: IntakeBecause,
    /// Three sample values.
    pub samples: Vec<String>,
    /// The number of cells with a formula.
    pub formulas: u32,
}

/// Why a column fills its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(rename_all = "snake_case")]
pub enum IntakeBecause {
    /// A person chose it.
    Said,
    /// It was chosen in the last import.
    Remembered,
    /// By its name.
    Name,
    /// By the form of its values.
    Contents,
    /// Its name is not recognized.
    NotKnown,
    /// Another column fills the same field.
    Taken,
    /// It is hidden in the file.
    Hidden,
}

/// What a word can describe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(rename_all = "snake_case")]
pub enum IntakeTable {
    /// Who pays.
    Funding,
    /// The kind of care.
    Care,
    /// Mobility.
    Mobility,
}

/// A word used in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeWord {
    /// What it describes.
    pub table: IntakeTable,
    /// The word.
    pub word: String,
    /// Rows that contain it.
    pub rows: u32,
    /// Whether a person has confirmed its meaning.
    pub is_explained: bool,
    /// Its usual meaning, for a person to confirm.
    pub suggested: Option<IntakeMeaning>,
}

/// A word's usual meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeMeaning {
    /// For who pays.
    pub funding: Option<IntakeFunding>,
    /// For the kind of care.
    pub care: Option<Care>,
    /// For mobility.
    pub mobility: Option<Mobility>,
    /// The reason for the suggestion.
    pub why: String,
}

/// A row and its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeRow {
    /// The row number.
    pub row: u32,
    /// Whether this is the second of two people in one row.
    pub is_second: bool,
    /// The name to import.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub name: Option<PersonName>,
    /// The birth date to import.
    pub date_of_birth: Option<BirthDate>,
    /// The bedroom to import.
    pub bedroom: Option<Bedroom>,
    /// The outcome.
    pub fate: IntakeFate,
    /// Notes for a person to check.
    pub notes: Vec<IntakeNote>,
    /// Questions that stay open on the person.
    pub questions: Vec<OpenQuestion>,
    /// People that this may be.
    pub pair: Option<IntakePair>,
    /// Whether a person has to check it.
    pub asks: bool,
}

/// The outcome of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum IntakeFate {
    /// A person not yet in the room.
    New,
    /// A person in the room, without differences.
    Known {
        /// The person.
        person: PersonId,
        /// Reference.
        reference: Reference,
    },
    /// A person in the room, with differences.
    Changed {
        /// The person.
        person: PersonId,
        /// Reference.
        reference: Reference,
        /// The differences.
        fields: Vec<IntakeDifference>,
    },
    /// The same person as in another row.
    Double {
        /// The row to keep.
        of: u32,
    },
    /// Not a person.
    Nobody {
        /// The reason.
        why: String,
    },
    /// Left out by a person's choice.
    LeftOut,
    /// Left out because it is hidden in the file.
    Hidden,
}

/// A field in which the room and the list differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeDifference {
    /// The field.
    pub field: String,
    /// The room's value, if it has one.
    pub room: Option<String>,
    /// The list's value.
    pub list: String,
    /// Whether the room's value was changed since the person was registered.
    pub by_hand: bool,
    /// Whether the list's value would be accepted.
    pub take: bool,
}

/// A note about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeNote {
    /// The column.
    pub column: String,
    /// The cell, as in the file.
    pub as_sent: String,
    /// The message.
    pub what: String,
    /// What to do.
    pub advice: String,
    /// Whether it is for information only.
    pub only_tells: bool,
}

/// A possible duplicate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakePair {
    /// The other row, if the duplicate is in the list.
    pub row: Option<u32>,
    /// The other person, if the duplicate is in the room.
    pub person: Option<PersonId>,
    /// The other's name.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub name: Option<PersonName>,
    /// The other's birth date.
    pub date_of_birth: Option<BirthDate>,
    /// The other's bedroom.
    pub bedroom: Option<Bedroom>,
    /// What the two have in common.
    pub why: String,
    /// The decision: one person, or two.
    pub is_one: Option<bool>,
}

/// A person in the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakePerson {
    /// The person.
    pub person: PersonId,
    /// Reference.
    pub reference: Reference,
    /// Name.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub name: Option<PersonName>,
    /// Birth date.
    pub date_of_birth: Option<BirthDate>,
    /// Bedroom.
    pub bedroom: Option<Bedroom>,
    /// Where they are.
    pub place: PlaceNow,
}

/// The number of rows by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeCounts {
    /// Rows that are not blank, below the header row.
    pub rows: u32,
    /// Rows of a person not yet in the room.
    pub new: u32,
    /// Rows of a person in the room, without differences.
    pub known: u32,
    /// Rows of a person in the room, with differences.
    pub changed: u32,
    /// Rows of the same person as in another row.
    pub doubles: u32,
    /// Rows that are not a person.
    pub nobody: u32,
    /// Rows left out by choice.
    pub left_out: u32,
    /// Rows hidden in the file.
    pub hidden: u32,
    /// People in excess of rows: couples in one row.
    pub seconds: u32,
    /// People to register.
    pub register: u32,
    /// Differences to accept.
    pub differences: u32,
    /// Rows that a person has to check.
    pub asks: u32,
    /// Blank rows.
    pub blank: u32,
    /// Rows above the header row.
    pub above: u32,
}
