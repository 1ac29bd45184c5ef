//! The door: a code that lets people ask to come in, and whom the roster expects (SECURITY, Getting in).

use serde::{Deserialize, Serialize};

use crate::{id::MemberId, member::Profile, role::Role};

/// Somebody the roster expects, as it was pasted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The member they will be if they come by a link made for them.
    pub member: MemberId,
    /// Who they are, and the roles that the roster offers them.
    pub profile: Profile,
}

/// Somebody at the door who is let in, and with which roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admission {
    /// Who asks.
    pub asking: MemberId,
    /// The roles they get.
    pub roles: Vec<Role>,
}

/// The characters of a door code: none that reads like another when it is read out or typed at night.
pub const DOOR_CODE_LETTERS: &str = "ACDEFGHJKLMNPQRTUVWXY2346789";
/// How many of them a code has: 28^8 is more than anybody tries in twelve hours at the rate allowed.
pub const DOOR_CODE_CHARS: usize = 8;
