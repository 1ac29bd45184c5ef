//! Presence: who is connected and whose panel is open. Sent to desks, with ids only, and never stored.

use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, PersonId},
    role::Audience,
};

/// A member connected with one face.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "presence.ts"))]
pub struct Present {
    /// The member.
    pub member: MemberId,
    /// The face.
    pub audience: Audience,
    /// How many screens of that face.
    pub screens: u16,
    /// The people whose panel is open on one of them.
    pub looking: Vec<PersonId>,
}
