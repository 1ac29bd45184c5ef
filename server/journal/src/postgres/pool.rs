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
        let busy = || Failed::Away("every connection to the database is in use".to_owned());
        let turn = timeout(WAIT, self.turns.acquire()).await.map_err(|_| busy())?;
        let session = match self.rested() {
            Some(session) => session,
            None => Session::open(&self.address).await?,
        };
        let asked = session.ask(sql, given).await;
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
