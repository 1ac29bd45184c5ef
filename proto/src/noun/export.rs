//! Exports: the files a room can be exported as, and the rows they consist of.

use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, PersonId, Seq, Tag, Time},
    kinds::kinds,
    log::DeskLog,
    person::{FundingSource, card::Card, row::DeskPerson},
    text::{Line, NhsNumber, PersonName, Reference, Short},
};

/// A file format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "export.ts"))]
pub enum Export {
    /// The people, one per line.
    #[serde(rename = "people.csv")]
    PeopleCsv,
    /// The people as a spreadsheet.
    #[serde(rename = "people.xlsx")]
    PeopleXlsx,
    /// Every recorded movement.
    #[serde(rename = "movements.csv")]
    MovementsCsv,
    /// The log in readable form.
    #[serde(rename = "log.csv")]
    LogCsv,
    /// Every entry as stored in the journal, with its hash chain.
    #[serde(rename = "log.jsonl")]
    LogJsonl,
}

impl Export {
    /// Every export, in the order screens offer them.
    pub const ALL: [Self; 5] =
        [Self::PeopleXlsx, Self::PeopleCsv, Self::MovementsCsv, Self::LogCsv, Self::LogJsonl];

    /// Returns the word used in URLs, which is also the kind of file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::PeopleCsv => "people.csv",
            Self::PeopleXlsx => "people.xlsx",
            Self::MovementsCsv => "movements.csv",
            Self::LogCsv => "log.csv",
            Self::LogJsonl => "log.jsonl",
        }
    }

    /// Returns the description for the log.
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

/// Requests an export over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "export.ts"))]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// The purpose, recorded in the log.
    #[cfg_attr(test, ts(type = "string"))]
    pub why: Line,
}

/// A service user in an export, as this reader may see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// The desk's row, without fields this reader may not export.
    pub person: DeskPerson,
    /// The parts of the card this reader may see.
    pub card: Card,
    /// The payer.
    pub funding: Option<FundingSource>,
    /// The named social worker.
    pub worker: Option<PersonName>,
    /// The accepted home.
    pub home: Option<Short>,
}

/// A recorded change of a person's whereabouts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// Its entry.
    pub entry: Seq,
    /// When it happened.
    pub at: Time,
    /// When it was recorded.
    pub recorded: Time,
    /// The person.
    pub person: PersonId,
    /// Their reference.
    pub reference: Reference,
    /// The NHS number, for readers who may see it.
    pub nhs_number: Option<NhsNumber>,
    /// The previous place, by facts alone.
    pub from: String,
    /// The place the fact reports.
    pub to: String,
    /// A short description of what was recorded.
    pub state: &'static str,
    /// The vehicle: the one seen, otherwise the one booked.
    pub vehicle: Option<Short>,
    /// The booked crew.
    pub crew: Option<Short>,
    /// The expected arrival.
    pub expected: Option<Time>,
    /// The identity check before "ready" (G22).
    pub checked: Option<Time>,
    /// The identity check at the door (G22).
    pub checked_at_door: Option<Time>,
    /// The author.
    pub by: String,
    /// The source and channel of the report; `None` if the author is the witness.
    pub via: Option<Line>,
    /// The named social worker.
    pub worker: Option<PersonName>,
    /// The body that leads the move.
    pub lead_body: String,
    /// The gates passed for the person, and the gates this fact breached.
    pub gates: String,
    /// The reasons of the passes.
    pub reasons: String,
}

/// A log line in an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// The line as the desk shows it.
    pub line: DeskLog,
    /// The author.
    pub by: String,
    /// The reference of the person it is about.
    pub reference: Option<Reference>,
    /// The text that corrects it.
    pub correction: Option<String>,
}

/// An entry as stored in the journal: one line of `log.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptEntry {
    /// Its sequence number.
    pub seq: Seq,
    /// The first 8 bytes of the chain value.
    pub tag: Tag,
    /// `SHA-256(previous chain value, body)` as 64 hex digits; before entry 1 the chain value is 32 zero bytes.
    pub chain: String,
    /// The entry's body, byte for byte as hashed.
    pub body: String,
}

/// The reader of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A member: limited to what their roles may read.
    Member(MemberId),
    /// The operator, who holds the data folder and everything in it.
    Operator,
}

kinds! {
    /// The plans.
    wire enum Plan as "ExportPlans" in "export.ts" {
        /// Records an export; the file is delivered once this is durable.
        "record_export" => Record {
            export: Export,
            #[cfg_attr(test, ts(type = "string"))]
            why: Line,
        },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// The room was exported.
        "export_taken/1" => Taken { export: Export, why: Line },
    }
}
