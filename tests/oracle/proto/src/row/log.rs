//! Rows of the log and of edits set aside.

use serde::{Deserialize, Serialize};

use crate::{
    command::Show,
    id::{CommandId, PersonId, Seq, Time},
    member::Actor,
    person::{Group, PersonChange},
    role::Role,
    text::Line,
};

/// What a line of the log asks somebody to see to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct DeskLog {
    /// Its entry: the number that is never used again.
    pub seq: Seq,
    /// When it happened.
    pub at: Time,
    /// When it was recorded.
    pub recorded: Time,
    /// Why it was recorded late.
    pub late_reason: Option<Line>,
    /// A claimed time that was not believed.
    pub claimed_at: Option<Time>,
    /// Who.
    pub by: Actor,
    /// What, in words.
    pub text: String,
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
pub struct PhoneLog {
    /// Its entry.
    pub seq: Seq,
    /// When it happened.
    pub at: Time,
    /// What, in words.
    pub text: String,
    /// Struck through: the entry that corrects it.
    pub corrected_by: Option<Seq>,
}

/// A log line that names nobody, on the wall or the sitrep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownLog {
    /// Its entry.
    pub seq: Seq,
    /// When it happened.
    pub at: Time,
    /// What, in words.
    pub text: String,
    /// Struck through: the entry that corrects it.
    pub corrected_by: Option<Seq>,
    /// The role in which its author wrote it; none for what the room itself says.
    pub role: Option<Role>,
}

/// An edit set aside, waiting for a person. It has no row once it is decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditRow {
    /// The edit: the id of the command that brought it.
    pub edit: CommandId,
    /// Whom it is about.
    pub person: PersonId,
    /// Which fields.
    pub groups: Vec<Group>,
    /// What the edit wants.
    pub mine: PersonChange,
    /// What stood when it came.
    pub stands: PersonChange,
    /// Who made it.
    pub by: Actor,
    /// When.
    pub at: Time,
}
