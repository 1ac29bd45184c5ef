//! Looks after the database: says when it is away, and tries by itself until it takes writes again. Now and then it
//! finds out how large it is.

use std::{sync::Arc, time::Duration};

use proto::id::Time;
use tokio::{
    sync::watch,
    task::AbortHandle,
    time::{Instant, sleep, timeout},
};

use super::{
    address::Address,
    clock::{Shown, now_ms},
    reader::get,
    session::{Failed, Session},
};
use crate::Health;

/// The time between two looks at a database that is well, so that a room without work knows it too.
const LOOK: Duration = Duration::from_secs(2);
/// The shortest time between two tries of one that is not, and the longest.
const TRY: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(2));
/// How long a look may take.
const PATIENCE: Duration = Duration::from_secs(4);
/// The time between two questions how large it is: as often as figures are read.
const MEASURE: Duration = Duration::from_secs(15);
/// How long the answer may take. The server looks at each of its files for it, and while it does so nobody looks whether
/// it takes writes.
const MEASURED: Duration = Duration::from_secs(1);
/// The time between two looks at who the server is, by a connection made anew where it must prove itself: a certificate
/// that ends, or one that is not believed, is then known before the connections that there are have broken.
const PROVE: Duration = Duration::from_secs(30);

/// What a healthy database is asked: without a write, for it is asked by every node for ever.
const LOOKS: &str = concat!(
    "SELECT NOT (pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean), ",
    now_ms!()
);
/// What one that was not is asked.
const WRITES: &str = concat!("UPDATE probe SET number = number + 1 RETURNING true, ", now_ms!());

/// What tells how large it is.
const SIZE: &str = "SELECT pg_database_size(current_database())";

/// What one whose disk was full must have room for first: a table of a megabyte, on the disk that the entries are on. A
/// count fits where no entry does, and screens would be told one thing and then the other.
const ROOM: &str = "
    SET LOCAL temp_tablespaces = '';
    CREATE TEMPORARY TABLE muster_room ON COMMIT DROP AS
        SELECT repeat('x', 1000) AS filler FROM generate_series(1, 1000)";

/// Starts looking, until it is aborted.
pub(super) fn start(
    address: Arc<Address>,
    health: watch::Sender<Health>,
    clock: watch::Sender<Shown>,
    size: watch::Sender<Option<u64>>,
) -> AbortHandle {
    let (measured, session, told) = (None, None, None);
    let proved = Instant::now();
    let watchman = Watchman { address, health, clock, size, measured, proved, session, told };
    tokio::spawn(watchman.watch()).abort_handle()
}

struct Watchman {
    address: Arc<Address>,
    health: watch::Sender<Health>,
    /// Looked at on the way.
    clock: watch::Sender<Shown>,
    /// How many bytes it takes.
    size: watch::Sender<Option<u64>>,
    /// When that was asked last.
    measured: Option<Instant>,
    /// When the server was last looked at by a fresh connection.
    proved: Instant,
    session: Option<Session>,
    /// Why it did not answer, as was told last.
    told: Option<String>,
}

impl Watchman {
    async fn watch(mut self) {
        let mut pause = TRY.0;
        let mut known = self.health.subscribe();
        loop {
            if *self.health.borrow() == Health::Writable {
                self.measure().await;
                self.prove().await;
            }
            let is_well = *known.borrow_and_update() == Health::Writable;
            let wait = if is_well { LOOK } else { pause };
            tokio::select! {
                () = sleep(wait) => {}
                // What the writer met is looked at as soon as it has been met.
                changed = known.changed() => if changed.is_err() { return },
            }
            let was = *self.health.borrow();
            let found = self.look(was).await;
            pause = if found == Health::Writable { TRY.0 } else { (pause * 2).min(TRY.1) };
            self.tell(found, was == Health::Writable);
        }
    }

    /// Looks, and looks again by another connection when that does not answer: it may be the only one that has
    /// broken.
    async fn look(&mut self, was: Health) -> Health {
        let looked = match self.ask_in_time(was).await {
            Err(Failed::Lost(_) | Failed::Away(_)) => self.ask_in_time(was).await,
            answered => answered,
        };
        match looked {
            Ok(takes_writes) => {
                self.told = None;
                if takes_writes { Health::Writable } else { Health::Away }
            }
            Err(failed) => {
                self.say(&failed);
                failed.health().unwrap_or(Health::Away)
            }
        }
    }

