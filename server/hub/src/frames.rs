//! Frames: rows of the touched keys, encoded once for each audience.

use bytes::Bytes;
use proto::{
    frame::{Rows, ServerFrame},
    id::{Cursor, RoomId, Seq},
    role::Audience,
    row::Put,
};
use room::{Room, Touched};

use crate::{error::Error, ring::Framed};

/// Every row of a room for one audience, as the client fetches it.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Its position.
    pub cursor: Cursor,
    /// The JSON of [`Rows`], with `from` 0.
    pub body: Bytes,
}

/// Returns the rows that changed between two entries, as one audience sees them.
fn rows(
    id: RoomId,
    room: &Room,
    audience: Audience,
    touched: &Touched,
    from: Seq,
    to: Cursor,
) -> Rows {
    let (mut put, mut del) = (Vec::new(), Vec::new());
    for key in touched.iter().copied().filter(|key| room.concerns(audience, *key)) {
        match room.row(audience, key) {
            Some(row) => put.push(Put { key, row }),
            None => del.push(key),
        }
    }
    Rows { room: id, audience, from, to: to.seq, tag: to.tag, put, del }
}

/// Returns the frame that takes a cursor from one entry to another.
pub(crate) fn frame(
    id: RoomId,
    room: &Room,
    audience: Audience,
    touched: &Touched,
    from: Seq,
    to: Cursor,
) -> Result<Framed, Error> {
    let frame = ServerFrame::Rows(rows(id, room, audience, touched, from, to));
    let text = serde_json::to_vec(&frame)
        .map_err(|source| Error::Json { attempt: "encoding a frame", source })?;
    Ok(Framed { from, to, text: text.into() })
}

/// Returns every row of the room for an audience.
pub(crate) fn snapshot(
    id: RoomId,
    room: &Room,
    audience: Audience,
    at: Cursor,
) -> Result<Snapshot, Error> {
    let mut rows = rows(id, room, audience, &room.keys(audience), Seq(0), at);
    // A snapshot replaces everything: a row that is absent is deleted.
    rows.del.clear();
    let body = serde_json::to_vec(&rows)
        .map_err(|source| Error::Json { attempt: "encoding a snapshot", source })?;
    Ok(Snapshot { cursor: at, body: body.into() })
}
