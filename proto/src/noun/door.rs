//! The door: a code with which people ask to join (SECURITY, Getting in).

use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, Time},
    kinds::kinds,
    member::{Actor, Profile},
    role::{Audience, Role},
    text::{Line, PersonName, Short, Telephone},
};

/// A waiting person to admit, with their roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "door.ts"))]
#[serde(deny_unknown_fields)]
pub struct Admission {
    /// The waiting person.
    pub asking: MemberId,
    /// The roles to assign.
    pub roles: Vec<Role>,
}

/// The alphabet of door codes: no characters that are confused when read aloud or typed at night.
pub const DOOR_CODE_LETTERS: &str = "ACDEFGHJKLMNPQRTUVWXY2346789";

/// The length of a door code: 28^8 exceeds what can be tried in twelve hours at the permitted rate.
pub const DOOR_CODE_CHARS: usize = 8;

/// The door, while it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "door.ts"))]
pub struct DoorRow {
    /// The code to read aloud.
    #[cfg_attr(test, ts(type = "string"))]
    pub code: Short,
    /// The time at which the code expires.
    pub until: Time,
    /// The member who opened it.
    pub by: Actor,
}

/// A person waiting at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "door.ts"))]
pub struct AskerRow {
    /// The member id they would have.
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
    /// The roles they request.
    pub wishes: Vec<Role>,
    /// The audience their device would follow.
    pub face: Audience,
    /// Since when.
    pub since: Time,
    /// The expected member of that name.
    pub expected: Option<MemberId>,
}

kinds! {
    /// The plans.
    wire enum Plan as "DoorPlans" in "door.ts" {
        /// Opens the door with a code; submitted by the server, which generates the code.
        "open_door" => Open {
            #[cfg_attr(test, ts(type = "string"))]
            code: Short,
            until: Time,
        },
        /// Closes the door; people already waiting stay on the list.
        "close_door" => Close {},
        /// Asks at the door to join; submitted by the server.
        "ask_at_door" => Ask {
            #[cfg_attr(test, ts(type = "string"))]
            code: Short,
            asking: MemberId,
            profile: Profile,
            face: Audience,
        },
        /// Admits several waiting people at once.
        "let_in" => LetIn { admissions: Vec<Admission> },
        /// Rejects a waiting person.
        "turn_away" => TurnAway {
            asking: MemberId,
            #[cfg_attr(test, ts(type = "string"))]
            why: Line,
        },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// The door was opened with a code.
        "door_opened/1" => Opened { code: Short, until: Time },
        /// The door was closed.
        "door_closed/1" => Closed {},
        /// A person asked at the door to join.
        "asked_at_door/1" => Asked { asking: MemberId, profile: Profile, face: Audience },
        /// A waiting person was rejected.
        "turned_away/1" => TurnedAway { asking: MemberId, name: PersonName, why: Line },
    }
}
