//! Group commit: all queued jobs in one transaction.

use std::collections::HashMap;

use proto::id::{Cursor, RoomId};
use rusqlite::{Connection, ErrorCode, params};

use super::{
    logins::{self, Change},
    schema,
};
use crate::{
    Batch, Count, Decided, Error,
    admit::{Head, admit},
    registry::{Login, RedeemError},
};

/// Heads cached by the writer; when full, the cache is cleared.
const HEADS_MAX: usize = 10_000;

/// Something to write.
#[derive(Debug)]
pub(super) enum Job {
    /// A room's batch.
    Append(Batch),
    /// A change of the registry.
    Change(Change),
}

/// The result of a job.
#[derive(Debug)]
pub(super) enum Done {
    /// The batch was committed; this is the room's head.
    Head(Cursor),
    /// The change was committed.
    Kept,
    /// The change was committed; whether its target existed.
    Found(bool),
    /// The counter was incremented.
    Counted(Count),
    /// The result of redeeming an invite.
    Redeemed(Box<Result<Login, RedeemError>>),
}

/// Returns the error for a reply of the wrong kind.
pub(super) fn mixed_up() -> Error {
    Error::Broken("the writer sent a reply of the wrong kind".to_owned())
}

/// Why a whole group was not written.
#[derive(Debug)]
pub(super) enum Failure {
    /// One job violates a constraint; the others can be written without it.
    Offence {
        /// The index of the job.
        job: usize,
        /// The constraint it violates.
        words: String,
    },
    /// The disk is full; nothing was written.
    Full(String),
    /// Another program holds the database lock; nothing was written.
    Busy(String),
    /// The store is faulty; nothing was written.
    Faulty(String),
    /// The commit failed; it may or may not be on disk.
    Unknown(String),
}

impl Job {
    /// Returns the approximate number of bytes it adds to the database.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Append(batch) => batch.entries.iter().map(|entry| entry.body.len()).sum(),
            Self::Change(Change::Keep(_, _, body, _)) => body.len(),
            Self::Change(_) => 0,
        }
    }
}

/// Each room's head as of the open transaction's commit.
#[derive(Debug, Default)]
pub(super) struct Heads(HashMap<RoomId, Head>);

impl Heads {
    /// Returns a room's head.
    pub(super) fn of(&mut self, connection: &Connection, room: RoomId) -> rusqlite::Result<Head> {
        if let Some(head) = self.0.get(&room) {
            return Ok(*head);
        }
        if self.0.len() >= HEADS_MAX {
            self.0.clear();
        }
        let head = schema::head(connection, room)?.unwrap_or_default();
        self.0.insert(room, head);
        Ok(head)
    }

    /// Clears the cache after a rollback.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// Opens a transaction and writes every job into it; a refused job does not affect the others.
pub(super) fn stage<'a>(
    connection: &Connection,
    heads: &mut Heads,
    jobs: impl Iterator<Item = &'a Job>,
) -> Result<Vec<Result<Done, Error>>, Failure> {
    connection.execute_batch("BEGIN IMMEDIATE").map_err(|error| failure(0, &error))?;
    let staged = jobs.enumerate().map(|(place, job)| {
        let written = match job {
            Job::Append(batch) => append(connection, heads, batch),
            Job::Change(change) => logins::write(connection, change).map(Ok),
        };
        written.map_err(|error| failure(place, &error))
    });
    staged.collect()
}

/// Commits the open transaction durably.
pub(super) fn commit(connection: &Connection) -> Result<(), Failure> {
    connection.execute_batch("COMMIT").map_err(|error| {
        if error.sqlite_error_code() == Some(ErrorCode::DiskFull) {
            Failure::Full(error.to_string())
        } else {
            Failure::Unknown(error.to_string())
        }
    })
}

/// Rolls back the open transaction, if there is one.
pub(super) fn undo(connection: &Connection, heads: &mut Heads) -> Result<(), Failure> {
    heads.clear();
    if connection.is_autocommit() {
        return Ok(());
    }
    connection.execute_batch("ROLLBACK").map_err(|error| Failure::Faulty(error.to_string()))
}

fn failure(job: usize, error: &rusqlite::Error) -> Failure {
    let words = error.to_string();
    let code = error.sqlite_error_code();
    if code == Some(ErrorCode::ConstraintViolation) {
        Failure::Offence { job, words }
    } else if code == Some(ErrorCode::DiskFull) {
        Failure::Full(words)
    } else if code == Some(ErrorCode::DatabaseBusy) {
        Failure::Busy(words)
    } else {
        Failure::Faulty(words)
    }
}

fn append(
    connection: &Connection,
    heads: &mut Heads,
    batch: &Batch,
) -> rusqlite::Result<Result<Done, Error>> {
    let head = heads.of(connection, batch.room)?;
    let reached = match admit(head, batch) {
        Ok(reached) => reached,
        Err(refused) => return Ok(Err(refused)),
    };
    let room = schema::blob(batch.room);
    let sql = "INSERT INTO entries (room, seq, chain, body) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = connection.prepare_cached(sql)?;
    for entry in &batch.entries {
        let seq = schema::number(entry.seq)?;
        insert.execute(params![room, seq, entry.chain.0, &*entry.body])?;
    }
    for decided in &batch.outcomes {
        keep(connection, room, decided)?;
    }
    heads.0.insert(batch.room, reached);
    Ok(Ok(Done::Head(reached.cursor())))
}

/// Inserts an outcome, stored once and for ever: the primary key refuses a second one (I-9).
fn keep(connection: &Connection, room: [u8; 16], decided: &Decided) -> rusqlite::Result<()> {
    let outcome = serde_json::to_string(&decided.outcome)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let sql = "INSERT INTO outcomes (room, id, body_hash, outcome) VALUES (?1, ?2, ?3, ?4)";
    let id = decided.id.0.into_bytes();
    connection.prepare_cached(sql)?.execute(params![room, id, decided.body_hash, outcome])?;
    Ok(())
}
