//! Sites and sign-ins: who is in which building (PROCEDURE 3.7).

use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, SiteId, Time},
    text::{Line, Short},
};

/// What a site is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// The failing home: whoever signs on there checks in.
    Home,
    /// The incident room.
    IncidentRoom,
    /// Another place where the team works.
    Other,
}

/// A place where members sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Its id.
    pub site: SiteId,
    /// Its name.
    pub name: Short,
    /// What it is.
    pub kind: SiteKind,
    /// Where it is.
    pub address: Option<Line>,
}

/// How a sign-in stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// At the site. Screens show "check-in due" from `due_at` on.
    OnSite,
    /// Not heard of for the check-in interval and 5 minutes more: somebody rings.
    Overdue,
    /// Not heard of, but seen and safe on somebody's word.
    ConfirmedSafe,
    /// Asked to sign off by a tap; the desk has not answered.
    SignOffAsked,
    /// Signed off.
    SignedOff,
    /// Signed off by a late entry.
    SignedOffLate,
}

/// Where a person is taken for the roll: a sign-on of oneself, or of another on somebody's word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Word {
    /// The member it is about, when that is not the one who enters it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// On whose word, by which way ("own, by telephone").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_word_of: Option<Line>,
}

/// The alarms that the room itself raises when a time has passed (PROCEDURE 4.1.7).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "timer", rename_all = "snake_case", deny_unknown_fields)]
pub enum Timer {
    /// Nothing was received from a member at the home for the interval and 5 minutes more.
    CheckInOverdue {
        /// The sign-in.
        sign_in: crate::id::SignInId,
    },
    /// A planned end passed 15 minutes ago; rights stay (R37).
    PlannedEndPassed {
        /// The sign-in.
        sign_in: crate::id::SignInId,
    },
    /// A sign-off asked by tap has no answer for 10 minutes.
    SignOffUnanswered {
        /// The sign-in.
        sign_in: crate::id::SignInId,
    },
    /// A deadline has passed.
    DeadlinePassed {
        /// The deadline.
        at: Time,
    },
    /// A call for help has no answer for a minute: deputy, then everybody in the room.
    HelpUnanswered {
        /// The call.
        call: crate::id::HelpId,
    },
    /// A cover lasts no longer than twelve hours (R43).
    CoverOver {
        /// Who is covered.
        member: MemberId,
        /// Who covers.
        by: MemberId,
    },
}
