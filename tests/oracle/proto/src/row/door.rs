//! Rows of the door: its code, who waits there, and whom the roster expects. For the desk alone.

use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, Time},
    member::Actor,
    role::{Audience, Role},
    text::{PersonName, Short, Telephone},
};

/// The door, while it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorRow {
    /// The code to read out.
    pub code: Short,
    /// The moment from which it opens nothing.
    pub until: Time,
    /// Who opened it.
    pub by: Actor,
}

/// Somebody at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskerRow {
    /// The member they would be.
    pub asking: MemberId,
    /// Name.
    pub name: PersonName,
    /// Organisation.
    pub organisation: Option<Short>,
    /// Job.
    pub job: Option<Short>,
    /// Mobile telephone.
    pub mobile: Option<Telephone>,
    /// The roles they say they have.
    pub wishes: Vec<Role>,
    /// The face their device would open.
    pub face: Audience,
    /// Since when.
    pub since: Time,
    /// The one of that name whom the roster expects.
    pub expected: Option<MemberId>,
}

/// Somebody the roster expects, and who has not come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedRow {
    /// The member they will be if they come by a link made for them.
    pub member: MemberId,
    /// Name.
    pub name: PersonName,
    /// Organisation.
    pub organisation: Option<Short>,
    /// Job.
    pub job: Option<Short>,
    /// Mobile telephone.
    pub mobile: Option<Telephone>,
    /// The roles the roster offers.
    pub roles: Vec<Role>,
}
