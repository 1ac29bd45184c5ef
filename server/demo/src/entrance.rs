//! The demo's room with everybody in it, and the links that lead into it.

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

/// A named social worker at the home, by the label of the invented team.
pub const WORKER: &str = "S15";
/// The lead co-ordinating manager, likewise.
const LEAD: &str = "S01";
/// Hours for which the demo's links last.
const LINK_HOURS: i64 = 30 * 24;

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

/// Returns the room of a folder that was used before.
pub async fn known_room(running: &Running) -> Result<Option<RoomId>, PlayError> {
    let rooms = running.journal().rooms().await;
    let rooms = rooms.map_err(|error| PlayError::Story(error.to_string()))?;
    Ok(rooms.first().copied())
}

/// Opens the room and brings in its people, as the importer does, and what its team has recorded.
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

/// Sends a batch until all of it is taken. A refusal is a fault of the demo.
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

/// Makes the four links, through the operator's own way in; the phone's is for the worker as this member.
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

/// Returns one of the invented team.
fn colleague(room: RoomId, label: &str) -> Result<(MemberId, Profile), PlayError> {
    let team =
        staff::read(harbour_rise::STAFF).map_err(|error| PlayError::Story(error.to_string()))?;
    let found = team.into_iter().find(|colleague| colleague.label == label);
    let found = found.ok_or_else(|| PlayError::Story(format!("nobody of the team is {label}")))?;
    Ok((staff::id(room, label), found.profile))
}
