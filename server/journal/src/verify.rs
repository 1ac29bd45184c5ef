//! Verifies a whole database beside a running node: every entry is what was written. The checks are
//! shared by all stores; the `SQLite` reader is here too.

use std::path::Path;

use proto::{
    id::{RoomId, Seq},
    outcome::Outcome,
};
use rusqlite::{Connection, params};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    Chain, Error,
    sqlite::schema::{self, Found},
};

/// What was read and verified.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Rooms.
    pub rooms: u64,
    /// Entries, each linked to the one before it.
    pub entries: u64,
    /// Outcomes, each naming an entry that exists.
    pub outcomes: u64,
}

/// The first fault found.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// An entry is missing, moved or altered.
    #[error("room {room}, entry {seq}: {what}")]
    Entry {
        /// The room.
        room: RoomId,
        /// The entry.
        seq: Seq,
        /// What is wrong with it.
        what: String,
    },
    /// An outcome contradicts the entries.
    #[error("room {room}: {what}")]
    Outcome {
        /// The room.
        room: RoomId,
        /// What is wrong.
        what: String,
    },
    /// The file is damaged; no entry can be named.
    #[error("the database file is damaged ({0}); restore it from a backup")]
    Damaged(String),
    /// The file is not a database of this release.
    #[error("{0}")]
    Unreadable(String),
}

/// The fields of an entry's body that are checked.
#[derive(Debug, Deserialize)]
struct Body {
    room: RoomId,
    seq: Seq,
    at: i64,
}

/// The position up to which a room has been read.
#[derive(Debug, Default)]
pub(crate) struct Place {
    pub(crate) seq: Seq,
    pub(crate) chain: Chain,
    pub(crate) at: Option<i64>,
}

/// Verifies every entry and outcome of the database at this path.
///
/// The chain proves each entry from the first to the last present. That none were truncated is
/// proved by the outcomes that name them.
pub fn verify(path: &Path) -> Result<Report, Fault> {
    let reader = schema::open_reader(path).map_err(|error| {
        Fault::Unreadable(format!("cannot open the database {}: {error}", path.display()))
    })?;
    match schema::recognise(&reader, path) {
        Ok(Found::Ours(_)) => {}
        Ok(Found::Empty) => {
            let words = format!("{} holds no journal", path.display());
            return Err(Fault::Unreadable(words));
        }
        Err(Error::Unreadable(words)) => return Err(Fault::Unreadable(words)),
        Err(other) => return Err(Fault::Unreadable(other.to_string())),
    }
    let mut report = Report::default();
    for room in schema::rooms(&reader).map_err(damaged)? {
        verify_room(&reader, room, &mut report)?;
    }
    verify_orphans(&reader)?;
    verify_file(&reader)?;
    Ok(report)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn damaged(error: rusqlite::Error) -> Fault {
    Fault::Damaged(error.to_string())
}

/// Verifies a room in one transaction, so that its outcomes and its entries are of one snapshot.
fn verify_room(reader: &Connection, room: RoomId, report: &mut Report) -> Result<(), Fault> {
    let transaction = reader.unchecked_transaction().map_err(damaged)?;
    let place = verify_entries(&transaction, room)?;
    report.rooms += 1;
    report.entries += place.seq.0;
    report.outcomes += verify_outcomes(&transaction, room, &place)?;
    Ok(())
}

fn verify_entries(reader: &Connection, room: RoomId) -> Result<Place, Fault> {
    let sql = "SELECT seq, chain, body FROM entries WHERE room = ?1 ORDER BY seq";
    let mut statement = reader.prepare_cached(sql).map_err(damaged)?;
    let mut rows = statement.query(params![schema::blob(room)]).map_err(damaged)?;
    let mut place = Place::default();
    loop {
        let expected = place.seq.next();
        let fault = |what| Fault::Entry { room, seq: expected, what };
        let unreadable = |error: rusqlite::Error| fault(format!("cannot be read: {error}"));
        let Some(row) = rows.next().map_err(unreadable)? else { return Ok(place) };
        let seq: i64 = row.get(0).map_err(unreadable)?;
        let chain = row.get(1).map(Chain).map_err(unreadable)?;
        let body: Vec<u8> = row.get(2).map_err(unreadable)?;
        place = place.follow(room, seq, chain, &body).map_err(fault)?;
    }
}

impl Place {
    /// Returns the position after this entry, or what is wrong with it.
    pub(crate) fn follow(
        &self,
        room: RoomId,
        seq: i64,
        chain: Chain,
        body: &[u8],
    ) -> Result<Self, String> {
        let expected = self.seq.next();
        if u64::try_from(seq) != Ok(expected.0) {
            return Err(format!("is missing; the next one kept has number {seq}"));
        }
        if self.chain.link(body) != chain {
            return Err("does not fit its chain: it, or the one before it, was altered".to_owned());
        }
        let said: Body = serde_json::from_slice(body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            format!("has a body that is no entry (line {line}, column {column})")
        })?;
        if (said.room, said.seq) != (room, expected) {
            return Err(format!("says that it is entry {} of room {}", said.seq, said.room));
        }
        if self.at.is_some_and(|before| said.at < before) {
            return Err("is earlier than the one before it".to_owned());
        }
        Ok(Self { seq: expected, chain, at: Some(said.at) })
    }

    /// Checks an outcome against a room that has been read to its end.
    pub(crate) fn judge(&self, room: RoomId, id: Uuid, outcome: &str) -> Result<(), Fault> {
        let kept: Outcome = serde_json::from_str(outcome).map_err(|error| {
            let what = format!("the outcome of command {id} cannot be read: {error}");
            Fault::Outcome { room, what }
        })?;
        match kept {
            Outcome::Ok { seq } if seq > self.seq => {
                let what = format!("is missing; command {id} was answered with it");
                Err(Fault::Entry { room, seq: self.seq.next(), what })
            }
            Outcome::Ok { .. } | Outcome::Refused(_) => Ok(()),
        }
    }
}