    /// Tells why the database does not answer: loudly once, and softly for as long as it is for the same reason.
    fn say(&mut self, failed: &Failed) {
        let words = failed.to_string();
        if self.told.as_ref() == Some(&words) {
            tracing::debug!(%failed, "the database does not answer");
        } else {
            tracing::warn!(%failed, "the database does not answer");
            self.told = Some(words);
        }
    }

    async fn ask_in_time(&mut self, was: Health) -> Result<bool, Failed> {
        let asked = timeout(PATIENCE, self.ask(was)).await;
        let answered = asked.unwrap_or_else(|_| Err(Failed::Lost("no answer".to_owned())));
        // What does not answer, or takes no writes, may have moved: the next look finds out where it is.
        if !matches!(answered, Ok(true))
            && let Some(session) = self.session.take()
        {
            session.cut();
        }
        answered
    }

    /// Finds out how large it is, if that is due. What is known stays where no answer comes in time.
    async fn measure(&mut self) {
        if self.measured.is_some_and(|at| at.elapsed() < MEASURE) {
            return;
        }
        self.measured = Some(Instant::now());
        let asked = timeout(MEASURED, self.ask_size()).await;
        match asked.unwrap_or_else(|_| Err(Failed::Lost("no answer".to_owned()))) {
            Ok(bytes) => drop(self.size.send_replace(bytes)),
            Err(failed) => {
                tracing::debug!(%failed, "the database does not say how large it is");
                if let Some(session) = self.session.take() {
                    session.cut();
                }
            }
        }
    }

    /// Connects anew, if that is due. While the server cannot prove itself the connection that there is goes on.
    async fn prove(&mut self) {
        if !self.address.is_over_tls || self.proved.elapsed() < PROVE {
            return;
        }
        self.proved = Instant::now();
        match timeout(MEASURED, Session::open(&self.address)).await {
            Ok(Ok(fresh)) => {
                // The one before it listens, and is ended with a word.
                drop(self.session.replace(fresh));
            }
            Ok(Err(failed)) => {
                tracing::warn!(%failed, "the database takes no further connection");
            }
            Err(_) => tracing::debug!("the database did not take a connection in time"),
        }
    }

    async fn ask_size(&mut self) -> Result<Option<u64>, Failed> {
        let Some(session) = self.session().await? else { return Ok(None) };
        let rows = session.ask(SIZE, &[]).await?;
        let bytes: Option<i64> = rows.first().and_then(|row| get(row, 0).ok());
        Ok(bytes.and_then(|bytes| u64::try_from(bytes).ok()))
    }

    /// Returns the connection, made anew if it has ended.
    async fn session(&mut self) -> Result<Option<&Session>, Failed> {
        if self.session.as_ref().is_none_or(Session::is_over) {
            self.session = Some(Session::open(&self.address).await?);
        }
        Ok(self.session.as_ref())
    }

    async fn ask(&mut self, was: Health) -> Result<bool, Failed> {
        let Some(session) = self.session().await? else { return Ok(false) };
        let sql = match was {
            Health::Writable => LOOKS,
            Health::Full if cfg!(plant = "full_by_turns") => WRITES,
            Health::Full => {
                session.run(ROOM).await?;
                WRITES
            }
            Health::Away | Health::Stopped => WRITES,
        };
        let rows = session.ask(sql, &[]).await?;
        let Some(row) = rows.first() else { return Ok(false) };
        if let Ok(now) = get(row, 1) {
            self.clock.send_replace(Shown::just(Time(now)));
        }
        Ok(get(row, 0).unwrap_or(false))
    }

    /// A look that only read does not overrule what the writer has met meanwhile.
    fn tell(&self, found: Health, only_read: bool) {
        self.health.send_if_modified(|known| {
            let is_news = *known != found;
            let may_tell = found != Health::Writable || !only_read;
            if is_news && may_tell {
                *known = found;
            }
            is_news && may_tell
        });
    }
}
