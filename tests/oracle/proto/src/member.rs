//! Members of the room: the roster.

use serde::{Deserialize, Serialize};

use crate::{
    role::Role,
    text::{PersonName, Short, Telephone},
};

/// Who a member is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name.
    pub name: PersonName,
    /// Organisation.
    pub organisation: Option<Short>,
    /// Job.
    pub job: Option<Short>,
    /// Mobile telephone.
    pub mobile: Option<Telephone>,
    /// Roles in the room; a member may hold several.
    pub roles: Vec<Role>,
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
