//! Bodies of requests and answers.

use serde::{Deserialize, Serialize};

use crate::{
    command::Envelope,
    id::{MemberId, RoomId},
    outcome::CommandFate,
    role::{Audience, Role},
    text::{PersonName, Short},
};

/// `POST /api/rooms/{id}/commands`: 1 to 50 commands, in order of creation (I-10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "http.ts"))]
#[serde(deny_unknown_fields)]
pub struct CommandsRequest {
    /// The commands.
    pub commands: Vec<Envelope>,
}

/// The answer: the fate of each decided command, in order. Nothing follows a `retry`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "http.ts"))]
pub struct CommandsAnswer {
    /// The fates.
    pub fates: Vec<CommandFate>,
}

/// `POST /api/invites/redeem`: the secret from the link's fragment.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "http.ts"))]
#[serde(deny_unknown_fields)]
pub struct RedeemRequest {
    /// The secret.
    pub secret: String,
}

impl std::fmt::Debug for RedeemRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedeemRequest { … }")
    }
}

/// The identity of this face: the answer to a redeemed invite and to `GET /api/me?face=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "http.ts"))]
pub struct Me {
    /// The room.
    pub room: RoomId,
    /// The audience of this face.
    pub audience: Audience,
    /// The member; none for a screen.
    pub member: Option<MemberId>,
    /// The member's name.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub name: Option<PersonName>,
    /// The screen's label.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub label: Option<Short>,
    /// The member's roles when the invite was created; the roster's rows have the current ones.
    pub roles: Vec<Role>,
}

/// Every error answer: a code for programs and words for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "http.ts"))]
pub struct ErrorAnswer {
    /// The code.
    pub error: String,
    /// The words.
    pub words: String,
}
