//! Reads: entries, heads, outcomes, rooms.

use std::collections::HashMap;

use proto::{
    id::{CommandId, Cursor, RoomId, Seq},
    outcome::Outcome,
};
use tokio_postgres::{
    Row,
    types::{FromSql, Type},
};
use uuid::Uuid;

use super::{pool::Pool, session::Given};
use crate::{Chain, Decided, Error, Stored, admit::Head, chain::Walk};

/// Returns the value of a column.
pub(super) fn get<'a, T: FromSql<'a>>(row: &'a Row, column: usize) -> Result<T, Error> {
    row.try_get(column).map_err(|error| Error::Read {
        attempt: "reading what the database answered",
        source: error.into(),
    })
}

/// Returns the 32 bytes in a column.
pub(super) fn digest(row: &Row, column: usize) -> Result<[u8; 32], Error> {
    let bytes: &[u8] = get(row, column)?;
    let wrong = |_| Error::Broken("the database holds an invalid hash".to_owned());
    <[u8; 32]>::try_from(bytes).map_err(wrong)
}

/// Returns the entry number in a column.
pub(super) fn seq(row: &Row, column: usize) -> Result<Seq, Error> {
    let wrong = |_| Error::Broken("the database holds a negative entry number".to_owned());
    u64::try_from(get::<i64>(row, column)?).map(Seq).map_err(wrong)
}

/// Returns an entry's number as stored; one too large for any room matches nothing.
pub(super) fn number(seq: Seq) -> i64 {
    i64::try_from(seq.0).unwrap_or(i64::MAX)
}

/// Returns entries in order, each checked against the one before it.
pub(super) async fn entries(
    pool: &Pool,
    room: RoomId,
    from: Seq,
    limit: usize,
) -> Result<Vec<Stored>, Error> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let first = from.max(Seq(1));
    let before = Seq(first.0 - 1);
    // Also reads the entry before the first, to check the first one's link.
    let sql = "SELECT seq, chain, CASE WHEN seq > $2 THEN body ELSE '' END
        FROM entries WHERE room = $1 AND seq >= $2 ORDER BY seq LIMIT $3";
    let more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(i64::from(before > Seq(0)));
    let given: [Given<'_>; 3] =
        [(&room.0, Type::UUID), (&number(before), Type::INT8), (&more, Type::INT8)];
    let rows = pool.read("reading entries", sql, &given).await?;
    let mut rows = rows.iter().peekable();
    let mut link = (before == Seq(0)).then(Chain::default);
    if let Some(row) = rows.peek()
        && seq(row, 0)? == before
    {
        link = Some(Chain(digest(row, 1)?));
        rows.next();
    }
    let mut walk = Walk::begin(room, first, link);
    rows.map(|row| {
        let entry = stored(row)?;
        walk.step(&entry).map_err(Error::Broken)?;
        Ok(entry)
    })
    .collect()
}

fn stored(row: &Row) -> Result<Stored, Error> {
    let body: &[u8] = get(row, 2)?;
    Ok(Stored { seq: seq(row, 0)?, chain: Chain(digest(row, 1)?), body: body.into() })
}

/// Returns the end of a room's history, or the zero head when it has none.
pub(super) async fn whole_head(pool: &Pool, room: RoomId) -> Result<Head, Error> {
    let sql = "SELECT seq, chain FROM heads WHERE room = $1";
    let rows = pool.read("reading a room's head", sql, &[(&room.0, Type::UUID)]).await?;
    let head = |row: &Row| Ok(Head { seq: seq(row, 0)?, chain: Chain(digest(row, 1)?) });
    rows.first().map_or_else(|| Ok(Head::default()), head)
}

/// Returns a room's head.
pub(super) async fn head(pool: &Pool, room: RoomId) -> Result<Option<Cursor>, Error> {
    let head = whole_head(pool, room).await?;
    Ok((head.seq > Seq(0)).then(|| head.cursor()))
}

/// Returns the heads of those rooms that have an entry.
pub(super) async fn heads(pool: &Pool, rooms: &[RoomId]) -> Result<Vec<(RoomId, Cursor)>, Error> {
    let sql = "SELECT room, seq, chain FROM heads WHERE room = ANY ($1) AND seq > 0";
    let ids: Vec<Uuid> = rooms.iter().map(|room| room.0).collect();
    let rows = pool.read("reading the heads of rooms", sql, &[(&ids, Type::UUID_ARRAY)]).await?;
    let head = |row: &Row| {
        let head = Head { seq: seq(row, 1)?, chain: Chain(digest(row, 2)?) };
        Ok((RoomId(get(row, 0)?), head.cursor()))
    };
    rows.iter().map(head).collect()
}

/// Returns the outcomes stored for these commands, in the order of `ids`.
pub(super) async fn outcomes(
    pool: &Pool,
    room: RoomId,
    ids: &[CommandId],
) -> Result<Vec<Decided>, Error> {
    let sql = "SELECT id, body_hash, outcome FROM outcomes WHERE room = $1 AND id = ANY ($2)";
    let asked: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let given: [Given<'_>; 2] = [(&room.0, Type::UUID), (&asked, Type::UUID_ARRAY)];
    let rows = pool.read_kept("reading outcomes", sql, &given).await?;
    let found: Result<HashMap<CommandId, Decided>, Error> = rows
        .iter()
        .map(|row| {
            let id = CommandId(get(row, 0)?);
            let outcome = outcome(id, get(row, 2)?)?;
            Ok((id, Decided { id, body_hash: digest(row, 1)?, outcome }))
        })
        .collect();
    let mut found = found?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

fn outcome(id: CommandId, text: &str) -> Result<Outcome, Error> {
    serde_json::from_str(text).map_err(|error| {
        Error::Broken(format!("the outcome kept for command {id} cannot be read: {error}"))
    })
}

/// Returns the rooms that have an entry.
pub(super) async fn rooms(pool: &Pool) -> Result<Vec<RoomId>, Error> {
    let sql = "SELECT room FROM heads WHERE seq > 0 ORDER BY room";
    let rows = pool.read("reading the list of rooms", sql, &[]).await?;
    rows.iter().map(|row| get(row, 0).map(RoomId)).collect()
}
