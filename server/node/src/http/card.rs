//! A person's card, for those with the right to read it; every access is recorded before the card is shown.

use axum::{
    Json,
    extract::{Path, State},
};
use proto::person::card::Card;
use serde::Deserialize;

use super::{Shared, error::Failure, guard::Caller, unread::Address};
use crate::login::{self, Reading};

/// The query parameters.
#[derive(Debug, Deserialize)]
pub(crate) struct How {
    /// `opened` by default, or `fetched` for a card that is prefetched.
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
        tracing::warn!(%error, %room, "cannot record the access to a card");
        Failure::Unrecorded
    })?;
    Ok(Json(card))
}
