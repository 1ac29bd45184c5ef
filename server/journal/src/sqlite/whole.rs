//! A whole database in one file: streamed from one snapshot, or created from a stream.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use proto::id::{CommandId, DeviceId, MemberId, PersonId, RoomId, Time};
use rusqlite::{Connection, Row, params, types::Type};
use tokio::sync::mpsc::{Receiver, Sender};

use super::{
    lock::Lock,
    make_private,
    schema::{self, Found},
};
use crate::{
    Error,
    verify::verify,
    whole::{Check, Failed, Fill, Page, Pour, Record, Spout, Sum},
};

/// The suffixes of the files that make up a database.
const BESIDE: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Reads a record from its row.
type Read = fn(&Row<'_>) -> rusqlite::Result<Record>;

/// The kinds of record, in stream order.
const KINDS: [(&str, Read); 6] = [
    ("SELECT room, seq, chain, body FROM entries ORDER BY room, seq", entry),
    ("SELECT room, id, body_hash, outcome FROM outcomes ORDER BY room, id", outcome),
    (
        "SELECT secret_hash, room, pass, uses_left, expires FROM invites ORDER BY secret_hash",
        invite,
    ),
    (
        "SELECT device, token_hash, room, pass, created, expires, revoked FROM logins ORDER BY device",
        login,
    ),
    ("SELECT at, room, person, member, device, what FROM accesses ORDER BY number", access),
    ("SELECT shelf, key, body, at FROM shelf ORDER BY shelf, key", document),
];

/// The whole content of the database at a path, as a source or as a destination.
#[derive(Debug, Clone)]
pub struct SqliteWhole {
    path: PathBuf,
}

/// Keeps nodes off the database while it is held.
#[derive(Debug)]
pub struct Still {
    _lock: Lock,
}

impl SqliteWhole {
    /// Returns the database at this path, which may not exist yet.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Keeps nodes off the database until the returned guard is dropped.
    ///
    /// Errors: [`Error::Locked`] when one runs on it.
    pub fn still(&self) -> Result<Still, Error> {
        Lock::take(&self.path).map(|lock| Still { _lock: lock })
    }
}

#[async_trait]
impl Pour for SqliteWhole {
    async fn pour(&self, into: Sender<Page>) -> Result<Sum, Failed> {
        let path = self.path.clone();
        let poured = tokio::task::spawn_blocking(move || {
            let hand_on = |page| into.blocking_send(page).map_err(|_| Failed::Unheard);
            pour(&path, hand_on)
        });
        poured.await.map_err(|ended| Failed::File(ended.to_string()))?
    }
}

#[async_trait]
impl Fill for SqliteWhole {
    async fn fill(&self, from: Receiver<Page>) -> Result<Sum, Failed> {
        let path = self.path.clone();
        let filled = tokio::task::spawn_blocking(move || fill(&path, from));
        filled.await.map_err(|ended| Failed::File(ended.to_string()))?
    }
}

/// Reads everything in one transaction, so that it is one snapshot (E28).
fn pour(path: &Path, hand_on: impl Fn(Page) -> Result<(), Failed>) -> Result<Sum, Failed> {
    let failed = |error| failed("reading the database", error);
    let reader = schema::open_reader(path).map_err(|error| {
        Error::Unreadable(format!("cannot open the database {}: {error}", path.display()))
    })?;
    let Found::Ours(version) = schema::recognise(&reader, path)? else {
        return Err(Error::Unreadable(format!("{} holds nothing yet", path.display())).into());
    };
    let _moment = moment(&reader).map_err(failed)?;
    let mut spout = Spout::default();
    let kinds = if version < schema::WITH_SHELF { KINDS.len() - 1 } else { KINDS.len() };
    for (sql, read) in KINDS.iter().take(kinds) {
        let mut statement = reader.prepare(sql).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            spout.put(read(row).map_err(failed)?)?;
            if let Some(page) = spout.full() {
                hand_on(page)?;
            }
        }
    }
    let (page, sum) = spout.end()?;
    hand_on(page)?;
    Ok(sum)
}

#[cfg(not(plant = "backup_of_many_moments"))]
fn moment(reader: &Connection) -> rusqlite::Result<Option<rusqlite::Transaction<'_>>> {
    reader.unchecked_transaction().map(Some)
}

#[cfg(plant = "backup_of_many_moments")]
#[expect(clippy::unnecessary_wraps, reason = "the planted bug has no moment to keep")]
fn moment(_: &Connection) -> rusqlite::Result<Option<rusqlite::Transaction<'_>>> {
    Ok(None)
}

/// A database under a temporary name: renamed once it is complete, removed otherwise.
#[derive(Debug)]
struct Fresh {
    path: PathBuf,
}

impl Fresh {
    /// Removes the remains of an earlier, interrupted attempt.
    fn beside(path: &Path) -> Self {
        let fresh = Self { path: with(path, ".fresh") };
        fresh.remove();
        fresh
    }

    fn remove(&self) {
        for ending in BESIDE {
            // A missing file needs no removal; a file that cannot be removed fails when it is
            // created.
            drop(std::fs::remove_file(with(&self.path, ending)));
        }
    }

