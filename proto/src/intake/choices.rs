//! A person's choices about a list, sent with its file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Seq},
    person::{Care, FundingSource, Mobility},
    text::Line,
};

/// The first line of the body of `POST /api/rooms/{id}/intake`; the file's bytes follow it (P-73).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(deny_unknown_fields)]
pub struct IntakeAsked {
    /// The file's name.
    #[cfg_attr(test, ts(type = "string"))]
    pub file: Line,
    /// The choices.
    pub choices: IntakeChoices,
    /// The agreed preview; without it the answer is a preview, and nothing changes.
    pub agreed: Option<IntakeAgreed>,
}

/// The preview that a person agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(deny_unknown_fields)]
pub struct IntakeAgreed {
    /// Its digest.
    pub digest: String,
    /// The entry on which it was based.
    pub head: Seq,
}

/// A person's choices about a list. Anything left out is guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(deny_unknown_fields, default)]
pub struct IntakeChoices {
    /// The sheet that holds the list.
    pub sheet: Option<String>,
    /// The header row.
    pub header_row: Option<u32>,
    /// Whether rows hidden in the file count as people.
    pub take_hidden: bool,
    /// Whether the list writes the month before the day.
    pub month_first: bool,
    /// What each column fills, in the order of the file.
    pub columns: Option<Vec<Option<String>>>,
    /// The meanings of the list's words.
    pub words: IntakeWords,
    /// Decisions about rows.
    pub rows: Vec<IntakeRowChoice>,
    /// Which differences from the room are accepted, and which are not.
    pub fields: Vec<IntakeFieldChoice>,
}

/// The meanings of the list's words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(deny_unknown_fields, default)]
pub struct IntakeWords {
    /// Words for who pays.
    pub funding: BTreeMap<String, IntakeFunding>,
    /// Words for the kind of care.
    pub care: BTreeMap<String, Care>,
    /// Words for mobility.
    pub mobility: BTreeMap<String, Mobility>,
}

/// The meaning of a word for who pays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(deny_unknown_fields, default)]
pub struct IntakeFunding {
    /// Who pays; none if the word does not say.
    pub source: Option<FundingSource>,
    /// A respite stay.
    pub respite: bool,
    /// Under section 117.
    pub section_117: bool,
    /// The NHS pays the nursing contribution.
    pub nursing_contribution: bool,
}

/// A decision about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(deny_unknown_fields)]
pub struct IntakeRowChoice {
    /// The row number, as in the spreadsheet.
    pub row: u32,
    /// The decision.
    pub is: IntakeDecision,
}

/// The decision about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum IntakeDecision {
    /// Leave it out.
    LeftOut,
    /// One person, although it seems to name two.
    OnePerson,
    /// The same person as in another row.
    SameRow {
        /// The row to keep.
        row: u32,
    },
    /// A different person from another row's.
    OtherRow {
        /// The other row.
        row: u32,
    },
    /// A person in the room.
    SamePerson {
        /// The person.
        person: PersonId,
    },
    /// A different person from that one in the room.
    OtherPerson {
        /// The person in the room.
        person: PersonId,
    },
}

/// Whether a difference is accepted into the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
#[serde(deny_unknown_fields)]
pub struct IntakeFieldChoice {
    /// The person.
    pub person: PersonId,
    /// The field.
    pub field: String,
    /// Whether to use the list's value.
    pub take: bool,
}
