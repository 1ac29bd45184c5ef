//! Bodies of requests and answers about getting in: links, the door code, a duty manager's own page.

use serde::{Deserialize, Serialize};

use crate::{
    deadline::Deadline,
    http::Me,
    id::{MemberId, Time},
    incident::Incident,
    role::{Audience, Role},
    text::{Line, PersonName, Short, Telephone},
};

/// `POST /api/rooms/{id}/links`: a link for one person or screen, made by whoever leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    /// The face it opens.
    pub face: Audience,
    /// Who it is for; for a wall screen, where that hangs.
    #[cfg_attr(test, ts(type = "string"))]
    pub name: PersonName,
    /// The organisation.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub organisation: Option<Short>,
    /// The job.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub job: Option<Short>,
    /// The mobile telephone.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub mobile: Option<Telephone>,
    /// The roles in the room; none for a wall screen.
    pub roles: Vec<Role>,
    /// Whether they come from outside, so that the link caps what the roles may do.
    pub outside: bool,
    /// The member it is for: one of the room with another device, or one whom the roster expects.
    pub member: Option<MemberId>,
}

/// The link, told this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
pub struct LinkAnswer {
    /// The link.
    pub link: String,
    /// The same as a picture to photograph: SVG.
    pub qr: String,
    /// When it ends.
    pub expires: Time,
}

impl std::fmt::Debug for LinkAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkAnswer { … }")
    }
}

/// `POST /api/rooms/{id}/door`: opens the door by a fresh code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
#[serde(deny_unknown_fields)]
pub struct DoorRequest {
    /// For how many hours, at most twelve.
    pub hours: u8,
}

/// The door is open; the code stands in the desk's rows too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
pub struct DoorAnswer {
    /// The code.
    pub code: String,
    /// Where it is typed.
    pub link: String,
    /// The same, code and all, as a picture to photograph: SVG.
    pub qr: String,
    /// The moment from which it opens nothing.
    pub until: Time,
}

/// `POST /api/door/ask`: asks to be let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
#[serde(deny_unknown_fields)]
pub struct AskRequest {
    /// The code as it was typed; case, spaces and hyphens do not matter.
    pub code: String,
    /// Who asks.
    #[cfg_attr(test, ts(type = "string"))]
    pub name: PersonName,
    /// The organisation.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub organisation: Option<Short>,
    /// The job.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub job: Option<Short>,
    /// The mobile telephone.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub mobile: Option<Telephone>,
    /// The roles they think they have; the lead gives them or others.
    pub wishes: Vec<Role>,
    /// What this device would open: desk or phone.
    pub face: Audience,
}

/// How somebody at the door stands: the answer to asking, and to `POST /api/door/enter`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum AtDoor {
    /// The lead has not answered.
    Waiting {
        /// The room's title.
        #[cfg_attr(test, ts(type = "string"))]
        title: Short,
    },
    /// Let in: the device has its login.
    In {
        /// Who they are there.
        me: Me,
    },
    /// Turned away; the log says why.
    TurnedAway,
    /// This device does not wait at any door.
    NotAsking,
}

/// `POST /api/duty/enter`: the secret of a duty manager's link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
#[serde(deny_unknown_fields)]
pub struct DutyEnter {
    /// The secret.
    pub secret: String,
}

impl std::fmt::Debug for DutyEnter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DutyEnter { … }")
    }
}

/// Who may open rooms on this device: the answer to `GET /api/duty` and to entering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
pub struct DutyManager {
    /// Name.
    #[cfg_attr(test, ts(type = "string"))]
    pub name: PersonName,
    /// Organisation.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub organisation: Option<Short>,
    /// Mobile telephone.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub mobile: Option<Telephone>,
    /// The moment from which the link opens nothing.
    pub until: Time,
}

/// `POST /api/duty/rooms`: a duty manager opens a room and leads it until somebody else does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
#[serde(deny_unknown_fields)]
pub struct DutyOpen {
    /// Made by the page once for each room, so that a second tap opens no second room.
    #[cfg_attr(test, ts(type = "string"))]
    pub request: uuid::Uuid,
    /// What is known of the incident.
    pub incident: Incident,
    /// The address of the failing service.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub address: Option<Line>,
    /// When the premises must be empty.
    pub deadline: Option<Deadline>,
}
