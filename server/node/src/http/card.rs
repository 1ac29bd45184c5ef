//! Cards: one person's, for those who may read it, each reading on record before it is shown.

use axum::{
    Json,
    extract::{Path, State},
};
use proto::person::card::Card;
use serde::Deserialize;

use super::{Shared, error::Failure, guard::Caller, unread::Address};
use crate::login::{self, Reading};

/// How the card is read.
#[derive(Debug, Deserialize)]
pub(crate) struct How {
    /// `opened`, if nothing is said, or `fetched` for one that is fetched ahead.
    #[serde(default = "opened")]
    reading: Reading,
}

const fn opened() -> Reading {
    Reading::Opened
}

/// `GET /api/rooms/{id}/people/{pid}?reading=`.
pub(crate) async fn get(
    State(node): State<Shared>,
    caller: Caller,
    Path((room, person)): Path<(String, String)>,
    Address(how): Address<How>,
) -> Result<Json<Card>, Failure> {
    let room = caller.room(&room)?;
    let person = person.parse().map_err(|_| Failure::NoPerson)?;
    let by = login::author(&caller.0);
    let card = node.hub.card(room, &by, person).await?.ok_or(Failure::NoPerson)?;
    node.door.record(&caller.0, person, how.reading).await.map_err(|error| {
        tracing::warn!(%error, %room, "a reading could not be put on record");
        Failure::Unrecorded
    })?;
    Ok(Json(card))
}
