//! The log: numbered by entry, append-only (PROCEDURE 8.2).

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Seq, Time},
    kinds::kinds,
    member::Actor,
    role::Role,
    text::{BoardText, Line, Note, RowText},
};

/// The other audiences of a log line. A line shown on the wall or to directors names nobody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "log.ts", optional_fields))]
#[serde(deny_unknown_fields, default)]
pub struct Show {
    /// On the wall's announcement strip.
    pub wall: bool,
    /// On the phones.
    pub phones: bool,
    /// Among the directors' headlines.
    pub directors: bool,
}

/// The kind of alarm that a log line raises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "log.ts"))]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// A time passed: a check-in, a planned end, a deadline, an answer.
    Timer,
    /// A fact breached a gate.
    Breach,
    /// A deviation from plan.
    Trouble,
    /// A fact about an unknown person.
    UnknownPerson,
    /// An identity check with a mismatch.
    NearMiss,
    /// An edit that was set aside.
    SetAside,
    /// A call for help.
    Help,
    /// A paper pack was lost.
    PackLost,
}

/// A log line, on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "log.ts"))]
pub struct DeskLog {
    /// Its entry: a number that is never reused.
    pub seq: Seq,
    /// When it happened.
    pub at: Time,
    /// When it was recorded.
    pub recorded: Time,
    /// The reason for a late entry.
    pub late_reason: Option<RowText>,
    /// A claimed time that was rejected.
    pub claimed_at: Option<Time>,
    /// The author.
    pub by: Actor,
    /// The text.
    pub text: RowText,
    /// The person it is about.
    pub person: Option<PersonId>,
    /// Struck through: the entry that corrects it.
    pub corrected_by: Option<Seq>,
    /// The entry it corrects.
    pub corrects: Option<Seq>,
    /// The alarm it raises, if any.
    pub alarm: Option<AlarmKind>,
    /// The other audiences.
    pub show: Show,
    /// It names a person: wall and sitrep show that the line exists, but not its text.
    #[serde(default)]
    pub withheld: bool,
}

/// A log line, on a phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "log.ts"))]
pub struct PhoneLog {
    /// Its entry.
    pub seq: Seq,
    /// When it happened.
    pub at: Time,
    /// The text.
    pub text: RowText,
    /// Struck through: the entry that corrects it.
    pub corrected_by: Option<Seq>,
}

/// A log line that names nobody, on the wall or the sitrep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "log.ts"))]
pub struct ShownLog {
    /// Its entry.
    pub seq: Seq,
    /// When it happened.
    pub at: Time,
    /// The text.
    pub text: BoardText,
    /// Struck through: the entry that corrects it.
    pub corrected_by: Option<Seq>,
    /// The author's role at the time of writing; `None` for lines of the room itself.
    pub role: Option<Role>,
}

kinds! {
    /// The plans.
    wire enum Plan as "LogPlans" in "log.ts" {
        /// Adds a line.
        "add_log_line" => Add {
            #[cfg_attr(test, ts(type = "string"))]
            text: Note,
            person: Option<PersonId>,
            #[serde(default)]
            show: Show,
        },
        /// Strikes a line through and adds a corrected one; both stay legible.
        "correct_log_line" => Correct {
            line: Seq,
            #[cfg_attr(test, ts(type = "string"))]
            text: Note,
            #[cfg_attr(test, ts(type = "string"))]
            why: Line,
        },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// A log line.
        "log_line_added/1" => Added { text: Note, person: Option<PersonId>, show: Show },
        /// A log line was struck through and corrected.
        "log_line_corrected/1" => Corrected { line: Seq, text: Note, why: Line },
    }
}