    /// Renames it to its final name, once it is synced.
    fn place(self, path: &Path) -> Result<(), Failed> {
        let failed = |error: std::io::Error| {
            Failed::File(format!("{} cannot be written: {error}", path.display()))
        };
        File::open(&self.path).and_then(|file| file.sync_all()).map_err(failed)?;
        std::fs::rename(&self.path, path).map_err(failed)?;
        Ok(schema::sync_folder(path)?)
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        self.remove();
    }
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn fill(path: &Path, mut from: Receiver<Page>) -> Result<Sum, Failed> {
    let _lock = Lock::take(path)?;
    if let Some(there) = BESIDE.iter().map(|ending| with(path, ending)).find(|at| at.exists()) {
        return Err(Failed::Occupied(format!(
            "{} is there already; choose a folder without a database",
            there.display()
        )));
    }
    let fresh = Fresh::beside(path);
    make_private(&fresh.path);
    let sum = write(&fresh.path, || from.blocking_recv())?;
    read_back(&fresh.path, sum)?;
    fresh.place(path)?;
    Ok(sum)
}

/// Writes everything into a private database: it needs no log, and is synced at the end.
fn write(path: &Path, mut next: impl FnMut() -> Option<Page>) -> Result<Sum, Failed> {
    let failed = |error| failed("writing the database", error);
    let writer = Connection::open(path).map_err(failed)?;
    writer
        .execute_batch(
            "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE;
             PRAGMA cache_size = -65536",
        )
        .map_err(failed)?;
    schema::migrate(&writer, Found::Empty).map_err(failed)?;
    writer.execute_batch("BEGIN").map_err(failed)?;
    let mut check = Check::default();
    while let Some(page) = next() {
        for record in page {
            check.take(&record)?;
            insert(&writer, &record).map_err(failed)?;
        }
    }
    let sum = check.end()?;
    writer.execute_batch("COMMIT").map_err(failed)?;
    writer.close().map_err(|(_, error)| failed(error))?;
    Ok(sum)
}

/// Reads back what was written: entry by entry, page by page, and once more as a stream.
fn read_back(path: &Path, written: Sum) -> Result<(), Failed> {
    verify(path).map_err(|fault| Failed::Broken(fault.to_string()))?;
    if pour(path, |_| Ok(()))? == written {
        return Ok(());
    }
    Err(Failed::Broken("the database does not hold what was written to it".to_owned()))
}

fn insert(writer: &Connection, record: &Record) -> rusqlite::Result<()> {
    let put =
        |sql, given: &[&dyn rusqlite::ToSql]| writer.prepare_cached(sql)?.execute(given).map(drop);
    match record {
        Record::Entry { room, seq, chain, body } => put(
            "INSERT INTO entries (room, seq, chain, body) VALUES (?1, ?2, ?3, ?4)",
            params![schema::blob(*room), schema::number(*seq)?, chain, body.as_bytes()],
        ),
        Record::Outcome { room, id, body_hash, outcome } => put(
            "INSERT INTO outcomes (room, id, body_hash, outcome) VALUES (?1, ?2, ?3, ?4)",
            params![schema::blob(*room), id.0.into_bytes(), body_hash, outcome],
        ),
        Record::Invite { secret_hash, room, pass, uses_left, expires } => put(
            "INSERT INTO invites (secret_hash, room, pass, uses_left, expires)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![secret_hash, schema::blob(*room), pass, uses_left, expires.0],
        ),
        Record::Login { device, token_hash, room, pass, created, expires, revoked } => put(
            "INSERT INTO logins (device, token_hash, room, pass, created, expires, revoked)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                device.0.into_bytes(),
                token_hash,
                schema::blob(*room),
                pass,
                created.0,
                expires.0,
                revoked
            ],
        ),
        Record::Access { at, room, person, member, device, what } => put(
            "INSERT INTO accesses (at, room, person, member, device, what)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                at.0,
                schema::blob(*room),
                person.0.into_bytes(),
                member.0.into_bytes(),
                device.0.into_bytes(),
                what
            ],
        ),
        Record::Document { shelf, key, body, at } => put(
            "INSERT INTO shelf (shelf, key, body, at) VALUES (?1, ?2, ?3, ?4)",
            params![shelf, key, body, at.0],
        ),
        Record::End(_) => Ok(()),
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Record> {
    let no_text = |error: std::string::FromUtf8Error| {
        rusqlite::Error::FromSqlConversionFailure(3, Type::Blob, error.utf8_error().into())
    };
    Ok(Record::Entry {
        room: RoomId(schema::uuid(row, 0)?),
        seq: schema::seq(row, 1)?,
        chain: row.get(2)?,
        body: String::from_utf8(row.get(3)?).map_err(no_text)?,
    })
}

fn outcome(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record::Outcome {
        room: RoomId(schema::uuid(row, 0)?),
        id: CommandId(schema::uuid(row, 1)?),
        body_hash: row.get(2)?,
        outcome: row.get(3)?,
    })
}

fn invite(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record::Invite {
        secret_hash: row.get(0)?,
        room: RoomId(schema::uuid(row, 1)?),
        pass: row.get(2)?,
        uses_left: row.get(3)?,
        expires: Time(row.get(4)?),
    })
}

fn login(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record::Login {
        device: DeviceId(schema::uuid(row, 0)?),
        token_hash: row.get(1)?,
        room: RoomId(schema::uuid(row, 2)?),
        pass: row.get(3)?,
        created: Time(row.get(4)?),
        expires: Time(row.get(5)?),
        revoked: row.get(6)?,
    })
}

fn access(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record::Access {
        at: Time(row.get(0)?),
        room: RoomId(schema::uuid(row, 1)?),
        person: PersonId(schema::uuid(row, 2)?),
        member: MemberId(schema::uuid(row, 3)?),
        device: DeviceId(schema::uuid(row, 4)?),
        what: row.get(5)?,
    })
}

fn document(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record::Document {
        shelf: row.get(0)?,
        key: row.get(1)?,
        body: row.get(2)?,
        at: Time(row.get(3)?),
    })
}

fn failed(attempt: &'static str, error: rusqlite::Error) -> Failed {
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) {
        return Error::Full(error.to_string()).into();
    }
    Error::Read { attempt, source: error.into() }.into()
}
