//! The directory of homes: searched from the desk, and updated from the regulator's files.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{FromRequest, Request, State},
};
use directory::{Asked, Columns, Refused, Sent, today};
use proto::{
    directory::{FileTaken, HomesAnswer, VacanciesTaken},
    limit::DIRECTORY_BYTES_MAX,
    role::Audience,
};
use serde::Deserialize;

use super::{
    Shared,
    error::Failure,
    guard::{Caller, Octets, Operator},
    unread::Address,
};
use crate::login;

/// A request body with a file.
type Body = Octets<DIRECTORY_BYTES_MAX>;

/// Query parameters of a file upload.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Said {
    /// Its name.
    name: String,
    /// The date of its data.
    day: Option<String>,
}

/// Query parameters of a vacancy list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SaidOfList {
    #[serde(flatten)]
    file: Said,
    /// The name of the list's source.
    source: String,
    #[serde(flatten)]
    columns: Columns,
}

/// `GET /api/homes?type=&category=&authority=&near=&within_miles=&from=&rating=&beds_min=&words=&page=`.
pub(crate) async fn search(
    State(node): State<Shared>,
    caller: Caller,
    Address(asked): Address<Asked>,
) -> Result<Answer<HomesAnswer>, Failure> {
    let (room, by) = (caller.0.room, login::author(&caller.0));
    let is_desk = caller.0.audience == Audience::Desk;
    if !is_desk || !node.hub.may_follow(room, &by, Audience::Desk).await? {
        return Err(Failure::NotYours);
    }
    let index = node.directory.current(&node.door).await?;
    let answer = index.answer(&asked, room, today(node.clock.now()));
    answer.map(Answer).map_err(Failure::Malformed)
}

/// `POST /api/homes/files?name=&day=`: stores one of the regulator's files, as downloaded.
pub(crate) async fn take(
    State(node): State<Shared>,
    caller: Caller,
    said: Address<Said>,
    request: Request,
) -> Result<Answer<FileTaken>, Failure> {
    may_change(&node, &caller).await?;
    let body = Body::from_request(request, &node).await?;
    taken(&node, said, body).await
}

/// `POST /api/operator/homes?name=&day=`: the same, for the operator.
pub(crate) async fn import(
    State(node): State<Shared>,
    _: Operator,
    said: Address<Said>,
    body: Body,
) -> Result<Answer<FileTaken>, Failure> {
    taken(&node, said, body).await
}

async fn taken(
    node: &Shared,
    Address(Said { name, day }): Address<Said>,
    Octets { bytes, place }: Body,
) -> Result<Answer<FileTaken>, Failure> {
    let here = Arc::clone(node);
    // On a slow machine the client may be gone before a large file is parsed; what was begun is finished.
    let taking = tokio::spawn(async move {
        let taken = here.directory.take(&here.door, Sent { name, day, bytes }).await;
        drop(place);
        taken
    });
    let taken = taking.await.map_err(|_| Failure::Fault)??;
    tracing::info!(kind = ?taken.kind, places = taken.places, "stored a file of the directory");
    Ok(Answer(taken))
}

/// `POST /api/homes/vacancies?source=&name=&day=&home=&vacancies=&date=`: stores a vacancy list.
pub(crate) async fn take_vacancies(
    State(node): State<Shared>,
    caller: Caller,
    Address(said): Address<SaidOfList>,
    request: Request,
) -> Result<Answer<VacanciesTaken>, Failure> {
    may_change(&node, &caller).await?;
    let Octets { bytes, place } = Body::from_request(request, &node).await?;
    let SaidOfList { file: Said { name, day }, source, columns } = said;
    let sent = Sent { name, day, bytes };
    let here = Arc::clone(&node);
    // Spawned for the same reason: a half-finished update would be stored and never found.
    let taking = tokio::spawn(async move {
        let taken = here.directory.take_vacancies(&here.door, &source, columns, sent).await;
        drop(place);
        taken
    });
    Ok(Answer(taking.await.map_err(|_| Failure::Fault)??))
}

/// Checked before any of a file is read, so that a caller without the right uses no memory budget.
async fn may_change(node: &Shared, caller: &Caller) -> Result<(), Failure> {
    let (room, by) = (caller.0.room, login::author(&caller.0));
    let is_desk = caller.0.audience == Audience::Desk;
    if is_desk && node.hub.may_add_homes(room, &by).await? {
        Ok(())
    } else {
        Err(Failure::NotYours)
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Fault(fault) => Self::File(fault.to_string()),
            Refused::Words(words) => Self::File(words),
            Refused::Store(error) => {
                tracing::warn!(%error, "the registry did not answer");
                Self::Stopped
            }
            Refused::Spoiled(words) => {
                tracing::error!(words, "the directory of homes is corrupt");
                Self::Fault
            }
        }
    }
}
