//! The connections for reading and for the registry: a few, kept open, each used by one at a time.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Semaphore, time::timeout};
use tokio_postgres::Row;

use super::{
    address::Address,
    session::{Failed, Given, Session},
};
use crate::Error;

/// How long to wait for a turn.
const WAIT: Duration = Duration::from_secs(3);

/// The connections.
#[derive(Debug)]
pub(super) struct Pool {
    address: Arc<Address>,
    idle: Mutex<Vec<Session>>,
    turns: Semaphore,
}

impl Pool {
    pub(super) fn new(address: Arc<Address>) -> Self {
        let turns = Semaphore::new(address.connections);
        Self { address, idle: Mutex::default(), turns }
    }

    /// Says a statement once.
    pub(super) async fn ask(&self, sql: &str, given: &[Given<'_>]) -> Result<Vec<Row>, Failed> {
        self.ask_by(sql, given, false).await
    }

    /// Says a statement once, of which the answer is passed on as a promise, if it must be one.
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
            None => Session::open(&self.address).await?,
        };
        let settled = if is_promise { session.settle().await } else { Ok(()) };
        let asked = match settled {
            Ok(()) => session.ask(sql, given).await,
            Err(failed) => Err(failed),
        };
        match &asked {
            Ok(_) | Err(Failed::Refused { .. }) => self.idle().push(session),
            Err(Failed::Lost(_) | Failed::Away(_) | Failed::Unfit(_)) => {
                // Whatever ended this one has probably ended those beside it.
                self.idle().clear();
                session.cut();
            }
        }
        drop(turn);
        asked
    }

    /// Says a statement that may be said twice, and says it twice when the connection was lost.
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

    /// Reads what is told as a promise: what an answer waits for has it too.
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

    /// Reads.
    pub(super) async fn read(
        &self,
        attempt: &'static str,
        sql: &str,
        given: &[Given<'_>],
    ) -> Result<Vec<Row>, Error> {
        self.ask_again(sql, given).await.map_err(|failed| failed.reading(attempt))
    }

    fn rested(&self) -> Option<Session> {
        let mut idle = self.idle();
        std::iter::from_fn(|| idle.pop()).find(|session| !session.is_over())
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
