//! A whole database of several nodes: streamed from one snapshot, or created from a stream.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use proto::id::{CommandId, DeviceId, MemberId, PersonId, RoomId, Time};
use tokio::sync::mpsc::{Receiver, Sender};
use tokio_postgres::Row;

use super::{
    address::Address,
    reader::{self, digest, get},
    schema,
    session::{Failed as Refused, Session},
    verify::verify,
};
use crate::{
    Error,
    whole::{Check, Failed, Fill, Page, Pour, Record, Spout, Sum},
};

mod insert;

/// A kind of record: the query in stream order, the rows per fetch, and the row's reader.
struct Kind {
    sql: &'static str,
    at_once: u32,
    read: fn(&Row) -> Result<Record, Error>,
}

/// The kinds of record, in stream order: bytewise, whatever the database's collation.
const KINDS: [Kind; 6] = [
    Kind {
        sql: "SELECT room, seq, chain, body FROM entries ORDER BY room, seq",
        at_once: 200,
        read: entry,
    },
    Kind {
        sql: "SELECT room, id, body_hash, outcome FROM outcomes ORDER BY room, id",
        at_once: 1_000,
        read: outcome,
    },
    Kind {
        sql: "SELECT secret_hash, room, pass, uses_left, expires FROM invites ORDER BY secret_hash",
        at_once: 1_000,
        read: invite,
    },
    Kind {
        sql: "SELECT device, token_hash, room, pass, created, expires, revoked FROM logins
            ORDER BY device",
        at_once: 1_000,
        read: login,
    },
    Kind {
        sql: "SELECT at, room, person, member, device, what FROM accesses ORDER BY number",
        at_once: 1_000,
        read: access,
    },
    Kind {
        sql: "SELECT shelf, key, body, at FROM shelf ORDER BY shelf COLLATE \"C\", key",
        at_once: 1,
        read: document,
    },
];

/// The tables that are filled.
const TABLES: &str = "heads, entries, outcomes, invites, logins, accesses, shelf";

/// Returns whether any table holds a row.
const IS_OCCUPIED: &str = "SELECT EXISTS (SELECT FROM heads) OR EXISTS (SELECT FROM entries)
    OR EXISTS (SELECT FROM outcomes) OR EXISTS (SELECT FROM invites) OR EXISTS (SELECT FROM logins)
    OR EXISTS (SELECT FROM accesses) OR EXISTS (SELECT FROM shelf)";

/// Counts the other connections of nodes or of the operator's commands.
const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'muster' AND pid <> pg_backend_pid()";

/// How long the server may take to notice that a node has just stopped.
const LEAVING: Duration = Duration::from_secs(3);
/// Interval between those checks.
const LOOK: Duration = Duration::from_millis(100);

/// The whole content of a database, as a source or as a destination.
#[derive(Debug, Clone)]
pub struct PostgresWhole {
    address: Address,
}

/// Keeps nodes from writing while it is held.
#[derive(Debug)]
pub struct Still {
    _session: Session,
}

impl PostgresWhole {
    /// Returns the database at this address, which may not have tables yet.
    pub fn new(address: Address) -> Self {
        Self { address }
    }

    /// Keeps nodes from writing until the returned guard is dropped.
    ///
    /// Errors: [`Error::Locked`] when one is connected.
    pub async fn still(&self) -> Result<Still, Error> {
        const LOCKING: &str = "locking the database";
        let session = self.patient().await?;
        let begun = Instant::now();
        loop {
            let rows = session.ask(OTHERS, &[]).await.map_err(|failed| failed.reading(LOCKING))?;
            if rows.first().map(|row| get::<i64>(row, 0)).transpose()? == Some(0) {
                break;
            }
            if begun.elapsed() > LEAVING {
                return Err(Error::Locked(self.address.to_string()));
            }
            tokio::time::sleep(LOOK).await;
        }
        let sql = format!("BEGIN; LOCK TABLE {TABLES} IN EXCLUSIVE MODE");
        session.run(&sql).await.map_err(|failed| failed.reading(LOCKING))?;
        Ok(Still { _session: session })
    }

    /// Returns a connection with long timeouts.
    async fn patient(&self) -> Result<Session, Error> {
        const OPENING: &str = "opening the database";
        let opened = Session::open(&self.address).await;
        let mut session = opened.map_err(|failed| failed.reading(OPENING))?;
        session.be_patient().await.map_err(|failed| failed.reading(OPENING))?;
        Ok(session)
    }
}

#[async_trait]
impl Pour for PostgresWhole {
    async fn pour(&self, into: Sender<Page>) -> Result<Sum, Failed> {
        let session = self.patient().await?;
        if !schema::recognise(&session).await? {
            let words = format!("{} holds nothing yet", self.address);
            return Err(Error::Unreadable(words).into());
        }
        session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(reading)?;
        pour(&session, Some(&into)).await
    }
}

