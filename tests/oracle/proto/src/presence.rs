//! Presence: who is connected and looks at whom. Told to desks, by ids alone, and never written down.

use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, PersonId},
    role::Audience,
};

/// A member who is connected with one face.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