fn verify_outcomes(reader: &Connection, room: RoomId, place: &Place) -> Result<u64, Fault> {
    let sql = "SELECT id, outcome FROM outcomes WHERE room = ?1";
    let mut statement = reader.prepare_cached(sql).map_err(damaged)?;
    let mut rows = statement.query(params![schema::blob(room)]).map_err(damaged)?;
    let mut count = 0;
    while let Some(row) = rows.next().map_err(damaged)? {
        let id = schema::uuid(row, 0).map_err(damaged)?;
        let outcome: String = row.get(1).map_err(damaged)?;
        place.judge(room, id, &outcome)?;
        count += 1;
    }
    Ok(count)
}

/// Finds rooms whose entries are all gone but whose outcomes remain.
fn verify_orphans(reader: &Connection) -> Result<(), Fault> {
    let sql = "SELECT room FROM outcomes WHERE room NOT IN (SELECT room FROM entries WHERE seq = 1) \
         AND outcome ->> 'is' = 'ok' AND outcome ->> 'seq' > 0 LIMIT 1";
    let mut statement = reader.prepare_cached(sql).map_err(damaged)?;
    let mut rows = statement.query([]).map_err(damaged)?;
    let Some(row) = rows.next().map_err(damaged)? else { return Ok(()) };
    let room = schema::uuid(row, 0).map(RoomId).map_err(damaged)?;
    let what = "is missing; a command was answered with it or a later one".to_owned();
    Err(Fault::Entry { room, seq: Seq(1), what })
}

/// Runs `SQLite`'s integrity check, last: a fault that names an entry says more.
fn verify_file(reader: &Connection) -> Result<(), Fault> {
    let sql = "PRAGMA integrity_check(1)";
    let answer: String = reader.query_row(sql, [], |row| row.get(0)).map_err(damaged)?;
    if answer == "ok" { Ok(()) } else { Err(Fault::Damaged(answer)) }
}
