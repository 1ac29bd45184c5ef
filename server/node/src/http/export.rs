//! Exports over HTTP: recorded in the room's log first, then streamed.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use proto::{
    command::{Command, Envelope},
    export::{self, Export, ExportRequest, Reader},
    id::{CommandId, RoomId, Seq},
    limit,
    outcome::Fate,
    refusal::Code,
    role::Audience,
    text::Line,
};
use takeaway::{Taken, Taking, error::Error};

use super::{
    Shared,
    error::Failure,
    guard::{Caller, Json},
};
use crate::{clock::fresh_id, login};

/// `POST /api/rooms/{id}/exports/{export}`. Not a `GET`, because it writes to the log.
pub(crate) async fn post(
    State(node): State<Shared>,
    caller: Caller,
    Path((room, export)): Path<(String, String)>,
    body: Json<{ limit::BODY_BYTES_MAX }>,
) -> Result<Response, Failure> {
    let room = caller.room(&room)?;
    let export: Export = export.parse().map_err(|_| Failure::NoPage)?;
    node.rates.commands(caller.0.device)?;
    if caller.0.audience != Audience::Desk {
        return Err(Failure::NoExport);
    }
    let ExportRequest { why } = body.parse()?;
    let turn = Arc::clone(&node.exports).try_acquire_owned().map_err(|_| Failure::Busy)?;
    let entry = record(&node, room, &caller, export, why.clone()).await?;
    let taken = Taken {
        export,
        reader: Reader::Member(caller.0.member),
        by: caller.0.profile.name.as_str().to_owned(),
        why,
        at: node.clock.now(),
        entry: Some(entry),
    };
    let taking = Taking::begin(&taken, node.hub.archive(room, entry)).await?;
    let pages = stream::try_unfold((taking, turn), |(mut taking, turn)| async move {
        let page = taking.page().await.inspect_err(|error| {
            // Abort the connection, so that a partial file is never mistaken for a complete one.
            tracing::warn!(%error, export = taking.export().word(), "an export broke off");
        })?;
        Ok::<_, Error>(page.map(|page| (page, (taking, turn))))
    });
    let mut response = Body::from_stream(pages).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(taken.media_type()));
    let name = format!("attachment; filename=\"{}\"", taken.file_name());
    let name = HeaderValue::try_from(name).map_err(|_| Failure::Fault)?;
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// Records an export in its room's log; refused if the member's roles do not allow it.
async fn record(
    node: &Shared,
    room: RoomId,
    caller: &Caller,
    export: Export,
    why: Line,
) -> Result<Seq, Failure> {
    let command = Envelope {
        id: CommandId(fresh_id(&*node.clock)),
        based_on: None,
        happened_at: None,
        late_reason: None,
        command: Command::from(export::Plan::Record { export, why }),
    };
    let fates = node.hub.submit(room, login::author(&caller.0), vec![command]).await?;
    match fates.into_iter().next().map(|told| told.fate) {
        Some(Fate::Ok { seq } | Fate::Dup { seq }) => Ok(seq),
        Some(Fate::Refused(no)) if no.code == Code::NotYours => Err(Failure::NoExport),
        Some(Fate::Refused(no)) => Err(Failure::Malformed(no.words)),
        Some(Fate::Retry { .. }) => Err(Failure::Busy),
        None => Err(Failure::Stopped),
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Room(error) => error.into(),
            Error::TooLong { .. } => Self::TooLong(error.to_string()),
            Error::Csv(_) | Error::Sheet(_) | Error::Json(_) | Error::GivenUp(_) => {
                tracing::error!(%error, "an export failed");
                Self::Fault
            }
        }
    }
}
