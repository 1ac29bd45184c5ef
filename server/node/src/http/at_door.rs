//! The door: opened by the lead with a code, asked at by anybody with the code, entered once the lead
//! approves.

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use hub::Author;
use proto::{
    command::{Command, Envelope},
    door::{self, DOOR_CODE_CHARS, DOOR_CODE_LETTERS},
    entrance::{AskRequest, AtDoor, DoorAnswer, DoorRequest},
    id::{CommandId, MemberId, RoomId, Time},
    key::Key,
    limit,
    member::{Actor, DeskMember, Profile},
    outcome::Fate,
    role::Audience,
    row::Row,
    text::Short,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Shared,
    error::Failure,
    guard::{self, Caller, Json, Source},
};
use crate::{
    clock::fresh_id,
    login::{self, NewInvite, RedeemError, Shelf, admission, cookie, qr, secret::Secret},
};

type Body = Json<{ limit::BODY_BYTES_MAX }>;

/// Milliseconds of an hour.
const HOUR_MS: i64 = 60 * 60 * 1000;
/// Seconds that a browser remembers a pending request.
const ASKING_S: u32 = 12 * 60 * 60;
/// How often a device may fetch the login that it was granted: a response may get lost.
const TAKES_MAX: u32 = 5;

/// A door code in the registry, keyed by its hash.
#[derive(Debug, Serialize, Deserialize)]
struct Opened {
    room: RoomId,
    until: Time,
}

/// A waiting device, keyed by the hash of its secret.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Asking {
    room: RoomId,
    member: MemberId,
    face: Audience,
}

/// `POST /api/rooms/{id}/door`.
pub(crate) async fn open(
    State(node): State<Shared>,
    caller: Caller,
    Path(room): Path<String>,
    body: Body,
) -> Result<Answer<DoorAnswer>, Failure> {
    let room = caller.room(&room)?;
    let asked: DoorRequest = body.parse()?;
    let hours = i64::from(asked.hours);
    if !(1..=limit::DOOR_HOURS).contains(&hours) {
        return Err(Failure::Malformed("A door code opens for one to twelve hours.".to_owned()));
    }
    let by = login::author(&caller.0);
    if !node.hub.may_let_in(room, &by).await? {
        return Err(Failure::NotYours);
    }
    let code = fresh_code(&node);
    let until = node.clock.now().plus_ms(hours * HOUR_MS);
    node.door.keep(Shelf::DoorCode, &hashed(&code), &Opened { room, until }).await?;
    let short = Short::parse(&code).map_err(|_| Failure::Fault)?;
    let done = does(&node, room, by, Command::from(door::Plan::Open { code: short, until })).await;
    if let Err(failure) = done {
        node.door.discard(Shelf::DoorCode, &hashed(&code)).await?;
        return Err(failure);
    }
    let link = format!("{}/door", node.url);
    let qr = qr::picture(&format!("{link}#{code}")).ok_or(Failure::Fault)?;
    Ok(Answer(DoorAnswer { code, link, qr, until }))
}

/// `POST /api/door/ask`.
pub(crate) async fn ask(
    State(node): State<Shared>,
    Source(from): Source,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    guard::not_foreign(&node, &headers)?;
    node.rates.may_redeem(from)?;
    if let Some(seconds) = node.door.shut_for_s().await? {
        return Err(Failure::TooMany(seconds));
    }
    let asked: AskRequest = body.parse()?;
    let code = spelled(&asked.code);
    let opened: Option<Opened> = node.door.kept(Shelf::DoorCode, &hashed(&code)).await?;
    let Some(opened) = opened.filter(|opened| node.clock.now() < opened.until) else {
        node.rates.failed_to_redeem(from);
        node.door.wrong_code().await?;
        return Err(Failure::NoDoor);
    };
    let room = opened.room;
    if let Some((_, former)) = asking(&node, &headers).await?
        && former.room == room
        && node.hub.row(room, Audience::Desk, Key::Asker(former.member)).await?.is_some()
    {
        return Ok(Answer(waiting(&node, room).await?).into_response());
    }
    let secret = Secret::fresh(&*node.clock);
    let member = MemberId(fresh_id(&*node.clock));
    let kept = Asking { room, member, face: asked.face };
    node.door.keep(Shelf::Asking, &login::key(&secret), &kept).await?;
    let command = Command::from(door::Plan::Ask {
        code: Short::parse(&code).map_err(|_| Failure::NoDoor)?,
        asking: member,
        profile: Profile {
            name: asked.name,
            organisation: asked.organisation,
            job: asked.job,
            mobile: asked.mobile,
            roles: asked.wishes,
        },
        face: asked.face,
    });
    let system = Author { actor: Actor::System, ceiling: None, device: None };
    if let Err(failure) = does(&node, room, system, command).await {
        node.door.discard(Shelf::Asking, &login::key(&secret)).await?;
        return Err(failure);
    }
    tracing::info!(%room, asking = %member, "a device asks at the door");
    let mut response = Answer(waiting(&node, room).await?).into_response();
    let given = cookie::give_named(cookie::ASKING, &secret, ASKING_S).ok_or(Failure::Fault)?;
    response.headers_mut().append(header::SET_COOKIE, given);
    Ok(response)
}

