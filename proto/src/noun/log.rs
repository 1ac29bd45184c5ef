//! The log: numbered by entry, never erased (PROCEDURE 8.2).

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Seq, Time},
    kinds::kinds,
    member::Actor,
    role::Role,
    text::{BoardText, Line, Note, RowText},
};

/// Where a log line is also shown. The text of a line shown on the wall or to directors names nobody.
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

/// What a line of the log asks somebody to see to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "log.ts"))]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// A time passed: a check-in, a planned end, a deadline, an answer.
    Timer,
    /// A fact went past a gate.
    Breach,
    /// Something does not go to plan.
    Trouble,
    /// A fact about somebody whom the room does not know.
    UnknownPerson,
    /// An identity check that did not match.
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
    /// Its entry: the number that is never used again.
    pub seq: Seq,
    /// When it happened.
    pub at: Time,
    /// When it was recorded.
    pub recorded: Time,
    /// Why it was recorded late.
    pub late_reason: Option<RowText>,
    /// A claimed time that was not believed.
    pub claimed_at: Option<Time>,
    /// Who.
    pub by: Actor,
    /// What, in words.
    pub text: RowText,
    /// Whom it is about.
    pub person: Option<PersonId>,
    /// Struck through: the entry that corrects it.
    pub corrected_by: Option<Seq>,
    /// The entry it corrects.
    pub corrects: Option<Seq>,
    /// Somebody must see to it, and to what.
    pub alarm: Option<AlarmKind>,
    /// Where else it is shown.
    pub show: Show,
    /// It names somebody: wall and sitrep are shown that there is a line, and not what it says.
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
    /// What, in words.
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
    /// What, in words.
    pub text: BoardText,
    /// Struck through: the entry that corrects it.
    pub corrected_by: Option<Seq>,
    /// The role in which its author wrote it; none for what the room itself says.
    pub role: Option<Role>,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "LogPlans" in "log.ts" {
        /// Adds a line.
        "add_log_line" => Add {
            #[cfg_attr(test, ts(type = "string"))]
            text: Note,
            person: Option<PersonId>,
            #[serde(default)]
            show: Show,
        },
        /// Strikes a line through and puts another in its place; both stay legible.
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
    /// What happened, as the journal keeps it.
    enum Event {
        /// A log line.
        "log_line_added/1" => Added { text: Note, person: Option<PersonId>, show: Show },
        /// A log line was struck through and corrected.
        "log_line_corrected/1" => Corrected { line: Seq, text: Note, why: Line },
    }
}
