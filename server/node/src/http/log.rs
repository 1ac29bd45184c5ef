//! Older log lines for the desk: the rows on a screen hold only the latest.

use axum::{
    Json,
    extract::{Path, State},
};
use proto::{id::Seq, limit, log::DeskLog, role::Audience};
use serde::Deserialize;

use super::{Shared, error::Failure, guard::Caller, unread::Address};
use crate::login;

/// The query parameters.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    /// Return lines before this entry.
    before: Seq,
}

/// `GET /api/rooms/{id}/log?before=`: returns at most as many lines as a screen shows, latest first.
pub(crate) async fn get(
    State(node): State<Shared>,
    caller: Caller,
    Path(room): Path<String>,
    Address(wanted): Address<Wanted>,
) -> Result<Json<Vec<DeskLog>>, Failure> {
    let room = caller.room(&room)?;
    let by = login::author(&caller.0);
    let is_desk = caller.0.audience == Audience::Desk;
    if !is_desk || !node.hub.may_follow(room, &by, Audience::Desk).await? {
        return Err(Failure::NotYours);
    }
    Ok(Json(node.hub.log(room, wanted.before, limit::LOG_ROWS).await?))
}
