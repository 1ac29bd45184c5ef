//! What a person chose about a list, sent with its file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Seq},
    person::{Care, FundingSource, Mobility},
    text::Line,
};

/// The first line of the body of `POST /api/rooms/{id}/intake`; the file's bytes follow it (P-73).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeAsked {
    /// The file's name.
    pub file: Line,
    /// What a person chose.
    pub choices: IntakeChoices,
    /// What was agreed to: none asks what would happen, and does nothing.
    pub agreed: Option<IntakeAgreed>,
}

/// The preview that a person looked at and said yes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeAgreed {
    /// Its digest.
    pub digest: String,
    /// The entry that it was made from.
    pub head: Seq,
}

/// What a person chose about a list. Nothing chosen leaves it to the guesses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IntakeChoices {
    /// The sheet that holds the list.
    pub sheet: Option<String>,
    /// The row with the column names.
    pub header_row: Option<u32>,
    /// Whether rows that the file hides are people too.
    pub take_hidden: bool,
    /// Whether the list writes the month before the day.
    pub month_first: bool,
    /// What each column fills, in the order of the file.
    pub columns: Option<Vec<Option<String>>>,
    /// What the list's words mean.
    pub words: IntakeWords,
    /// What was decided about rows.
    pub rows: Vec<IntakeRowChoice>,
    /// Which differences to the room are taken, and which are left.
    pub fields: Vec<IntakeFieldChoice>,
}

/// What the list's words mean.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IntakeWords {
    /// Words for who pays.
    pub funding: BTreeMap<String, IntakeFunding>,
    /// Words for the kind of care.
    pub care: BTreeMap<String, Care>,
    /// Words for how somebody moves.
    pub mobility: BTreeMap<String, Mobility>,
}

/// What a word for who pays means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IntakeFunding {
    /// Who pays; none where the word does not say.
    pub source: Option<FundingSource>,
    /// Here for respite.
    pub respite: bool,
    /// Under section 117.
    pub section_117: bool,
    /// The NHS pays the nursing contribution.
    pub nursing_contribution: bool,
}

/// What was decided about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeRowChoice {
    /// The row, as a spreadsheet numbers it.
    pub row: u32,
    /// What it is.
    pub is: IntakeDecision,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum IntakeDecision {
    /// Not to be taken.
    LeftOut,
    /// One person, although it seems to name two.
    OnePerson,
    /// The same person as another row's.
    SameRow {
        /// The row that stays.
        row: u32,
    },
    /// Somebody else than another row's.
    OtherRow {
        /// That row.
        row: u32,
    },
    /// Somebody who is in the room.
    SamePerson {
        /// Who.
        person: PersonId,
    },
    /// Somebody else than that one in the room.
    OtherPerson {
        /// Than whom.
        person: PersonId,
    },
}

/// Whether a difference is taken into the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeFieldChoice {
    /// Whose.
    pub person: PersonId,
    /// The field.
    pub field: String,
    /// Take the list's value.
    pub take: bool,
}
