//! Sign-ins: who is in which building (PROCEDURE 3.7).

use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, SignInId, SiteId, Time},
    kinds::kinds,
    role::Role,
    text::{Line, RowText, Short},
};

/// How a sign-in stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "sign_in.ts"))]
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
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "sign_in.ts", optional_fields))]
#[serde(deny_unknown_fields, default)]
pub struct Word {
    /// The member it is about, when that is not the one who enters it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// On whose word, by which way ("own, by telephone").
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub on_word_of: Option<Line>,
}

/// A sign-in, on the wall. A sign-in that has ended has no row here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "sign_in.ts"))]
pub struct WallSignIn {
    /// Initials.
    pub initials: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// At the failing home, rather than in the incident room.
    pub at_the_home: bool,
    /// How it stands.
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
    /// Who.
    pub member: MemberId,
    /// Where.
    pub site: SiteId,
    /// How it stands.
    pub state: Presence,
    /// Since when.
    pub since: Time,
    /// Planned end.
    pub planned_end: Time,
    /// The planned end passed and somebody was told.
    pub end_passed: bool,
    /// Duty.
    pub duty: Option<RowText>,
    /// The last act received.
    pub last_act: Time,
    /// When the next check-in is due, at the home.
    pub due_at: Option<Time>,
    /// On whose word it was entered, or they were seen, or signed off.
    pub on_word_of: Option<RowText>,
    /// When they asked to sign off.
    pub asked_at: Option<Time>,
    /// When they left.
    pub left_at: Option<Time>,
    /// When that was entered.
    pub ended_at: Option<Time>,
}

/// A sign-in, on a phone. One that has ended stays until the next, for its own member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "sign_in.ts"))]
pub struct PhoneSignIn {
    /// Its id.
    pub sign_in: SignInId,
    /// Who.
    pub member: MemberId,
    /// Where.
    pub site: SiteId,
    /// How it stands.
    pub state: Presence,
    /// Since when.
    pub since: Time,
    /// Planned end.
    pub planned_end: Time,
    /// When the next check-in is due, at the home.
    pub due_at: Option<Time>,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "SignInPlans" in "sign_in.ts" {
        /// The desk says that a sign-off was received (D-21).
        "acknowledge_sign_off" => Acknowledge { sign_in: SignInId },
    }
}

kinds! {
    /// What may have happened.
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
        /// Is here and well. Any act received counts as one.
        "check_in" => CheckIn {
            #[serde(default)]
            word: Word,
        },
        /// Was seen and is safe, on somebody's word.
        "confirm_safe" => ConfirmSafe {
            sign_in: SignInId,
            #[cfg_attr(test, ts(type = "string"))]
            seen_by: Line,
        },
        /// A tap asks the desk to sign off; on somebody's word it is a late sign-off.
        "sign_off" => SignOff {
            sign_in: SignInId,
            #[serde(default)]
            word: Word,
        },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
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
        /// Is here and well; with a planned end when the shift was extended.
        "checked_in/1" => CheckedIn { sign_in: SignInId, planned_end: Option<Time>, on_word_of: Option<Line> },
        /// Was seen and is safe.
        "confirmed_safe/1" => ConfirmedSafe { sign_in: SignInId, seen_by: Line },
        /// Asked to sign off.
        "sign_off_asked/1" => SignOffAsked { sign_in: SignInId },
        /// Signed off.
        "signed_off/1" => SignedOff { sign_in: SignInId, late: bool, on_word_of: Option<Line> },
        /// The desk acknowledged a sign-off: the member left when they asked.
        "sign_off_acknowledged/1" => Acknowledged { sign_in: SignInId },
    }
}
