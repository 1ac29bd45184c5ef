//! The room of the day as of 06:00: the list is imported, and nothing has happened.

use node::{
    client::Client,
    clock::{SystemClock, fresh_id},
    operator::OpenRequest,
};
use proto::{
    command::Command,
    deadline,
    id::{MemberId, PersonId, RoomId, Time},
    incident, limit, member,
    nouns::Plan,
    site,
    text::Line,
    worker,
};

use super::{cast::Cast, error::PlayError, player::Door, story};
use crate::{entrance, harbour_rise};

/// A room in which to play the day, and its links.
#[derive(Debug)]
pub struct Opened {
    /// The room.
    pub room: RoomId,
    pub(super) door: Door,
    /// The effects of the order, once granted.
    pub(super) order: Vec<Command>,
    /// The named social worker of each person, by the roster's ids; named once the team is in.
    pub(super) workers: Vec<(PersonId, MemberId)>,
}

/// Returns the start time of the day's clock.
pub fn begins() -> Result<Time, PlayError> {
    story::moment(story::BEGINS)
}

/// Opens a room on the node at this origin and imports the list, as the operator.
pub async fn open(url: &str, operator: &str) -> Result<Opened, PlayError> {
    let door = Door { url: url.to_owned(), operator: Client::new(url).operator(operator) };
    let room = RoomId(fresh_id(&SystemClock));
    let mut request = None;
    let (mut sites, mut order, mut workers) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = Vec::new();
    for envelope in harbour_rise::opening(room, begins()?)? {
        if let Command::Plan(Plan::Incident(incident::Plan::Open { incident })) = envelope.command {
            request = Some(incident);
        } else if let Command::Plan(Plan::Site(site::Plan::Open { site })) = envelope.command {
            sites.push(site);
        } else if matches!(
            envelope.command,
            Command::Plan(Plan::Deadline(deadline::Plan::Set { .. }))
        ) {
            order.push(envelope.command);
        } else if let Command::Plan(Plan::Worker(worker::Plan::Name { person, worker })) =
            envelope.command
        {
            workers.extend(worker.map(|worker| (person, worker)));
        } else if !matches!(
            envelope.command,
            Command::Plan(Plan::Member(member::Plan::Admit { .. }))
        ) {
            // The team comes in by itself.
            rest.push(envelope);
        }
    }
    let missing = || PlayError::Story("the opening has no incident".to_owned());
    let mut incident = request.ok_or_else(missing)?;
    incident.order = Some(Line::parse("s.30 order applied for, heard at 08:30")?);
    let asked = OpenRequest { room: Some(room), incident, sites, deadline: None };
    door.operator.open(&asked).await?;
    rest.extend(Cast::read(room)?.without_roles());
    let import = |left| async { Ok::<_, PlayError>(door.operator.import(room, left).await?.fates) };
    for batch in rest.chunks(limit::COMMANDS_MAX) {
        entrance::send(batch, import).await?;
    }
    Ok(Opened { room, door, order, workers })
}
