//! Members of the room: the roster.

use serde::{Deserialize, Serialize};

use crate::{
    role::Role,
    text::{PersonName, Short, Telephone},
};

/// Who a member is.
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

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "member.ts"))]
#[serde(tag = "is", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// A member of the room.
    Member(crate::id::MemberId),
    /// A paired screen.
    Screen,
    /// The room itself: a timer, an invite redeemed.
    System,
    /// The operator's import.
    Importer,
}
