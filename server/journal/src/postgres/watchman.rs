//! Monitors the database: reports when it is away, and retries until it accepts writes again. Also
//! measures its size from time to time.

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

/// Interval between checks of a healthy database, so that an idle room notices trouble too.
const LOOK: Duration = Duration::from_secs(2);
/// The shortest and the longest interval between retries of an unhealthy one.
const TRY: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(2));
/// Timeout of a check.
const PATIENCE: Duration = Duration::from_secs(4);
/// Interval between size measurements: as often as metrics are scraped.
const MEASURE: Duration = Duration::from_secs(15);
/// Timeout of a size measurement. The server stats each of its files for it, and health checks wait
/// meanwhile.
const MEASURED: Duration = Duration::from_secs(1);
/// Interval between checks of the server's certificate, on a fresh connection where TLS is in use:
/// an expired or untrusted certificate shows before the existing connections have broken.
const PROVE: Duration = Duration::from_secs(30);

/// The check of a healthy database: read-only, because every node runs it for ever.
const LOOKS: &str = concat!(
    "SELECT NOT (pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean), ",
    now_ms!()
);
/// The check of an unhealthy one.
const WRITES: &str = concat!("UPDATE probe SET number = number + 1 RETURNING true, ", now_ms!());

/// Measures the size.
const SIZE: &str = "SELECT pg_database_size(current_database())";

/// What must fit first on a disk that was full: a table of a megabyte, on the disk of the entries.
/// The probe's counter fits where no entry does, and screens would see the store flap.
const ROOM: &str = "
    SET LOCAL temp_tablespaces = '';
    CREATE TEMPORARY TABLE muster_room ON COMMIT DROP AS
        SELECT repeat('x', 1000) AS filler FROM generate_series(1, 1000)";

/// Starts monitoring, until aborted.
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
    /// The database's clock, read with each check.
    clock: watch::Sender<Shown>,
    /// The size in bytes.
    size: watch::Sender<Option<u64>>,
    /// When the size was last measured.
    measured: Option<Instant>,
    /// When the server's certificate was last checked on a fresh connection.
    proved: Instant,
    session: Option<Session>,
    /// The last reported reason why it did not answer.
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
                // A fault met by the writer is checked at once.
                changed = known.changed() => if changed.is_err() { return },
            }
            let was = *self.health.borrow();
            let found = self.look(was).await;
            pause = if found == Health::Writable { TRY.0 } else { (pause * 2).min(TRY.1) };
            self.tell(found, was == Health::Writable);
        }
    }

    /// Checks, and retries on another connection when that fails: the connection alone may have
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

    /// Logs why the database does not answer: as a warning once, then at debug level while the
    /// reason stays the same.
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
        // A server that does not answer, or accepts no writes, may have been replaced: the next
        // check looks for it.
        if !matches!(answered, Ok(true))
            && let Some(session) = self.session.take()
        {
            session.cut();
        }
        answered
    }

    /// Measures the size, if that is due. The last value stays when no answer comes in time.
    async fn measure(&mut self) {
        if self.measured.is_some_and(|at| at.elapsed() < MEASURE) {
            return;
        }
        self.measured = Some(Instant::now());
        let asked = timeout(MEASURED, self.ask_size()).await;
        match asked.unwrap_or_else(|_| Err(Failed::Lost("no answer".to_owned()))) {
            Ok(bytes) => drop(self.size.send_replace(bytes)),
            Err(failed) => {
                tracing::debug!(%failed, "cannot measure the database's size");
                if let Some(session) = self.session.take() {
                    session.cut();
                }
            }
        }
    }

    /// Connects again, if that is due. While the server cannot prove its identity, the existing
    /// connection stays in use.
    async fn prove(&mut self) {
        if !self.address.is_over_tls || self.proved.elapsed() < PROVE {
            return;
        }
        self.proved = Instant::now();
        match timeout(MEASURED, Session::open(&self.address)).await {
            Ok(Ok(fresh)) => {
                // The previous connection works, so it is closed cleanly.
                drop(self.session.replace(fresh));
            }
            Ok(Err(failed)) => {
                tracing::warn!(%failed, "the database accepts no further connection");
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

    /// Returns the connection, reconnecting if it has ended.
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

    /// Publishes a health. A read-only check does not overrule what the writer has met meanwhile.
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
