//! The connections for reads and for the registry: a small pool, each used by one caller at a time.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, watch},
    time::{Instant, timeout},
};
use tokio_postgres::Row;

use super::{
    address::Address,
    session::{Failed, Given, Session},
};
use crate::{Error, Health};

/// How long to wait for a connection.
const WAIT: Duration = Duration::from_secs(3);
/// The minimum duration of a connection attempt that counts as unanswered: a refusal comes sooner.
const UNANSWERED: Duration = Duration::from_millis(500);
/// How long other callers fail fast after an unanswered attempt: each would wait as long, queued
/// behind the others.
const REST: Duration = Duration::from_secs(1);

/// The pool.
#[derive(Debug)]
pub(super) struct Pool {
    address: Arc<Address>,
    health: watch::Receiver<Health>,
    idle: Mutex<Vec<Session>>,
    turns: Semaphore,
    /// When the last unanswered connection attempt ended.
    unanswered: Mutex<Option<Instant>>,
}

impl Pool {
    pub(super) fn new(address: Arc<Address>, health: watch::Receiver<Health>) -> Self {
        let turns = Semaphore::new(address.connections);
        let (idle, unanswered) = (Mutex::default(), Mutex::default());
        Self { address, health, idle, turns, unanswered }
    }

    /// Runs a statement once.
    pub(super) async fn ask(&self, sql: &str, given: &[Given<'_>]) -> Result<Vec<Row>, Failed> {
        self.ask_by(sql, given, false).await
    }

    /// Runs a statement once; `is_promise` when its result is passed on as a promise.
    async fn ask_by(
        &self,
        sql: &str,
        given: &[Given<'_>],
        is_promise: bool,
    ) -> Result<Vec<Row>, Failed> {
        let busy = || Failed::Away("every connection to the database is in use".to_owned());
        let turn = timeout(WAIT, self.turns.acquire()).await.map_err(|_| busy())?;
        let mut session = match self.rested() {
            Some(session) => session,
            None => self.connect().await?,
        };
        let settled = if is_promise { session.settle().await } else { Ok(()) };
        let asked = match settled {
            Ok(()) => session.ask(sql, given).await,
            Err(failed) => Err(failed),
        };
        match &asked {
            Ok(_) | Err(Failed::Refused { .. }) => self.idle().push(session),
            Err(Failed::Lost(_) | Failed::Away(_) | Failed::Unfit(_)) => {
                // Whatever broke this connection has probably broken the idle ones.
                self.idle().clear();
                session.cut();
            }
        }
        drop(turn);
        asked
    }

    /// Runs an idempotent statement, retrying once when the connection was lost.
    pub(super) async fn ask_again(
        &self,
        sql: &str,
        given: &[Given<'_>],
    ) -> Result<Vec<Row>, Failed> {
        match self.ask(sql, given).await {
            Err(Failed::Lost(_)) => self.ask(sql, given).await,
            answered => answered,
        }
    }

    /// Reads what is passed on as a promise: the standby that commits wait for has it too.
    pub(super) async fn read_kept(
        &self,
        attempt: &'static str,
        sql: &str,
        given: &[Given<'_>],
    ) -> Result<Vec<Row>, Error> {
        let asked = match self.ask_by(sql, given, true).await {
            Err(Failed::Lost(_)) => self.ask_by(sql, given, true).await,
            answered => answered,
        };
        asked.map_err(|failed| failed.reading(attempt))
    }

    pub(super) async fn read(
        &self,
        attempt: &'static str,
        sql: &str,
        given: &[Given<'_>],
    ) -> Result<Vec<Row>, Error> {
        self.ask_again(sql, given).await.map_err(|failed| failed.reading(attempt))
    }

    /// Opens a connection, unless one was tried a moment ago without an answer.
    async fn connect(&self) -> Result<Session, Failed> {
        let is_away =
            *self.health.borrow() == Health::Away && cfg!(not(plant = "silence_queued_for"));
        let tried = *locked(&self.unanswered);
        if is_away && tried.is_some_and(|at| at.elapsed() < REST) {
            return Err(Failed::Away(format!("{}: no answer a moment ago", self.address)));
        }
        let began = Instant::now();
        let opened = Session::open(&self.address).await;
        if opened.is_err() && began.elapsed() >= UNANSWERED {
            *locked(&self.unanswered) = Some(Instant::now());
        }
        opened
    }

    fn rested(&self) -> Option<Session> {
        let mut idle = self.idle();
        std::iter::from_fn(|| idle.pop()).find(|session| !session.is_over())
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Session>> {
        locked(&self.idle)
    }
}

fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
