//! Duty managers: they open and lead rooms at any hour, from a page of their own.

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use proto::{
    command::Command,
    deadline,
    entrance::{DutyEnter, DutyManager, DutyOpen, LinkAnswer},
    id::{MemberId, RoomId, SiteId},
    incident, limit,
    role::{Audience, Ceiling, Role},
    site::{self, Site, SiteKind},
    text::Short,
};

use super::{
    Shared,
    error::Failure,
    guard::{self, Json, Operator, Source},
    operator,
};
use crate::{
    login::{
        self, NewInvite, Profile, RedeemError, Shelf, admission::derived, cookie, qr,
        secret::Secret,
    },
    operator::{DutyAnswer, DutyEnd, DutyRequest},
};

type Body = Json<{ limit::BODY_BYTES_MAX }>;

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// `POST /api/operator/duty`: makes a link for opening rooms.
pub(crate) async fn make(
    State(node): State<Shared>,
    _: Operator,
    body: Body,
) -> Result<Answer<DutyAnswer>, Failure> {
    let asked: DutyRequest = body.parse()?;
    let days = asked.days.unwrap_or(limit::DUTY_DAYS);
    if !(1..=limit::DUTY_DAYS).contains(&days) {
        let words = "A duty manager's link lasts for one to ninety days.";
        return Err(Failure::Malformed(words.to_owned()));
    }
    let until = node.clock.now().plus_ms(days * DAY_MS);
    let (name, organisation, mobile) = (asked.name, asked.organisation, asked.mobile);
    let secret = Secret::fresh(&*node.clock);
    let manager = DutyManager { name, organisation, mobile, until };
    node.door.keep(Shelf::DutyManager, &login::key(&secret), &manager).await?;
    Ok(Answer(DutyAnswer { link: format!("{}/open#{}", node.url, secret.text()), until }))
}

/// `POST /api/operator/duty/end`: revokes such a link.
pub(crate) async fn end(
    State(node): State<Shared>,
    _: Operator,
    body: Body,
) -> Result<Answer<bool>, Failure> {
    let asked: DutyEnd = body.parse()?;
    let secret = asked.link.rsplit('#').next().and_then(Secret::parse);
    let secret = secret.ok_or(Failure::Invite(RedeemError::Unknown))?;
    Ok(Answer(node.door.discard(Shelf::DutyManager, &login::key(&secret)).await?))
}

/// `POST /api/duty/enter`: signs the link's holder in on this device.
pub(crate) async fn enter(
    State(node): State<Shared>,
    Source(from): Source,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    guard::not_foreign(&node, &headers)?;
    node.rates.may_redeem(from)?;
    let asked: DutyEnter = body.parse()?;
    let secret = Secret::parse(&asked.secret);
    let found = match &secret {
        Some(secret) => known(&node, secret).await?,
        None => None,
    };
    let (Some(secret), Some(manager)) = (secret, found) else {
        node.rates.failed_to_redeem(from);
        return Err(Failure::Invite(RedeemError::Unknown));
    };
    let left_s = manager.until.since_ms(node.clock.now()) / 1000;
    let mut response = Answer(manager).into_response();
    let age_s = u32::try_from(left_s).unwrap_or(u32::MAX);
    let given = cookie::give_named(cookie::DUTY, &secret, age_s).ok_or(Failure::Fault)?;
    response.headers_mut().append(header::SET_COOKIE, given);
    Ok(response)
}

/// `GET /api/duty`: returns the duty manager of this device.
pub(crate) async fn get(
    State(node): State<Shared>,
    headers: HeaderMap,
) -> Result<Answer<DutyManager>, Failure> {
    let secret = cookie::named(&headers, cookie::DUTY).ok_or(Failure::NoLogin)?;
    manager(&node, &secret).await.map(Answer)
}

/// `POST /api/duty/rooms`: opens a room, and returns the link for its lead.
pub(crate) async fn open(
    State(node): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Answer<LinkAnswer>, Failure> {
    guard::not_foreign(&node, &headers)?;
    let secret = cookie::named(&headers, cookie::DUTY).ok_or(Failure::NoLogin)?;
    let manager = manager(&node, &secret).await?;
    let asked: DutyOpen = body.parse()?;
    let mine = secret.hash();
    let mut half = [0; 16];
    half.iter_mut().zip(mine).for_each(|(byte, of)| *byte = of);
    let id = |kind| derived(kind, &[&half, asked.request.as_bytes()]);
    let room = RoomId(id("duty room"));
    let site = |kind, name, word, address| Site { site: SiteId(id(word)), name, kind, address };
    let incident_room = Short::parse("Incident room").map_err(|_| Failure::Fault)?;
    let home = asked.incident.title.clone();
    let mut commands = vec![
        Command::from(incident::Plan::Open { incident: asked.incident }),
        Command::from(site::Plan::Open {
            site: site(SiteKind::Home, home, "home site", asked.address),
        }),
        Command::from(site::Plan::Open {
            site: site(SiteKind::IncidentRoom, incident_room, "room site", None),
        }),
    ];
    commands.extend(asked.deadline.map(|deadline| Command::from(deadline::Plan::Set { deadline })));
    operator::set_up(&node, room, commands).await?;
    let new = NewInvite {
        room,
        audience: Audience::Desk,
        ceiling: Ceiling::Staff,
        profile: Profile {
            name: manager.name,
            organisation: manager.organisation,
            job: None,
            mobile: manager.mobile,
            roles: vec![Role::Lead],
        },
        member: Some(MemberId(id("duty member"))),
        uses: Some(1),
        hours: 1,
    };
    let made = node.door.invite(new).await?;
    tracing::info!(%room, "a duty manager opened a room");
    let link = format!("{}/join#{}", node.url, made.secret.text());
    let qr = qr::picture(&link).ok_or(Failure::Fault)?;
    Ok(Answer(LinkAnswer { link, qr, expires: made.expires }))
}

/// Returns the duty manager with a secret.
async fn manager(node: &Shared, secret: &Secret) -> Result<DutyManager, Failure> {
    known(node, secret).await?.ok_or(Failure::NoLogin)
}

/// Returns the duty manager with a secret, unless the link has expired.
async fn known(node: &Shared, secret: &Secret) -> Result<Option<DutyManager>, Failure> {
    let kept: Option<DutyManager> = node.door.kept(Shelf::DutyManager, &login::key(secret)).await?;
    Ok(kept.filter(|manager| node.clock.now() < manager.until))
}
