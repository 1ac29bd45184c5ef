//! Help: a call from a member in the building, and its answer (PROCEDURE 3.7, R36).

use serde::{Deserialize, Serialize};

use crate::{
    id::{HelpId, MemberId, PersonId, SiteId, Time},
    kinds::kinds,
    role::Role,
    text::{Line, RowText, Short},
};

/// The kind of help needed.
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

/// A call for help, on the wall: initials only, and no person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "help.ts"))]
pub struct WallHelp {
    /// The caller's initials.
    pub initials: String,
    /// The caller's roles.
    pub roles: Vec<Role>,
    /// The kind of help.
    pub help: HelpKind,
    /// From the failing home.
    pub at_the_home: bool,
    /// Since when.
    pub since: Time,
    /// The answering member's initials.
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
    /// The caller.
    pub member: MemberId,
    /// The kind of help.
    pub help: HelpKind,
    /// The person it is about.
    pub person: Option<PersonId>,
    /// The site where the caller is signed on.
    pub site: Option<SiteId>,
    /// The location in the building, in the caller's words.
    pub place: Option<RowText>,
    /// Since when.
    pub since: Time,
    /// When the room received it.
    pub received: Time,
    /// The answering member.
    pub answered_by: Option<MemberId>,
    /// When it was answered.
    pub answered_at: Option<Time>,
    /// Nobody answered within a minute.
    pub unanswered: bool,
}

kinds! {
    /// The facts.
    wire enum Fact as "HelpFacts" in "help.ts" {
        /// Calls for help.
        "call_for_help" => Call {
            help: HelpKind,
            person: Option<PersonId>,
            #[cfg_attr(test, ts(type = "string | null"))]
            place: Option<Short>,
        },
        /// Answers a call.
        "answer_help" => Answer { call: HelpId },
        /// Ends a call, with its result.
        "end_help" => End {
            call: HelpId,
            #[cfg_attr(test, ts(type = "string"))]
            words: Line,
        },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// Help was called.
        "help_called/1" => Called {
            call: HelpId,
            member: MemberId,
            help: HelpKind,
            person: Option<PersonId>,
            place: Option<Short>,
        },
        /// A call was answered.
        "help_answered/1" => Answered { call: HelpId, by: MemberId },
        /// A call ended.
        "help_ended/1" => Ended { call: HelpId, member: MemberId, words: Line },
    }
}
