//! Reads beside the writer: a few read-only connections, off the async threads.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use proto::{
    id::{CommandId, Cursor, RoomId, Seq},
    outcome::Outcome,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use tokio::sync::Semaphore;

use super::schema;
use crate::{Chain, Decided, Error, Stored, admit::Head, chain::Walk};

/// Concurrent reads: more would only compete for the same disk and processors.
const READERS_MAX: usize = 4;

/// The read-only connections.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    turns: Semaphore,
}

/// Why a query failed.
#[derive(Debug)]
pub(super) enum Failed {
    /// `SQLite` returned an error.
    Sql(rusqlite::Error),
    /// The stored data contradicts itself.
    Broken(String),
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl Readers {
    pub(super) fn new(path: &Path) -> Self {
        let turns = Semaphore::new(READERS_MAX);
        Self { path: path.to_owned(), idle: Mutex::default(), turns }
    }

    /// Runs a query on its own connection.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        attempt: &'static str,
        query: impl FnOnce(&Connection) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, Error> {
        let failed = |source| Error::Read { attempt, source };
        let turn = self.turns.acquire().await.map_err(|closed| failed(closed.into()))?;
        let readers = Arc::clone(self);
        #[cfg(plant = "reads_block_all")]
        let read = Ok::<_, tokio::task::JoinError>(readers.run_here(query));
        #[cfg(not(plant = "reads_block_all"))]
        let read = tokio::task::spawn_blocking(move || readers.run_here(query)).await;
        drop(turn);
        match read.map_err(|ended| failed(ended.into()))? {
            Ok(found) => Ok(found),
            Err(Failed::Sql(error)) => Err(failed(error.into())),
            Err(Failed::Broken(words)) => Err(Error::Broken(words)),
        }
    }

    /// Runs a query on a blocking thread. A connection that met an error is not reused.
    fn run_here<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let idle = self.idle().pop();
        let reader = idle.map_or_else(|| schema::open_reader(&self.path), Ok)?;
        let found = query(&reader)?;
        self.idle().push(reader);
        Ok(found)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns entries in order, each checked against the one before it.
pub(super) fn entries(
    reader: &Connection,
    room: RoomId,
    from: Seq,
    limit: usize,
) -> Result<Vec<Stored>, Failed> {
    let first = from.max(Seq(1));
    let mut walk = Walk::begin(room, first, chain_before(reader, room, first)?);
    let sql =
        "SELECT seq, chain, body FROM entries WHERE room = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3";
    let mut statement = reader.prepare_cached(sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows =
        statement.query_map(params![schema::blob(room), schema::number(first)?, limit], stored)?;
    let mut found = Vec::new();
    for row in rows {
        let entry = row?;
        walk.step(&entry).map_err(Failed::Broken)?;
        found.push(entry);
    }
    Ok(found)
}

fn chain_before(reader: &Connection, room: RoomId, seq: Seq) -> Result<Option<Chain>, Failed> {
    if seq <= Seq(1) {
        return Ok(Some(Chain::default()));
    }
    let sql = "SELECT chain FROM entries WHERE room = ?1 AND seq = ?2 - 1";
    let wanted = params![schema::blob(room), schema::number(seq)?];
    let chain = |row: &Row<'_>| row.get(0).map(Chain);
    Ok(reader.prepare_cached(sql)?.query_row(wanted, chain).optional()?)
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let body: Vec<u8> = row.get(2)?;
    Ok(Stored { seq: schema::seq(row, 0)?, chain: Chain(row.get(1)?), body: body.into() })
}

/// Returns the heads of those rooms that have an entry.
pub(super) fn heads(
    reader: &Connection,
    rooms: &[RoomId],
) -> Result<Vec<(RoomId, Cursor)>, Failed> {
    let head = |room: &RoomId| {
        let head = schema::head(reader, *room)?.map(Head::cursor);
        Ok(head.map(|head| (*room, head)))
    };
    rooms.iter().filter_map(|room| head(room).transpose()).collect()
}

/// Returns the outcomes stored for these commands.
pub(super) fn outcomes(
    reader: &Connection,
    room: RoomId,
    ids: &[CommandId],
) -> Result<Vec<Decided>, Failed> {
    let sql = "SELECT body_hash, outcome FROM outcomes WHERE room = ?1 AND id = ?2";
    let mut statement = reader.prepare_cached(sql)?;
    let mut found = Vec::new();
    for id in ids {
        let wanted = params![schema::blob(room), id.0.into_bytes()];
        let row = statement.query_row(wanted, |row| Ok((row.get(0)?, row.get::<_, String>(1)?)));
        if let Some((body_hash, outcome)) = row.optional()? {
            found.push(Decided { id: *id, body_hash, outcome: parse(*id, &outcome)? });
        }
    }
    Ok(found)
}

fn parse(id: CommandId, outcome: &str) -> Result<Outcome, Failed> {
    serde_json::from_str(outcome).map_err(|error| {
        Failed::Broken(format!("the outcome kept for command {id} cannot be read: {error}"))
    })
}
