//! What would become of a list, row by row.

use serde::{Deserialize, Serialize};

use super::IntakeFunding;
use crate::{
    id::{PersonId, Seq},
    person::{Care, Mobility},
    register::OpenQuestion,
    text::{Bedroom, BirthDate, PersonName, Reference},
    transfer::PlaceNow,
};

/// What would happen. Nothing has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakePreview {
    /// Stands for all of it: agreeing to it agrees to nothing else.
    pub digest: String,
    /// The room's last entry when it was made.
    pub head: Seq,
    /// Why nothing can be taken in yet, when nothing can.
    pub problem: Option<String>,
    /// How the file is written, in words.
    pub form: String,
    /// Whether the file carries a program; nothing of it was run.
    pub has_macros: bool,
    /// The sheets of a spreadsheet.
    pub sheets: Vec<IntakeSheet>,
    /// The first rows, where the column names have to be pointed out.
    pub top: Vec<IntakeTop>,
    /// The row with the column names.
    pub header_row: Option<u32>,
    /// The columns.
    pub columns: Vec<IntakeColumn>,
    /// Whether the columns and words are those that were chosen the last time.
    pub is_remembered: bool,
    /// Words with a meaning that the list uses.
    pub words: Vec<IntakeWord>,
    /// The rows.
    pub rows: Vec<IntakeRow>,
    /// People in the room who are not on the list. They stay.
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
    /// Whether the file hides it.
    pub is_hidden: bool,
    /// Rows with something in them.
    pub rows: u32,
    /// Whether it is the one that was read.
    pub is_taken: bool,
}

/// A row above everything that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeTop {
    /// Its number.
    pub row: u32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// A column and what it fills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeColumn {
    /// Its name.
    pub name: String,
    /// What it fills.
    pub field: Option<String>,
    /// Why.
    pub because: IntakeBecause,
    /// Three of its values.
    pub samples: Vec<String>,
    /// Cells that a formula works out.
    pub formulas: u32,
}

/// Why a column fills what it fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(rename_all = "snake_case")]
pub enum IntakeBecause {
    /// A person said so.
    Said,
    /// It was said so the last time.
    Remembered,
    /// Its name means it.
    Name,
    /// What stands in it looks like it.
    Contents,
    /// Its name means nothing that is known.
    NotKnown,
    /// Another column fills the same field.
    Taken,
    /// The file hides it.
    Hidden,
}

/// What a word may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(rename_all = "snake_case")]
pub enum IntakeTable {
    /// Who pays.
    Funding,
    /// The kind of care.
    Care,
    /// How somebody moves.
    Mobility,
}

/// A word that the list uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeWord {
    /// What it is about.
    pub table: IntakeTable,
    /// The word.
    pub word: String,
    /// Rows that use it.
    pub rows: u32,
    /// Whether somebody said what it means.
    pub is_explained: bool,
    /// What it usually means, for a person to confirm.
    pub suggested: Option<IntakeMeaning>,
}

/// What a word usually means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeMeaning {
    /// For who pays.
    pub funding: Option<IntakeFunding>,
    /// For the kind of care.
    pub care: Option<Care>,
    /// For how somebody moves.
    pub mobility: Option<Mobility>,
    /// Why it is thought so.
    pub why: String,
}

/// A row and what would become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeRow {
    /// Its number.
    pub row: u32,
    /// Whether this is the second of two people in one row.
    pub is_second: bool,
    /// The name that would be taken.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub name: Option<PersonName>,
    /// The birth date that would be taken.
    pub date_of_birth: Option<BirthDate>,
    /// The bedroom that would be taken.
    pub bedroom: Option<Bedroom>,
    /// What would become of it.
    pub fate: IntakeFate,
    /// What a person should look at.
    pub notes: Vec<IntakeNote>,
    /// What stays open on the person.
    pub questions: Vec<OpenQuestion>,
    /// Somebody this may be.
    pub pair: Option<IntakePair>,
    /// Whether a person has to look at it.
    pub asks: bool,
}

/// What would become of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum IntakeFate {
    /// Somebody not yet in the room.
    New,
    /// Somebody in the room, with nothing different.
    Known {
        /// Who.
        person: PersonId,
        /// Reference.
        reference: Reference,
    },
    /// Somebody in the room, of whom the list says something else.
    Changed {
        /// Who.
        person: PersonId,
        /// Reference.
        reference: Reference,
        /// What is different.
        fields: Vec<IntakeDifference>,
    },
    /// The same person as another row's.
    Double {
        /// The row that stays.
        of: u32,
    },
    /// Nobody.
    Nobody {
        /// Why.
        why: String,
    },
    /// Left out because a person said so.
    LeftOut,
    /// Left out because the file hides it.
    Hidden,
}

/// Something of which room and list say different things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeDifference {
    /// The field.
    pub field: String,
    /// What the room says; none where it says nothing.
    pub room: Option<String>,
    /// What the list says.
    pub list: String,
    /// Whether somebody changed it in the room since the person was registered.
    pub by_hand: bool,
    /// Whether the list's value would be taken.
    pub take: bool,
}

/// Something about a row that a person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeNote {
    /// The column.
    pub column: String,
    /// The cell, as sent.
    pub as_sent: String,
    /// What is to be said of it.
    pub what: String,
    /// What to do.
    pub advice: String,
    /// Whether it only tells, and asks nothing.
    pub only_tells: bool,
}

/// Two who may be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakePair {
    /// The other row, when it is one of the list.
    pub row: Option<u32>,
    /// The other person, when it is one of the room.
    pub person: Option<PersonId>,
    /// Their name.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub name: Option<PersonName>,
    /// Their birth date.
    pub date_of_birth: Option<BirthDate>,
    /// Their bedroom.
    pub bedroom: Option<Bedroom>,
    /// What the two have in common.
    pub why: String,
    /// What a person decided: one person, or two.
    pub is_one: Option<bool>,
}

/// Somebody in the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakePerson {
    /// Who.
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

/// How many rows become what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeCounts {
    /// Rows that hold something, below the column names.
    pub rows: u32,
    /// Rows of somebody new.
    pub new: u32,
    /// Rows of somebody in the room, nothing different.
    pub known: u32,
    /// Rows of somebody in the room, something different.
    pub changed: u32,
    /// Rows of the same person as another row.
    pub doubles: u32,
    /// Rows of nobody.
    pub nobody: u32,
    /// Rows that a person left out.
    pub left_out: u32,
    /// Rows that the file hides.
    pub hidden: u32,
    /// People more than rows: couples in one row.
    pub seconds: u32,
    /// People who would be registered.
    pub register: u32,
    /// Differences that would be taken.
    pub differences: u32,
    /// Rows that a person has to look at.
    pub asks: u32,
    /// Blank rows.
    pub blank: u32,
    /// Rows above the column names.
    pub above: u32,
}
