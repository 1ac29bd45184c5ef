//! The demo's room with everybody in it, and the links that lead into it.

use std::time::Duration;

use hub::{Author, Clock as _};
use intake::staff;
use node::{
    client::{Client, ClientError},
    clock::{SystemClock, fresh_id},
    operator::InviteRequest,
    wiring::Running,
};
use proto::{
    command::Envelope,
    id::{MemberId, RoomId},
    limit,
    member::{Actor, Profile},
    outcome::Fate,
    role::{Audience, Ceiling, Role},
    text::PersonName,
};
use serde::Serialize;

use crate::harbour_rise;

/// A named social worker at the home, by the label of the invented team.
pub const WORKER: &str = "S15";
/// The lead co-ordinating manager, likewise.
const LEAD: &str = "S01";
/// Hours for which the demo's links last.
const LINK_HOURS: i64 = 30 * 24;
/// How often a batch is sent again when the room is busy.
const TRIES_MAX: u32 = 20;

/// The ways into the demo.
#[derive(Debug, Serialize)]
pub struct Links {
    /// The lead's.
    pub desk: String,
    /// For the incident room.
    pub wall: String,
    /// A social worker's.
    pub phone: String,
    /// A director's.
    pub sitrep: String,
    /// The room that they lead into.
    pub room: RoomId,
}

/// Why the demo's room is not there, or nobody can be let into it.
#[derive(Debug, thiserror::Error)]
pub enum EntranceError {
    /// The files of the home cannot be read.
    #[error(transparent)]
    Files(#[from] intake::Error),
    /// The node did not make a link.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Another reason.
    #[error("{0}")]
    Words(String),
}

/// Returns the room of a folder that was used before.
pub async fn known_room(running: &Running) -> Result<Option<RoomId>, EntranceError> {
    let rooms = running.journal().rooms().await;
    let rooms = rooms.map_err(|error| EntranceError::Words(error.to_string()))?;
    Ok(rooms.first().copied())
}

/// Opens the room and brings in its people, as the importer does, and what its team has recorded.
pub async fn set_up(running: &Running) -> Result<RoomId, EntranceError> {
    let room = RoomId(fresh_id(&SystemClock));
    let now = SystemClock.now();
    let importer = Author { actor: Actor::Importer, ceiling: None, device: None };
    for batch in harbour_rise::envelopes(room, now)?.chunks(limit::COMMANDS_MAX) {
        send(running, room, importer, batch).await?;
    }
    for (member, fact) in harbour_rise::in_hospital(room, now)? {
        let actor = Actor::Member(member);
        let by = Author { actor, ceiling: Some(Ceiling::Staff), device: None };
        send(running, room, by, &[fact]).await?;
    }
    Ok(room)
}

/// Sends a batch until all of it is decided. A refusal is a fault of the demo.
async fn send(
    running: &Running,
    room: RoomId,
    by: Author,
    batch: &[Envelope],
) -> Result<(), EntranceError> {
    for _ in 0..TRIES_MAX {
        let fates = running.hub().submit(room, by, batch.to_vec()).await;
        let fates = fates.map_err(|error| EntranceError::Words(error.to_string()))?;
        let mut is_decided = true;
        for told in fates {
            match told.fate {
                Fate::Ok { .. } | Fate::Dup { .. } => {}
                Fate::Refused(no) => {
                    let words = format!("Harbour Rise does not fit the rules: {}", no.words);
                    return Err(EntranceError::Words(words));
                }
                Fate::Retry { after_ms, .. } => {
                    is_decided = false;
                    tokio::time::sleep(Duration::from_millis(after_ms)).await;
                }
            }
        }
        if is_decided {
            return Ok(());
        }
    }
    Err(EntranceError::Words("the demo's room stayed busy".to_owned()))
}

/// Makes the four links, through the operator's own way in; the phone's is for the worker as this member.
pub async fn links(
    running: &Running,
    room: RoomId,
    worker_is: MemberId,
) -> Result<Links, EntranceError> {
    let node = Client::new(running.url()).operator(&running.operator_token());
    let named = |name: &str, roles| -> Result<Profile, EntranceError> {
        let name =
            PersonName::parse(name).map_err(|error| EntranceError::Words(error.to_string()))?;
        Ok(Profile { name, organisation: None, job: None, mobile: None, roles })
    };
    let (lead, (_, worker)) = (colleague(room, LEAD)?, colleague(room, WORKER)?);
    let director = named("Harriet Oakley", vec![Role::Director])?;
    let wall = named("Wall screen, incident room", Vec::new())?;
    let link = async |face, profile: Profile, member| {
        let request = InviteRequest {
            room,
            face,
            name: profile.name,
            organisation: profile.organisation,
            job: profile.job,
            mobile: profile.mobile,
            roles: profile.roles,
            outside: false,
            many: true,
            hours: Some(LINK_HOURS),
            member,
        };
        node.invite(&request).await.map(|made| made.link)
    };
    Ok(Links {
        desk: link(Audience::Desk, lead.1, Some(lead.0)).await?,
        wall: link(Audience::Wall, wall, None).await?,
        phone: link(Audience::Phone, worker, Some(worker_is)).await?,
        sitrep: link(Audience::Sitrep, director, None).await?,
        room,
    })
}

/// Returns one of the invented team.
fn colleague(room: RoomId, label: &str) -> Result<(MemberId, Profile), EntranceError> {
    let team = staff::read(harbour_rise::STAFF)
        .map_err(|error| EntranceError::Words(error.to_string()))?;
    let found = team.into_iter().find(|colleague| colleague.label == label);
    let found =
        found.ok_or_else(|| EntranceError::Words(format!("nobody of the team is {label}")))?;
    Ok((staff::id(room, label), found.profile))
}
