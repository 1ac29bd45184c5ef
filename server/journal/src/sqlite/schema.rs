//! The tables, and how a connection to them is opened.

use std::{fs::File, path::Path};

use proto::id::{RoomId, Seq};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use uuid::Uuid;

use super::Synchronous;
use crate::{Chain, Error, admit::Head};

/// "MUST" in the file's header: identifies a Muster database.
const APPLICATION_ID: i32 = 0x4D55_5354;

/// The first release of `SQLite` whose write-ahead log cannot be reset under a reader.
const SQLITE_VERSION_MIN: i32 = 3_051_003;

/// Milliseconds to wait while another program holds the database lock.
const BUSY_MS: u32 = 5_000;

/// Each migration upgrades the tables from the version of its index to the next. Migrations are
/// added, never changed.
const MIGRATIONS: [&str; 3] = [
    "
    CREATE TABLE entries (
        room BLOB NOT NULL, seq INTEGER NOT NULL, chain BLOB NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (room, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE outcomes (
        room BLOB NOT NULL, id BLOB NOT NULL, body_hash BLOB NOT NULL, outcome TEXT NOT NULL,
        PRIMARY KEY (room, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE invites (
        secret_hash BLOB PRIMARY KEY, room BLOB NOT NULL, pass TEXT NOT NULL,
        uses_left INTEGER, expires INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE logins (
        device BLOB PRIMARY KEY, token_hash BLOB NOT NULL UNIQUE, room BLOB NOT NULL,
        pass TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
        revoked INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX logins_of_room ON logins (room, device);
    CREATE TABLE accesses (
        number INTEGER PRIMARY KEY, at INTEGER NOT NULL, room BLOB NOT NULL, person BLOB NOT NULL,
        member BLOB NOT NULL, device BLOB NOT NULL, what TEXT NOT NULL
    ) STRICT;
    CREATE INDEX accesses_of_person ON accesses (room, person, number);
    CREATE TABLE probe (number INTEGER PRIMARY KEY) STRICT;
    INSERT INTO probe VALUES (0);
",
    "
    CREATE TABLE shelf (
        shelf TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (shelf, key)
    ) STRICT, WITHOUT ROWID;
",
    // A table without rowids keeps a thousand bytes of a row in its own page and gives the rest a
    // page of its own: a fully filled-in registration, or a long log line, took up to four times
    // its size.
    "
    CREATE TABLE entries_by_row (
        room BLOB NOT NULL, seq INTEGER NOT NULL, chain BLOB NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (room, seq)
    ) STRICT;
    INSERT INTO entries_by_row SELECT room, seq, chain, body FROM entries ORDER BY room, seq;
    DROP TABLE entries;
    ALTER TABLE entries_by_row RENAME TO entries;
",
];

/// The first version of the tables with a shelf.
pub(super) const WITH_SHELF: usize = 2;

/// What was found at a database's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// No database yet.
    Empty,
    /// A Muster database, with tables of this version.
    Ours(usize),
}

/// Opens the only connection that writes, with the tables migrated.
pub(super) fn open_writer(path: &Path, synchronous: Synchronous) -> Result<Connection, Error> {
    if rusqlite::version_number() < SQLITE_VERSION_MIN {
        let words = format!("SQLite {} is too old; 3.51.3 is needed", rusqlite::version());
        return Err(Error::Unreadable(words));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let writer =
        Connection::open_with_flags(path, flags).map_err(|error| unreadable(path, &error))?;
    writer.pragma_update(None, "busy_timeout", BUSY_MS).map_err(|e| unreadable(path, &e))?;
    let found = recognise(&writer, path)?;
    make_durable(&writer, path, synchronous)?;
    migrate(&writer, found).map_err(|error| unreadable(path, &error))?;
    sync_folder(path)?;
    Ok(writer)
}

/// Opens a read-only connection, beside the writer.
pub(crate) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = Connection::open_with_flags(path, flags)?;
    reader.pragma_update(None, "busy_timeout", BUSY_MS)?;
    Ok(reader)
}

/// Identifies the file, or says in plain words why it cannot be used.
pub(crate) fn recognise(connection: &Connection, path: &Path) -> Result<Found, Error> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let ask = |sql| number(sql).map_err(|error| unreadable(path, &error));
    let version = ask("PRAGMA user_version")?;
    let application = ask("PRAGMA application_id")?;
    let tables = ask("SELECT count(*) FROM sqlite_schema")?;
    let at = path.display();
    if (application, version, tables) == (0, 0, 0) {
        return if is_blank(ask("PRAGMA page_count")?, path) {
            Ok(Found::Empty)
        } else {
            Err(Error::Unreadable(no_database(path)))
        };
    }
    if application != i64::from(APPLICATION_ID) {
        let words = format!("{at} is a database of another program; choose another file");
        return Err(Error::Unreadable(words));
    }
    match usize::try_from(version) {
        Ok(version) if (1..=MIGRATIONS.len()).contains(&version) => Ok(Found::Ours(version)),
        Ok(_) | Err(_) => Err(Error::Unreadable(format!(
            "{at} was written by a later release (tables {version}, this release knows {}); run that \
             release, or restore a backup made before it",
            MIGRATIONS.len()
        ))),
    }
}

fn make_durable(writer: &Connection, path: &Path, wanted: Synchronous) -> Result<(), Error> {
    #[cfg(plant = "normal_sync")]
    let wanted = if wanted == Synchronous::Full { Synchronous::Normal } else { wanted };
    let level = match wanted {
        Synchronous::Full => 2,
        Synchronous::Normal => 1,
    };
    let asked = || -> rusqlite::Result<(String, i64)> {
        writer.pragma_update(None, "synchronous", level)?;
        writer.pragma_update(None, "wal_autocheckpoint", 0)?;
        // The pragma answers before it has changed the file, so the mode is queried again
        // afterwards.
        let mut change = writer.prepare("PRAGMA journal_mode = WAL")?;
        let mut answers = change.query([])?;
        while answers.next()?.is_some() {}
        let mode = writer.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
        Ok((mode, writer.query_row("PRAGMA synchronous", [], |row| row.get(0))?))
    };
    let answered = asked().map_err(|error| unreadable(path, &error))?;
    if answered == ("wal".to_owned(), level) {
        return Ok(());
    }
    let at = path.display();
    let words =
        format!("{at} cannot be written durably (SQLite answered {answered:?}); use a local disk");
    Err(Error::Unreadable(words))
}

/// Migrates the tables from the version found to this release's.
pub(super) fn migrate(writer: &Connection, found: Found) -> rusqlite::Result<()> {
    let from = match found {
        Found::Empty => 0,
        Found::Ours(version) => version,
    };
    for (step, tables) in MIGRATIONS.iter().enumerate().skip(from) {
        writer.execute_batch(&format!(
            "BEGIN IMMEDIATE; {tables}; PRAGMA application_id = {APPLICATION_ID}; \
             PRAGMA user_version = {}; COMMIT",
            step + 1
        ))?;
    }
    Ok(())
}

/// Makes the database's directory entry as durable as its content.
pub(super) fn sync_folder(path: &Path) -> Result<(), Error> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| {
        Error::Unreadable(format!("cannot make {} durable: {error}", folder.display()))
    })
}

/// `SQLite` treats a file smaller than a page as an empty database, and would overwrite it.
fn is_blank(pages: i64, path: &Path) -> bool {
    pages > 0 || std::fs::metadata(path).is_ok_and(|file| file.len() == 0)
}

fn no_database(path: &Path) -> String {
    let at = path.display();
    format!("{at} is not a database; choose another file, or restore it from a backup")
}

fn unreadable(path: &Path, error: &rusqlite::Error) -> Error {
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) {
        return Error::Unreadable(no_database(path));
    }
    Error::Unreadable(format!("cannot open the database {}: {error}", path.display()))
}

/// Returns the end of a room's history.
pub(super) fn head(connection: &Connection, room: RoomId) -> rusqlite::Result<Option<Head>> {
    let sql = "SELECT seq, chain FROM entries WHERE room = ?1 ORDER BY seq DESC LIMIT 1";
    let found = |row: &Row<'_>| Ok(Head { seq: seq(row, 0)?, chain: Chain(row.get(1)?) });
    connection.prepare_cached(sql)?.query_row(params![blob(room)], found).optional()
}

/// Returns the rooms that have an entry, skipping over the entries between them.
pub(crate) fn rooms(connection: &Connection) -> rusqlite::Result<Vec<RoomId>> {
    let sql = "WITH RECURSIVE found (room) AS (
            SELECT min(room) FROM entries
            UNION ALL
            SELECT (SELECT min(room) FROM entries WHERE room > found.room) FROM found
            WHERE found.room IS NOT NULL
        ) SELECT room FROM found WHERE room IS NOT NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let rooms = statement.query_map([], |row| uuid(row, 0).map(RoomId))?;
    rooms.collect()
}

/// Returns a room's id as stored.
pub(crate) fn blob(room: RoomId) -> [u8; 16] {
    room.0.into_bytes()
}

/// Returns the id in this column.
pub(crate) fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get(column).map(Uuid::from_bytes)
}

/// Returns the entry number in this column.
pub(crate) fn seq(row: &Row<'_>, column: usize) -> rusqlite::Result<Seq> {
    let number: i64 = row.get(column)?;
    let number = u64::try_from(number);
    number.map(Seq).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, -1))
}

/// Returns an entry's number as stored.
pub(crate) fn number(seq: Seq) -> rusqlite::Result<i64> {
    i64::try_from(seq.0).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}