/// `POST /api/door/enter`: returns the state of this device's request, and its login once approved.
pub(crate) async fn enter(
    State(node): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    guard::not_foreign(&node, &headers)?;
    let Some((secret, kept)) = asking(&node, &headers).await? else {
        return Ok(Answer(AtDoor::NotAsking).into_response());
    };
    let (room, member) = (kept.room, kept.member);
    if node.hub.row(room, Audience::Desk, Key::Asker(member)).await?.is_some() {
        return Ok(Answer(waiting(&node, room).await?).into_response());
    }
    let row = node.hub.row(room, Audience::Desk, Key::Member(member)).await?;
    let Some(Row::DeskMember(known)) = row else {
        node.door.discard(Shelf::Asking, &login::key(&secret)).await?;
        return forget(AtDoor::TurnedAway);
    };
    let invite = secret.derived("let in");
    node.door.invite_by(&invite, let_in(&kept, known)).await?;
    match node.door.redeem(&invite).await? {
        Ok((login, token)) => {
            let mut response = forget(AtDoor::In { me: admission::me(&login) })?;
            let given = cookie::give(login.audience, &token).ok_or(Failure::Fault)?;
            response.headers_mut().append(header::SET_COOKIE, given);
            tracing::info!(device = %login.device, %room, "a device came in by the door");
            Ok(response)
        }
        Err(RedeemError::Unknown | RedeemError::Expired | RedeemError::Used) => {
            node.door.discard(Shelf::Asking, &login::key(&secret)).await?;
            forget(AtDoor::NotAsking)
        }
    }
}

/// Returns the invite that gives an approved device its login.
fn let_in(kept: &Asking, known: DeskMember) -> NewInvite {
    NewInvite {
        room: kept.room,
        audience: kept.face,
        ceiling: known.ceiling,
        profile: login::Profile {
            name: known.name,
            organisation: known.organisation,
            job: known.job,
            mobile: known.mobile,
            roles: known.roles,
        },
        member: Some(kept.member),
        uses: Some(TAKES_MAX),
        hours: limit::DOOR_HOURS,
    }
}

/// Answers, and clears the waiting device's cookie.
fn forget(answer: AtDoor) -> Result<Response, Failure> {
    let mut response = Answer(answer).into_response();
    let taken = cookie::take_named(cookie::ASKING).ok_or(Failure::Fault)?;
    response.headers_mut().append(header::SET_COOKIE, taken);
    Ok(response)
}

/// Returns the waiting device of this request and its secret.
async fn asking(node: &Shared, headers: &HeaderMap) -> Result<Option<(Secret, Asking)>, Failure> {
    let Some(secret) = cookie::named(headers, cookie::ASKING) else { return Ok(None) };
    let kept = node.door.kept(Shelf::Asking, &login::key(&secret)).await?;
    Ok(kept.map(|kept| (secret, kept)))
}

async fn waiting(node: &Shared, room: RoomId) -> Result<AtDoor, Failure> {
    match node.hub.row(room, Audience::Phone, Key::Incident).await? {
        Some(Row::PhoneIncident(incident)) => Ok(AtDoor::Waiting { title: incident.title }),
        _ => Err(Failure::NoRoom),
    }
}

/// Submits one command that must be accepted.
async fn does(node: &Shared, room: RoomId, by: Author, command: Command) -> Result<(), Failure> {
    let id = CommandId(fresh_id(&*node.clock));
    let envelope = Envelope { id, based_on: None, happened_at: None, late_reason: None, command };
    let fates = node.hub.submit(room, by, vec![envelope]).await?;
    match fates.into_iter().next().map(|told| told.fate) {
        Some(Fate::Ok { .. } | Fate::Dup { .. }) => Ok(()),
        Some(Fate::Refused(no)) => Err(Failure::Refused(no.words)),
        Some(Fate::Retry { .. }) | None => Err(Failure::Busy),
    }
}

/// Returns an unused code.
fn fresh_code(node: &Shared) -> String {
    let letters: Vec<char> = DOOR_CODE_LETTERS.chars().collect();
    let dice = node.clock.dice().into_iter().chain(node.clock.dice()).chain(node.clock.dice());
    // Combining three random bytes avoids modulo bias: 2^24 is far larger than 28.
    let dice: Vec<u8> = dice.collect();
    let thrown = dice.chunks_exact(3).take(DOOR_CODE_CHARS);
    let places = thrown.map(|three| three.iter().fold(0, |sum, die| sum * 256 + usize::from(*die)));
    places.filter_map(|place| letters.get(place % letters.len())).collect()
}

/// Normalises a code as typed.
fn spelled(typed: &str) -> String {
    let meant = typed.chars().filter(char::is_ascii_alphanumeric);
    meant.map(|c| c.to_ascii_uppercase()).take(2 * DOOR_CODE_CHARS).collect()
}

/// Returns the storage key of a code.
fn hashed(code: &str) -> String {
    login::hex(&Sha256::digest(code.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_accepted_in_any_spelling() {
        assert_eq!(spelled(" acde-fghj "), "ACDEFGHJ");
        assert_eq!(spelled("ac de fg hj"), "ACDEFGHJ");
        assert_eq!(spelled(&"é".repeat(999)), "");
        assert!(spelled(&"a".repeat(999)).len() <= 16);
    }
}
