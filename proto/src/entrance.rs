//! Bodies of requests and answers about joining: links, the door code, a duty manager's own page.

use serde::{Deserialize, Serialize};

use crate::{
    deadline::Deadline,
    http::Me,
    id::{MemberId, Time},
    incident::Incident,
    role::{Audience, Role},
    text::{Line, PersonName, Short, Telephone},
};

/// `POST /api/rooms/{id}/links`: a link for one person or screen, created by a member who leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    /// The face that it opens.
    pub face: Audience,
    /// The person it is for; for a wall screen, its location.
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
    /// Whether the person is from outside, so that the link caps what the roles may do.
    pub outside: bool,
    /// The member it is for: a member of the room with another device, or one expected on the roster.
    pub member: Option<MemberId>,
}

/// The link, returned only once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
pub struct LinkAnswer {
    /// The link.
    pub link: String,
    /// The same as a QR code: SVG.
    pub qr: String,
    /// When it expires.
    pub expires: Time,
}

impl std::fmt::Debug for LinkAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkAnswer { … }")
    }
}

/// `POST /api/rooms/{id}/door`: opens the door with a fresh code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
#[serde(deny_unknown_fields)]
pub struct DoorRequest {
    /// For how many hours, at most twelve.
    pub hours: u8,
}

/// The open door; the desk's rows hold the code too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
pub struct DoorAnswer {
    /// The code.
    pub code: String,
    /// The page on which it is typed.
    pub link: String,
    /// The page with the code, as a QR code: SVG.
    pub qr: String,
    /// When it expires.
    pub until: Time,
}

/// `POST /api/door/ask`: asks for admission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
#[serde(deny_unknown_fields)]
pub struct AskRequest {
    /// The code as typed; case, spaces and hyphens do not matter.
    pub code: String,
    /// The applicant's name.
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
    /// The roles that the applicant expects; the lead decides.
    pub wishes: Vec<Role>,
    /// The face that this device would open: desk or phone.
    pub face: Audience,
}

/// The state of a device at the door: the answer to `POST /api/door/ask` and `POST /api/door/enter`.
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
    /// Admitted: the device has its login.
    In {
        /// Its identity in the room.
        me: Me,
    },
    /// Turned away; the log has the reason.
    TurnedAway,
    /// This device is not waiting at any door.
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

/// Who may open rooms on this device: the answer to `GET /api/duty` and to `POST /api/duty/enter`.
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
    /// When the link expires.
    pub until: Time,
}

/// `POST /api/duty/rooms`: a duty manager opens a room and leads it until another member does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "entrance.ts"))]
#[serde(deny_unknown_fields)]
pub struct DutyOpen {
    /// Created by the page once for each room, so that a second tap opens no second room.
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
