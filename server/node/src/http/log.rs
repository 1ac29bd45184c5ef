//! Older log lines, for the desk: the rows on a screen hold the latest alone.

use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
};
use proto::{id::Seq, limit, role::Audience, row::log::DeskLog};
use serde::Deserialize;

use super::{Shared, error::Failure, guard::Caller};
use crate::login;

/// What is asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    /// The entry that the lines come before.
    before: Seq,
}

/// `GET /api/rooms/{id}/log?before=`: at most as many lines as a screen shows, the latest first.
pub(crate) async fn get(
    State(node): State<Shared>,
    caller: Caller,
    Path(room): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Vec<DeskLog>>, Failure> {
    let room = caller.room(&room)?;
    let Query(wanted) = wanted.map_err(|bad| Failure::Malformed(bad.body_text()))?;
    let by = login::author(&caller.0);
    let is_desk = caller.0.audience == Audience::Desk;
    if !is_desk || !node.hub.may_follow(room, &by, Audience::Desk).await? {
        return Err(Failure::NotYours);
    }
    Ok(Json(node.hub.log(room, wanted.before, limit::LOG_ROWS).await?))
}
