//! Exports: what may be taken out of a room as a file, and the rows that such a file is made of.

use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, PersonId, Seq, Tag, Time},
    kinds::kinds,
    log::DeskLog,
    person::{FundingSource, card::Card, row::DeskPerson},
    text::{Line, NhsNumber, PersonName, Reference, Short},
};

/// A file that a room can be taken away as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "export.ts"))]
pub enum Export {
    /// The people, one a line.
    #[serde(rename = "people.csv")]
    PeopleCsv,
    /// The people as a spreadsheet.
    #[serde(rename = "people.xlsx")]
    PeopleXlsx,
    /// Every recorded movement of anybody.
    #[serde(rename = "movements.csv")]
    MovementsCsv,
    /// The log as people read it.
    #[serde(rename = "log.csv")]
    LogCsv,
    /// Every entry as the journal keeps it, with its chain.
    #[serde(rename = "log.jsonl")]
    LogJsonl,
}

impl Export {
    /// Every export, in the order in which screens offer them.
    pub const ALL: [Self; 5] =
        [Self::PeopleXlsx, Self::PeopleCsv, Self::MovementsCsv, Self::LogCsv, Self::LogJsonl];

    /// Returns the word in addresses, which is the kind of file too.
    pub const fn word(self) -> &'static str {
        match self {
            Self::PeopleCsv => "people.csv",
            Self::PeopleXlsx => "people.xlsx",
            Self::MovementsCsv => "movements.csv",
            Self::LogCsv => "log.csv",
            Self::LogJsonl => "log.jsonl",
        }
    }

    /// Returns what it is, as the log says it.
    pub const fn called(self) -> &'static str {
        match self {
            Self::PeopleCsv => "the list of people as CSV",
            Self::PeopleXlsx => "the list of people as a spreadsheet",
            Self::MovementsCsv => "the movements as CSV",
            Self::LogCsv => "the log as CSV",
            Self::LogJsonl => "the whole log with its chain",
        }
    }
}

impl std::str::FromStr for Export {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|export| export.word() == text);
        found.ok_or_else(|| {
            let words = Self::ALL.map(Self::word).join(", ");
            format!("{text:?} is none of {words}")
        })
    }
}

/// Asks for an export over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "export.ts"))]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// What it is for; the log says it.
    #[cfg_attr(test, ts(type = "string"))]
    pub why: Line,
}

/// A service user in an export, as this reader may see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// What the desk shows, without what this reader may not take away.
    pub person: DeskPerson,
    /// What this reader may see of the card.
    pub card: Card,
    /// Who pays.
    pub funding: Option<FundingSource>,
    /// The named social worker.
    pub worker: Option<PersonName>,
    /// The home accepted for the person.
    pub home: Option<Short>,
}

/// Something recorded about where somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// Its entry.
    pub entry: Seq,
    /// When it happened.
    pub at: Time,
    /// When it was recorded.
    pub recorded: Time,
    /// Whom it is about.
    pub person: PersonId,
    /// Their reference.
    pub reference: Reference,
    /// The NHS number, for those who may read it.
    pub nhs_number: Option<NhsNumber>,
    /// Where the person was, by facts alone.
    pub from: String,
    /// Where the fact says that the person went or is.
    pub to: String,
    /// What was recorded, in a word or two.
    pub state: &'static str,
    /// The vehicle: the one seen, else the one booked.
    pub vehicle: Option<Short>,
    /// The crew that was booked.
    pub crew: Option<Short>,
    /// The expected arrival.
    pub expected: Option<Time>,
    /// When identity was checked before "ready" (G22).
    pub checked: Option<Time>,
    /// When identity was checked again at the door (G22).
    pub checked_at_door: Option<Time>,
    /// Who recorded it.
    pub by: String,
    /// On whose word, by which way; nothing when who recorded it saw it.
    pub via: Option<Line>,
    /// The named social worker.
    pub worker: Option<PersonName>,
    /// Who leads the move.
    pub lead_body: String,
    /// Gates passed for the person, and gates this fact went past.
    pub gates: String,
    /// Why they were passed.
    pub reasons: String,
}

/// A log line in an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// The line as the desk shows it.
    pub line: DeskLog,
    /// Who wrote it.
    pub by: String,
    /// Whom it is about.
    pub reference: Option<Reference>,
    /// The words that correct it.
    pub correction: Option<String>,
}

/// An entry as the journal keeps it: one line of `log.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptEntry {
    /// Its number.
    pub seq: Seq,
    /// The first 8 bytes of the chain value.
    pub tag: Tag,
    /// `SHA-256(chain value before, body)` as 64 hex digits; before entry 1 the chain value is 32 zero
    /// bytes.
    pub chain: String,
    /// The entry's body, byte for byte as it was hashed.
    pub body: String,
}

/// For whom an export is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A member: only what their roles may read.
    Member(MemberId),
    /// Whoever holds the data folder, and with it everything in it.
    Operator,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "ExportPlans" in "export.ts" {
        /// Records that a file of the room is taken away; it is handed out once this is durable.
        "record_export" => Record {
            export: Export,
            #[cfg_attr(test, ts(type = "string"))]
            why: Line,
        },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// A file of the room was taken away.
        "export_taken/1" => Taken { export: Export, why: Line },
    }
}
