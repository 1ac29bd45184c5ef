//! The operator's routes: opening rooms, making links, importing, figures. Only from this machine.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use hub::Author;
use proto::{
    command::{Command, Envelope},
    deadline,
    http::CommandsAnswer,
    id::{CommandId, RoomId},
    incident, limit,
    member::Actor,
    outcome::Fate,
    role::{Audience, Ceiling},
    site,
};

use super::{
    Shared, commands,
    error::Failure,
    guard::{Json, Operator, Received},
};
use crate::{
    clock::fresh_id,
    login::{NewInvite, Profile, admission::derived},
    operator::{Figures, InviteAnswer, InviteRequest, OpenAnswer, OpenRequest, SnapshotFigures},
};

type Body = Json<{ limit::BODY_BYTES_MAX }>;

/// The author of the operator's commands in a room.
const IMPORTER: Author = Author { actor: Actor::Importer, ceiling: None, device: None };

/// `POST /api/operator/open`.
pub(crate) async fn open(
    State(node): State<Shared>,
    _: Operator,
    body: Body,
) -> Result<Answer<OpenAnswer>, Failure> {
    let asked: OpenRequest = body.parse()?;
    let room = asked.room.unwrap_or_else(|| RoomId(fresh_id(&*node.clock)));
    let mut commands = vec![Command::from(incident::Plan::Open { incident: asked.incident })];
    commands.extend(asked.sites.into_iter().map(|site| Command::from(site::Plan::Open { site })));
    commands.extend(asked.deadline.map(|deadline| Command::from(deadline::Plan::Set { deadline })));
    set_up(&node, room, commands).await?;
    tracing::info!(%room, "a room was opened");
    Ok(Answer(OpenAnswer { room }))
}

/// Sets up a room with these commands, idempotently.
pub(super) async fn set_up(
    node: &Shared,
    room: RoomId,
    commands: Vec<Command>,
) -> Result<(), Failure> {
    let numbered = commands.into_iter().zip(0_u128..).map(|(command, number)| {
        let id = CommandId(derived("open", &[room.0.as_bytes(), &number.to_be_bytes()]));
        Envelope { id, based_on: None, happened_at: None, late_reason: None, command }
    });
    let fates = node.hub.submit(room, IMPORTER, numbered.collect()).await?;
    for told in fates {
        match told.fate {
            Fate::Ok { .. } | Fate::Dup { .. } => {}
            Fate::Refused(no) => return Err(Failure::Malformed(no.words)),
            Fate::Retry { .. } => return Err(Failure::Busy),
        }
    }
    Ok(())
}

/// `POST /api/operator/invites`.
pub(crate) async fn invite(
    State(node): State<Shared>,
    _: Operator,
    body: Body,
) -> Result<Answer<InviteAnswer>, Failure> {
    let asked: InviteRequest = body.parse()?;
    if node.hub.head(asked.room).await?.is_none() {
        return Err(Failure::NoRoom);
    }
    let ceiling = match (asked.face, asked.outside) {
        (Audience::Wall, _) => Ceiling::Screen,
        (Audience::Desk | Audience::Phone | Audience::Sitrep, true) => Ceiling::Link,
        (Audience::Desk | Audience::Phone | Audience::Sitrep, false) => Ceiling::Staff,
    };
    if (asked.face == Audience::Wall) != asked.roles.is_empty() {
        let words = "A wall screen has no roles; everybody else has at least one.";
        return Err(Failure::Malformed(words.to_owned()));
    }
    let hours = asked.hours.unwrap_or(limit::INVITE_DAYS * 24);
    if hours <= 0 {
        return Err(Failure::Malformed("A link lasts for at least one hour.".to_owned()));
    }
    let new = NewInvite {
        room: asked.room,
        audience: asked.face,
        ceiling,
        profile: Profile {
            name: asked.name,
            organisation: asked.organisation,
            job: asked.job,
            mobile: asked.mobile,
            roles: asked.roles,
        },
        member: asked.member,
        uses: if asked.many { None } else { Some(1) },
        hours,
    };
    let made = node.door.invite(new).await?;
    let link = format!("{}/join#{}", node.url, made.secret.text());
    Ok(Answer(InviteAnswer { link, member: made.member, expires: made.expires }))
}

/// `GET /api/operator/figures`.
pub(crate) async fn figures(State(node): State<Shared>, _: Operator) -> Answer<Figures> {
    let (asked, packed) = node.snapshots.counts();
    let snapshots = SnapshotFigures { asked, encoded: node.hub.snapshots_encoded(), packed };
    Answer(Figures { snapshots })
}

/// `POST /api/operator/rooms/{id}/commands`.
pub(crate) async fn import(
    received: Received,
    State(node): State<Shared>,
    _: Operator,
    Path(room): Path<String>,
    body: commands::Body,
) -> Result<Answer<CommandsAnswer>, Failure> {
    let room = room.parse().map_err(|_| Failure::NoRoom)?;
    if node.hub.head(room).await?.is_none() {
        return Err(Failure::NoRoom);
    }
    commands::submit(&node, received, room, IMPORTER, &body).await
}
