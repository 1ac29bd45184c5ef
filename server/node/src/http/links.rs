//! Links for one person or screen, made by a lead from the desk.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use proto::{
    entrance::{LinkAnswer, LinkRequest},
    id::RoomId,
    key::Key,
    limit,
    role::{Audience, Ceiling},
    row::Row,
};

use super::{
    Shared,
    error::Failure,
    guard::{Caller, Json},
};
use crate::login::{self, NewInvite, Profile, qr};

/// `POST /api/rooms/{id}/links`.
pub(crate) async fn post(
    State(node): State<Shared>,
    caller: Caller,
    Path(room): Path<String>,
    body: Json<{ limit::BODY_BYTES_MAX }>,
) -> Result<Answer<LinkAnswer>, Failure> {
    let room = caller.room(&room)?;
    let asked: LinkRequest = body.parse()?;
    let by = login::author(&caller.0);
    if !node.hub.may_let_in(room, &by).await? {
        return Err(Failure::NotYours);
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
    let ceiling = match known_as(&node, room, &asked).await? {
        // Another device of a member gets no more rights than the member came in with.
        Some(theirs) if asked.face != Audience::Wall => theirs,
        Some(_) | None => ceiling,
    };
    let new = NewInvite {
        room,
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
        uses: Some(1),
        hours: limit::INVITE_DAYS * 24,
    };
    let made = node.door.invite(new).await?;
    tracing::info!(%room, by = %caller.0.member, face = asked.face.word(), "a link was made");
    let link = format!("{}/join#{}", node.url, made.secret.text());
    let qr = qr::picture(&link).ok_or(Failure::Fault)?;
    Ok(Answer(LinkAnswer { link, qr, expires: made.expires }))
}

/// Returns the rights with which an existing member came in; none for a member yet to come.
async fn known_as(
    node: &Shared,
    room: RoomId,
    asked: &LinkRequest,
) -> Result<Option<Ceiling>, Failure> {
    let Some(member) = asked.member else { return Ok(None) };
    let row = node.hub.row(room, Audience::Desk, Key::Member(member)).await?;
    let Some(Row::DeskMember(known)) = row else { return Ok(None) };
    Ok(Some(known.ceiling))
}
