//! Rows of members, sites and sign-ins.

use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, SignInId, SiteId, Time},
    role::{Ceiling, Role},
    site::{Presence, SiteKind},
    text::{Line, PersonName, Short, Telephone},
};

/// A site, on desk and phones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteRow {
    /// Its id.
    pub site: SiteId,
    /// Its name.
    pub name: Short,
    /// What it is.
    pub kind: SiteKind,
    /// Where it is.
    pub address: Option<Line>,
}

/// A member, on the wall: never a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WallMember {
    /// Initials.
    pub initials: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Roles held by covering for somebody.
    pub covers: Vec<Role>,
    /// Signed in somewhere.
    pub on_duty: bool,
}

/// A member, on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskMember {
    /// Their id.
    pub member: MemberId,
    /// Name.
    pub name: PersonName,
    /// Initials.
    pub initials: String,
    /// Organisation.
    pub organisation: Option<Short>,
    /// Job.
    pub job: Option<Short>,
    /// Mobile telephone.
    pub mobile: Option<Telephone>,
    /// Roles.
    pub roles: Vec<Role>,
    /// For whom they cover.
    pub covers: Vec<MemberId>,
    /// How they came in; none but the ceiling's own rights are theirs.
    pub ceiling: Ceiling,
    /// Signed in somewhere.
    pub on_duty: bool,
}

/// A member, on a phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneMember {
    /// Their id.
    pub member: MemberId,
    /// Name.
    pub name: PersonName,
    /// Roles.
    pub roles: Vec<Role>,
    /// For whom they cover.
    pub covers: Vec<MemberId>,
    /// Signed in somewhere.
    pub on_duty: bool,
}

/// A sign-in, on the wall. A sign-in that has ended has no row here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    pub duty: Option<Short>,
    /// The last act received.
    pub last_act: Time,
    /// When the next check-in is due, at the home.
    pub due_at: Option<Time>,
    /// On whose word it was entered, or they were seen, or signed off.
    pub on_word_of: Option<Line>,
    /// When they asked to sign off.
    pub asked_at: Option<Time>,
    /// When they left.
    pub left_at: Option<Time>,
    /// When that was entered.
    pub ended_at: Option<Time>,
}

/// A sign-in, on a phone. One that has ended stays until the next, for its own member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
