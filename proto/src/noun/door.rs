//! The door: a code that lets people ask to come in (SECURITY, Getting in).

use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, Time},
    kinds::kinds,
    member::{Actor, Profile},
    role::{Audience, Role},
    text::{Line, PersonName, Short, Telephone},
};

/// Somebody at the door who is let in, and with which roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "door.ts"))]
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

/// The door, while it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "door.ts"))]
pub struct DoorRow {
    /// The code to read out.
    #[cfg_attr(test, ts(type = "string"))]
    pub code: Short,
    /// The moment from which it opens nothing.
    pub until: Time,
    /// Who opened it.
    pub by: Actor,
}

/// Somebody at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "door.ts"))]
pub struct AskerRow {
    /// The member they would be.
    pub asking: MemberId,
    /// Name.
    #[cfg_attr(test, ts(type = "string"))]
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
    /// The roles they say they have.
    pub wishes: Vec<Role>,
    /// The face their device would open.
    pub face: Audience,
    /// Since when.
    pub since: Time,
    /// The one of that name whom the roster expects.
    pub expected: Option<MemberId>,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "DoorPlans" in "door.ts" {
        /// Opens the door by a code; submitted by the server, which makes the code.
        "open_door" => Open {
            #[cfg_attr(test, ts(type = "string"))]
            code: Short,
            until: Time,
        },
        /// Closes it; whoever waits there stays on the list.
        "close_door" => Close {},
        /// Asks at the door to be let in; submitted by the server.
        "ask_at_door" => Ask {
            #[cfg_attr(test, ts(type = "string"))]
            code: Short,
            asking: MemberId,
            profile: Profile,
            face: Audience,
        },
        /// Lets people at the door in, all at once.
        "let_in" => LetIn { admissions: Vec<Admission> },
        /// Turns somebody at the door away.
        "turn_away" => TurnAway {
            asking: MemberId,
            #[cfg_attr(test, ts(type = "string"))]
            why: Line,
        },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// The door was opened by a code.
        "door_opened/1" => Opened { code: Short, until: Time },
        /// The door was closed.
        "door_closed/1" => Closed {},
        /// Somebody asks at the door.
        "asked_at_door/1" => Asked { asking: MemberId, profile: Profile, face: Audience },
        /// Somebody at the door was turned away.
        "turned_away/1" => TurnedAway { asking: MemberId, name: PersonName, why: Line },
    }
}