/// Streams everything that the open transaction sees; without a receiver it only computes the
/// totals.
async fn pour(session: &Session, into: Option<&Sender<Page>>) -> Result<Sum, Failed> {
    let hand_on = async |page| match into {
        Some(into) => into.send(page).await.map_err(|_| Failed::Unheard),
        None => Ok(()),
    };
    let mut spout = Spout::default();
    for Kind { sql, at_once, read } in &KINDS {
        session.run(&format!("DECLARE whole NO SCROLL CURSOR FOR {sql}")).await.map_err(reading)?;
        let fetch = format!("FETCH {at_once} FROM whole");
        loop {
            let rows = session.ask(&fetch, &[]).await.map_err(reading)?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                spout.put(read(row)?)?;
            }
            if let Some(page) = spout.full() {
                hand_on(page).await?;
            }
        }
        session.run("CLOSE whole").await.map_err(reading)?;
    }
    let (page, sum) = spout.end()?;
    hand_on(page).await?;
    Ok(sum)
}

#[async_trait]
impl Fill for PostgresWhole {
    async fn fill(&self, mut from: Receiver<Page>) -> Result<Sum, Failed> {
        schema::prepare(&self.address).await?;
        let session = self.patient().await?;
        let sql = format!("BEGIN; LOCK TABLE {TABLES} IN EXCLUSIVE MODE");
        session.run(&sql).await.map_err(writing)?;
        let occupied = session.ask(IS_OCCUPIED, &[]).await.map_err(reading)?;
        if occupied.first().map(|row| get::<bool>(row, 0)).transpose()? != Some(false) {
            return Err(Failed::Occupied(format!(
                "{} holds rooms or logins already; choose an empty database",
                self.address
            )));
        }
        let mut check = Check::default();
        while let Some(page) = from.recv().await {
            for record in &page {
                check.take(record)?;
            }
            insert::page(&session, &page).await?;
        }
        let sum = check.end()?;
        insert::heads(&session, &check).await?;
        // Read back what was written before it is visible to anybody else.
        if pour(&session, None).await? != sum {
            return Err(Failed::Broken(
                "the database does not hold what was written to it".to_owned(),
            ));
        }
        session.run("COMMIT").await.map_err(writing)?;
        verify(&self.address).await.map_err(|fault| Failed::Broken(fault.to_string()))?;
        Ok(sum)
    }
}

fn reading(failed: Refused) -> Failed {
    failed.reading("reading the database").into()
}

fn writing(failed: Refused) -> Failed {
    failed.writing("writing the database").into()
}

fn text(row: &Row, column: usize) -> Result<String, Error> {
    let bytes: Vec<u8> = get(row, column)?;
    // The error itself would quote the bytes.
    let no_text = |_| Error::Broken("the database holds bytes where text belongs".to_owned());
    String::from_utf8(bytes).map_err(no_text)
}

fn entry(row: &Row) -> Result<Record, Error> {
    Ok(Record::Entry {
        room: RoomId(get(row, 0)?),
        seq: reader::seq(row, 1)?,
        chain: digest(row, 2)?,
        body: text(row, 3)?,
    })
}

fn outcome(row: &Row) -> Result<Record, Error> {
    Ok(Record::Outcome {
        room: RoomId(get(row, 0)?),
        id: CommandId(get(row, 1)?),
        body_hash: digest(row, 2)?,
        outcome: get(row, 3)?,
    })
}

fn invite(row: &Row) -> Result<Record, Error> {
    let uses: Option<i64> = get(row, 3)?;
    let wrong = |_| Error::Broken("the database holds an invalid invite".to_owned());
    Ok(Record::Invite {
        secret_hash: digest(row, 0)?,
        room: RoomId(get(row, 1)?),
        pass: get(row, 2)?,
        uses_left: uses.map(u32::try_from).transpose().map_err(wrong)?,
        expires: Time(get(row, 4)?),
    })
}

fn login(row: &Row) -> Result<Record, Error> {
    Ok(Record::Login {
        device: DeviceId(get(row, 0)?),
        token_hash: digest(row, 1)?,
        room: RoomId(get(row, 2)?),
        pass: get(row, 3)?,
        created: Time(get(row, 4)?),
        expires: Time(get(row, 5)?),
        revoked: get(row, 6)?,
    })
}

fn access(row: &Row) -> Result<Record, Error> {
    Ok(Record::Access {
        at: Time(get(row, 0)?),
        room: RoomId(get(row, 1)?),
        person: PersonId(get(row, 2)?),
        member: MemberId(get(row, 3)?),
        device: DeviceId(get(row, 4)?),
        what: get(row, 5)?,
    })
}

fn document(row: &Row) -> Result<Record, Error> {
    Ok(Record::Document {
        shelf: get(row, 0)?,
        key: text(row, 1)?,
        body: get(row, 2)?,
        at: Time(get(row, 3)?),
    })
}
