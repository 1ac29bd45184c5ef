//! Sets up the demo's room with its people and team, and makes the links into it.

use hub::{Author, Clock as _};
use intake::staff;
use node::{
    batch,
    client::Client,
    clock::{SystemClock, fresh_id},
    operator::InviteRequest,
    wiring::Running,
};
use proto::{
    command::Envelope,
    id::{MemberId, RoomId},
    limit,
    member::{Actor, Profile},
    outcome::{CommandFate, Fate},
    role::{Audience, Ceiling, Role},
    text::PersonName,
};
use serde::Serialize;

use crate::{harbour_rise, play::PlayError};

/// The label of a named social worker at the home.
pub const WORKER: &str = "S15";
/// The label of the lead co-ordinating manager.
const LEAD: &str = "S01";
/// Hours until the demo's links expire.
const LINK_HOURS: i64 = 30 * 24;

/// The links into the demo.
#[derive(Debug, Serialize)]
pub struct Links {
    /// The lead's desk.
    pub desk: String,
    /// The wall screen in the incident room.
    pub wall: String,
    /// A social worker's phone.
    pub phone: String,
    /// A director's sitrep.
    pub sitrep: String,
    /// The room.
    pub room: RoomId,
}

/// Returns the room of a folder that was used before.
pub async fn known_room(running: &Running) -> Result<Option<RoomId>, PlayError> {
    let rooms = running.journal().rooms().await;
    let rooms = rooms.map_err(|error| PlayError::Story(error.to_string()))?;
    Ok(rooms.first().copied())
}

/// Opens the room, imports its people and records what its team has done.
pub async fn set_up(running: &Running) -> Result<RoomId, PlayError> {
    let room = RoomId(fresh_id(&SystemClock));
    let now = SystemClock.now();
    let importer = Author { actor: Actor::Importer, ceiling: None, device: None };
    let submit = |by, left| async move {
        let fates = running.hub().submit(room, by, left).await;
        fates.map_err(|error| PlayError::Story(error.to_string()))
    };
    for batch in harbour_rise::envelopes(room, now)?.chunks(limit::COMMANDS_MAX) {
        send(batch, |left| submit(importer, left)).await?;
    }
    for (member, fact) in harbour_rise::in_hospital(room, now)? {
        let actor = Actor::Member(member);
        let by = Author { actor, ceiling: Some(Ceiling::Staff), device: None };
        send(&[fact], |left| submit(by, left)).await?;
    }
    Ok(room)
}

/// Sends a batch, retrying while the room is busy. A refusal is a bug in the demo.
pub(crate) async fn send<Sent: Future<Output = Result<Vec<CommandFate>, PlayError>>>(
    commands: &[Envelope],
    submit: impl Fn(Vec<Envelope>) -> Sent,
) -> Result<(), PlayError> {
    let mut wrong = None;
    let all = batch::send(commands, submit, |_, fate| {
        if let Fate::Refused(no) = fate {
            wrong = Some(no.words);
        }
    });
    let busy = (!all.await?).then(|| "its room stayed busy".to_owned());
    wrong.or(busy).map_or(Ok(()), |words| Err(PlayError::Story(words)))
}

/// Makes the four links through the operator's API; the phone's link is for the worker with this member id.
pub async fn links(
    running: &Running,
    room: RoomId,
    worker_is: MemberId,
) -> Result<Links, PlayError> {
    let node = Client::new(running.url()).operator(&running.operator_token());
    let named = |name: &str, roles| -> Result<Profile, PlayError> {
        let name = PersonName::parse(name)?;
        Ok(Profile { name, organisation: None, job: None, mobile: None, roles })
    };
    let (lead, (_, worker)) = (colleague(room, LEAD)?, colleague(room, WORKER)?);
    let director = named("Harriet Oakley", vec![Role::Director])?;
    let wall = named("Wall screen, incident room", Vec::new())?;
    let link = async |face, profile: Profile, member| {
        let request = InviteRequest {
            many: true,
            hours: Some(LINK_HOURS),
            member,
            ..InviteRequest::of(room, face, profile)
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

/// Returns a member of the fictional team.
fn colleague(room: RoomId, label: &str) -> Result<(MemberId, Profile), PlayError> {
    let team =
        staff::read(harbour_rise::STAFF).map_err(|error| PlayError::Story(error.to_string()))?;
    let found = team.into_iter().find(|colleague| colleague.label == label);
    let found = found.ok_or_else(|| PlayError::Story(format!("nobody of the team is {label}")))?;
    Ok((staff::id(room, label), found.profile))
}
