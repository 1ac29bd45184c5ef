//! The tables, and how they are migrated while nodes of the previous release still run.

use std::time::Duration;

use tokio_postgres::{error::SqlState, types::Type};

use super::{
    address::Address,
    clock::Shown,
    reader::get,
    session::{Failed, Session},
};
use crate::{Error, Health};

/// One migration. Migrations are added, never changed.
#[derive(Debug)]
struct Step {
    /// The statements.
    sql: &'static str,
    /// The oldest version of the tables whose release still reads and writes them after this step:
    /// its own when it changes what exists, an older one when it only adds.
    oldest: i32,
}

/// Each step upgrades the tables from the version of its index to the next.
const STEPS: [Step; 1] = [Step {
    oldest: 1,
    sql: "
    CREATE TABLE heads (
        room uuid PRIMARY KEY, seq bigint NOT NULL, chain bytea NOT NULL
    ) WITH (fillfactor = 50);
    CREATE TABLE entries (
        room uuid NOT NULL, seq bigint NOT NULL, chain bytea NOT NULL, body bytea NOT NULL,
        PRIMARY KEY (room, seq)
    );
    CREATE TABLE outcomes (
        room uuid NOT NULL, id uuid NOT NULL, body_hash bytea NOT NULL, outcome text NOT NULL,
        PRIMARY KEY (room, id)
    );
    CREATE TABLE invites (
        secret_hash bytea PRIMARY KEY, room uuid NOT NULL, pass text NOT NULL,
        uses_left bigint, expires bigint NOT NULL
    );
    CREATE TABLE logins (
        device uuid PRIMARY KEY, token_hash bytea NOT NULL UNIQUE, room uuid NOT NULL,
        pass text NOT NULL, created bigint NOT NULL, expires bigint NOT NULL,
        revoked boolean NOT NULL
    );
    CREATE INDEX logins_of_room ON logins (room, device);
    CREATE TABLE accesses (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at bigint NOT NULL,
        room uuid NOT NULL, person uuid NOT NULL, member uuid NOT NULL, device uuid NOT NULL,
        what text NOT NULL
    );
    CREATE INDEX accesses_of_person ON accesses (room, person, number);
    CREATE TABLE shelf (
        shelf text NOT NULL, key bytea NOT NULL, body bytea NOT NULL, at bigint NOT NULL,
        PRIMARY KEY (shelf, key)
    );
    CREATE TABLE probe (number bigint NOT NULL);
    INSERT INTO probe VALUES (0);
",
}];

/// The table that identifies a Muster database.
const VERSIONS: &str = "CREATE TABLE IF NOT EXISTS muster_tables (
    version integer PRIMARY KEY, oldest integer NOT NULL, since timestamptz NOT NULL DEFAULT now()
)";

/// The advisory lock for migrations: "MUSTTABL".
const LOCK: i64 = 0x4D55_5354_5441_424C;

/// Attempts at a step when a running node blocks it, or another node takes it first.
const TRIES: u32 = 16;
/// The shortest and the longest pause between attempts; each is twice the one before.
const PAUSE: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));

/// The state of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    /// Their version, or 0 when there are none.
    version: i32,
    /// The oldest version whose release can use them.
    oldest: i32,
}

/// Migrates the tables, and returns the database's health and the reading of its clock.
pub(super) async fn prepare(address: &Address) -> Result<(Health, Shown), Error> {
    let (mut last, mut pause) = (None, PAUSE.0);
    for _ in 0..TRIES {
        let session = Session::open(address).await.map_err(|failed| failed.reading(OPENING))?;
        match step_up(&session).await {
            Ok(Done::All) if session.is_writable => return Ok((Health::Writable, session.shown)),
            Ok(Done::All) => return Ok((Health::Away, session.shown)),
            Ok(Done::One) => continue,
            Err(Stopped::ForGood(error)) => return Err(error),
            Err(Stopped::ForNow(failed)) => last = Some(failed),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE.1);
    }
    let error = last.map(|failed| failed.reading(OPENING));
    Err(error.unwrap_or_else(|| Error::Away("the tables are being changed".to_owned())))
}

/// Returns whether the database has tables that this release can read.
pub(super) async fn recognise(session: &Session) -> Result<bool, Error> {
    match step_of(session).await {
        Ok(found) => Ok(found.version > 0),
        Err(Stopped::ForGood(error)) => Err(error),
        Err(Stopped::ForNow(failed)) => Err(failed.reading(OPENING)),
    }
}

const OPENING: &str = "opening the database";

enum Done {
    All,
    One,
}

enum Stopped {
    ForGood(Error),
    ForNow(Failed),
}

impl From<Failed> for Stopped {
    fn from(failed: Failed) -> Self {
        if let Failed::Refused { state, words } = &failed
            && *state == SqlState::DUPLICATE_TABLE
        {
            return Self::ForGood(Error::Unreadable(format!(
                "the database belongs to another program ({words}); make one for Muster alone"
            )));
        }
        Self::ForNow(failed)
    }
}

/// Applies the next step, if there is one: all of it, or nothing (E27).
async fn step_up(session: &Session) -> Result<Done, Stopped> {
    let found = step_of(session).await?;
    let Some((place, step)) = STEPS.iter().enumerate().find(|(place, _)| is_ahead(*place, found))
    else {
        return Ok(Done::All);
    };
    if !session.is_writable {
        return Err(Stopped::ForNow(Failed::Away(
            "the database accepts no writes, and its tables are out of date".to_owned(),
        )));
    }
    // Two nodes that start together take turns; the second fails on the version and checks again.
    let version = place + 1;
    let Step { sql, oldest } = step;
    let sql = format!(
        "BEGIN; SELECT pg_advisory_xact_lock({LOCK}); {VERSIONS};
         INSERT INTO muster_tables (version, oldest) VALUES ({version}, {oldest}); {sql}; COMMIT"
    );
    session.run(&sql).await?;
    Ok(Done::One)
}

fn is_ahead(place: usize, found: Found) -> bool {
    i32::try_from(place).is_ok_and(|place| place >= found.version)
}

/// Returns the state of the tables, if this release can use them.
async fn step_of(session: &Session) -> Result<Found, Stopped> {
    let ours = "SELECT to_regclass('muster_tables') IS NOT NULL";
    let is_ours = session.ask(ours, &[]).await?;
    let is_ours = is_ours.first().is_some_and(|row| get::<bool>(row, 0).unwrap_or(false));
    if !is_ours {
        return Ok(Found { version: 0, oldest: 0 });
    }
    let known = i32::try_from(STEPS.len()).unwrap_or(i32::MAX);
    let sql = "SELECT coalesce(max(version), 0),
        coalesce(max(oldest) FILTER (WHERE version > $1), 0) FROM muster_tables";
    let rows = session.ask(sql, &[(&known, Type::INT4)]).await?;
    let read = || {
        let row = rows.first()?;
        Some(Found { version: get(row, 0).ok()?, oldest: get(row, 1).ok()? })
    };
    let found = read().ok_or_else(|| Failed::Away("no answer".to_owned()))?;
    if found.oldest > known {
        return Err(Stopped::ForGood(Error::Unreadable(format!(
            "the database was written by a later release (its tables have version {}, and this release \
             knows {known}); run that release or a later one",
            found.version
        ))));
    }
    Ok(found)
}
