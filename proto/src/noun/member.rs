//! Members of the room, and the authors of entries.

use serde::{Deserialize, Serialize};

use crate::{
    id::MemberId,
    kinds::kinds,
    role::{Ceiling, Role},
    text::{PersonName, Short, Telephone},
};

/// A member's profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "member.ts"))]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name.
    pub name: PersonName,
    /// Organisation.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub organisation: Option<Short>,
    /// Job.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub job: Option<Short>,
    /// Mobile telephone.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub mobile: Option<Telephone>,
    /// Roles in the room; a member may hold several.
    pub roles: Vec<Role>,
}

/// The author of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "member.ts"))]
#[serde(tag = "is", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// A member of the room.
    Member(MemberId),
    /// A paired screen.
    Screen,
    /// The room itself: a timer, an invite redeemed.
    System,
    /// The operator's import.
    Importer,
}

/// A member, on the wall: never a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "member.ts"))]
pub struct WallMember {
    /// Initials.
    pub initials: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Roles held through cover.
    pub covers: Vec<Role>,
    /// Signed in somewhere.
    pub on_duty: bool,
}

/// A member, on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "member.ts"))]
pub struct DeskMember {
    /// Their id.
    pub member: MemberId,
    /// Name.
    #[cfg_attr(test, ts(type = "string"))]
    pub name: PersonName,
    /// Initials.
    pub initials: String,
    /// Organisation.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub organisation: Option<Short>,
    /// Job.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub job: Option<Short>,
    /// Mobile telephone.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub mobile: Option<Telephone>,
    /// Roles.
    pub roles: Vec<Role>,
    /// The members they cover for.
    pub covers: Vec<MemberId>,
    /// Their login's ceiling, which caps their rights.
    pub ceiling: Ceiling,
    /// Signed in somewhere.
    pub on_duty: bool,
}

/// A member, on a phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "member.ts"))]
pub struct PhoneMember {
    /// Their id.
    pub member: MemberId,
    /// Name.
    #[cfg_attr(test, ts(type = "string"))]
    pub name: PersonName,
    /// Roles.
    pub roles: Vec<Role>,
    /// The members they cover for.
    pub covers: Vec<MemberId>,
    /// Signed in somewhere.
    pub on_duty: bool,
}

/// The counts of the team, for audiences that see no members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "member.ts"))]
pub struct TeamRow {
    /// Members.
    pub members: u32,
    /// Members signed in anywhere.
    pub on_duty: u32,
    /// Members signed in at the home.
    pub at_the_home: u32,
    /// Members overdue.
    pub overdue: u32,
    /// Possible receiving homes.
    pub homes: u32,
}

kinds! {
    /// The plans.
    wire enum Plan as "MemberPlans" in "member.ts" {
        /// Admits a member; submitted by the server when an invite is redeemed.
        "admit_member" => Admit { member: MemberId, profile: Profile, ceiling: Ceiling },
        /// Replaces a member's roles with these.
        "give_roles" => GiveRoles { member: MemberId, roles: Vec<Role> },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// A member was admitted.
        "member_admitted/1" => Admitted { member: MemberId, profile: Profile, ceiling: Ceiling },
        /// A member's roles were replaced.
        "roles_given/1" => RolesGiven { member: MemberId, roles: Vec<Role> },
    }
}
