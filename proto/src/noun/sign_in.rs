//! Sign-ins: who is in which building (PROCEDURE 3.7).

use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, SignInId, SiteId, Time},
    kinds::kinds,
    role::Role,
    text::{Line, RowText, Short},
};

/// The state of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "sign_in.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// At the site. Screens show "check-in due" from `due_at` on.
    OnSite,
    /// No act for the check-in interval plus 5 minutes: a phone call is due.
    Overdue,
    /// No act, but reported seen and safe.
    ConfirmedSafe,
    /// Requested sign-off by tap; the desk has not answered.
    SignOffAsked,
    /// Signed off.
    SignedOff,
    /// Signed off through a late entry.
    SignedOffLate,
}

/// The source of a sign-in fact: the member's own, or another member's on report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "sign_in.ts", optional_fields))]
#[serde(deny_unknown_fields, default)]
pub struct Word {
    /// The subject, if it is not the author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// The source and channel of the report ("own, by telephone").
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub on_word_of: Option<Line>,
}

/// A sign-in, on the wall. An ended sign-in has no row here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "sign_in.ts"))]
pub struct WallSignIn {
    /// Initials.
    pub initials: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// At the failing home, not in the incident room.
    pub at_the_home: bool,
    /// Its state.
    pub state: Presence,
    /// Since when.
    pub since: Time,
    /// When the next check-in is due, at the home.
    pub due_at: Option<Time>,
}

/// A sign-in, on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "sign_in.ts"))]
pub struct DeskSignIn {
    /// Its id.
    pub sign_in: SignInId,
    /// The member.
    pub member: MemberId,
    /// The site.
    pub site: SiteId,
    /// Its state.
    pub state: Presence,
    /// Since when.
    pub since: Time,
    /// Planned end.
    pub planned_end: Time,
    /// The planned end passed and an alarm was raised.
    pub end_passed: bool,
    /// Duty.
    pub duty: Option<RowText>,
    /// The last act received.
    pub last_act: Time,
    /// When the next check-in is due, at the home.
    pub due_at: Option<Time>,
    /// The source of the entry, the sighting or the sign-off.
    pub on_word_of: Option<RowText>,
    /// When they requested sign-off.
    pub asked_at: Option<Time>,
    /// When they left.
    pub left_at: Option<Time>,
    /// When the departure was recorded.
    pub ended_at: Option<Time>,
}

/// A sign-in, on a phone. An ended one stays for its own member until the next begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "sign_in.ts"))]
pub struct PhoneSignIn {
    /// Its id.
    pub sign_in: SignInId,
    /// The member.
    pub member: MemberId,
    /// The site.
    pub site: SiteId,
    /// Its state.
    pub state: Presence,
    /// Since when.
    pub since: Time,
    /// Planned end.
    pub planned_end: Time,
    /// When the next check-in is due, at the home.
    pub due_at: Option<Time>,
}

kinds! {
    /// The plans.
    wire enum Plan as "SignInPlans" in "sign_in.ts" {
        /// The desk acknowledges a sign-off (D-21).
        "acknowledge_sign_off" => Acknowledge { sign_in: SignInId },
    }
}

kinds! {
    /// The facts.
    wire enum Fact as "SignInFacts" in "sign_in.ts" {
        /// Signed on at a site, with a planned end.
        "sign_on" => SignOn {
            site: SiteId,
            #[serde(deserialize_with = "Time::claimed")]
            planned_end: Time,
            #[cfg_attr(test, ts(type = "string | null"))]
            duty: Option<Short>,
            #[serde(default)]
            word: Word,
        },
        /// Is present and well. Any received act counts as a check-in.
        "check_in" => CheckIn {
            #[serde(default)]
            word: Word,
        },
        /// Was reported seen and safe.
        "confirm_safe" => ConfirmSafe {
            sign_in: SignInId,
            #[cfg_attr(test, ts(type = "string"))]
            seen_by: Line,
        },
        /// A tap requests sign-off from the desk; a report records a late sign-off.
        "sign_off" => SignOff {
            sign_in: SignInId,
            #[serde(default)]
            word: Word,
        },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// Signed on.
        "signed_on/1" => SignedOn {
            sign_in: SignInId,
            member: MemberId,
            site: SiteId,
            planned_end: Time,
            duty: Option<Short>,
            on_word_of: Option<Line>,
        },
        /// Checked in as well; with a planned end if the shift was extended.
        "checked_in/1" => CheckedIn { sign_in: SignInId, planned_end: Option<Time>, on_word_of: Option<Line> },
        /// Was reported seen and safe.
        "confirmed_safe/1" => ConfirmedSafe { sign_in: SignInId, seen_by: Line },
        /// Requested sign-off.
        "sign_off_asked/1" => SignOffAsked { sign_in: SignInId },
        /// Signed off.
        "signed_off/1" => SignedOff { sign_in: SignInId, late: bool, on_word_of: Option<Line> },
        /// The desk acknowledged a sign-off: the departure time is that of the request.
        "sign_off_acknowledged/1" => Acknowledged { sign_in: SignInId },
    }
}
