//! Help: a call from somebody in the building, and who answers it (PROCEDURE 3.7, R36).

use serde::{Deserialize, Serialize};

use crate::{
    id::{HelpId, MemberId, PersonId, SiteId, Time},
    kinds::kinds,
    role::Role,
    text::{Line, RowText, Short},
};

/// What help is called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "help.ts"))]
#[serde(rename_all = "snake_case")]
pub enum HelpKind {
    /// Resident unwell: the phone says to call 999.
    ResidentUnwell,
    /// I am not safe.
    NotSafe,
    /// I need the room.
    NeedTheRoom,
}

/// A call for help, on the wall: never a name, and no person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "help.ts"))]
pub struct WallHelp {
    /// Initials of who calls.
    pub initials: String,
    /// Their roles.
    pub roles: Vec<Role>,
    /// What for.
    pub help: HelpKind,
    /// From the failing home.
    pub at_the_home: bool,
    /// Since when.
    pub since: Time,
    /// Initials of who answers.
    pub answered_by: Option<String>,
    /// Nobody answered within a minute.
    pub unanswered: bool,
}

/// A call for help, on desk and phones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "help.ts"))]
pub struct HelpRow {
    /// Its id.
    pub call: HelpId,
    /// Who calls.
    pub member: MemberId,
    /// What for.
    pub help: HelpKind,
    /// Whom it is about.
    pub person: Option<PersonId>,
    /// Where they are signed on.
    pub site: Option<SiteId>,
    /// Where in the building, in their words.
    pub place: Option<RowText>,
    /// Since when.
    pub since: Time,
    /// When the room received it.
    pub received: Time,
    /// Who answers.
    pub answered_by: Option<MemberId>,
    /// Since when.
    pub answered_at: Option<Time>,
    /// Nobody answered within a minute.
    pub unanswered: bool,
}

kinds! {
    /// What may have happened.
    wire enum Fact as "HelpFacts" in "help.ts" {
        /// Calls for help.
        "call_for_help" => Call {
            help: HelpKind,
            person: Option<PersonId>,
            #[cfg_attr(test, ts(type = "string | null"))]
            place: Option<Short>,
        },
        /// Is answering a call.
        "answer_help" => Answer { call: HelpId },
        /// Ends a call: what became of it.
        "end_help" => End {
            call: HelpId,
            #[cfg_attr(test, ts(type = "string"))]
            words: Line,
        },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// Help was called.
        "help_called/1" => Called {
            call: HelpId,
            member: MemberId,
            help: HelpKind,
            person: Option<PersonId>,
            place: Option<Short>,
        },
        /// Somebody answers a call.
        "help_answered/1" => Answered { call: HelpId, by: MemberId },
        /// A call ended.
        "help_ended/1" => Ended { call: HelpId, member: MemberId, words: Line },
    }
}
