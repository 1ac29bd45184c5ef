//! The store for several nodes: one `PostgreSQL` database, written by all of them.
//!
//! There is no leader. A batch is written by a compare-and-set on its room's head; a node that
//! loses reads what the others wrote. A commit with an unknown result is written again: it commits
//! once, whichever of the two arrives.

use std::sync::Arc;

use async_trait::async_trait;
use proto::id::{CommandId, Cursor, RoomId, Seq, Time};
use tokio::{sync::watch, task::AbortHandle};

use crate::{Batch, Decided, Error, Health, Journal, Stored};

pub mod address;
mod beside;
mod clock;
mod group;
mod hosts;
mod logins;
mod pause;
mod pool;
mod reader;
mod schema;
mod session;
mod verify;
mod watchman;
mod whole;
mod writer;

pub use address::{Address, AddressError, Asked};
pub use beside::Beside;
use clock::Shown;
use pool::Pool;
pub use verify::verify;
pub use whole::{PostgresWhole, Still};
use writer::Writer;

/// The journal and registry in one `PostgreSQL` database.
#[derive(Debug)]
pub struct Postgres {
    pool: Arc<Pool>,
    writer: Writer,
    health: watch::Receiver<Health>,
    clock: watch::Receiver<Shown>,
    size: watch::Receiver<Option<u64>>,
    watchman: AbortHandle,
}

impl Postgres {
    /// Opens the database, with its tables created or migrated.
    ///
    /// Errors: [`Error::Away`] when it is unreachable; [`Error::Unreadable`] when it is not
    /// durable, or was written by a later release and cannot be used by this one.
    pub async fn open(address: Address) -> Result<Self, Error> {
        let address = Arc::new(address);
        let (standing, shown) = schema::prepare(&address).await?;
        let (tell, health) = watch::channel(standing);
        let (show, clock) = watch::channel(shown);
        let (measure, size) = watch::channel(None);
        let watchman = watchman::start(Arc::clone(&address), tell.clone(), show, measure);
        let writer = Writer::start(Arc::clone(&address), tell);
        let pool = Arc::new(Pool::new(address, health.clone()));
        Ok(Self { pool, writer, health, clock, size, watchman })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.watchman.abort();
    }
}

#[async_trait]
impl Journal for Postgres {
    async fn append(&self, batch: Batch) -> Result<Cursor, Error> {
        match crate::admit::admit_apart(&batch) {
            Ok(reached) => self.writer.submit(batch, reached).await,
            // The batch is invalid whatever the head is; a stale head is reported first.
            Err(broken) => {
                let head = reader::whole_head(&self.pool, batch.room).await?;
                crate::admit::admit(head, &batch)?;
                Err(broken)
            }
        }
    }

    async fn read(&self, room: RoomId, from: Seq, limit: usize) -> Result<Vec<Stored>, Error> {
        reader::entries(&self.pool, room, from, limit).await
    }

    async fn head(&self, room: RoomId) -> Result<Option<Cursor>, Error> {
        reader::head(&self.pool, room).await
    }

    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<(RoomId, Cursor)>, Error> {
        reader::heads(&self.pool, rooms).await
    }

    async fn outcomes(&self, room: RoomId, ids: &[CommandId]) -> Result<Vec<Decided>, Error> {
        reader::outcomes(&self.pool, room, ids).await
    }

    async fn rooms(&self) -> Result<Vec<RoomId>, Error> {
        reader::rooms(&self.pool).await
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn time(&self) -> Option<Time> {
        cfg!(not(plant = "nodes_own_clocks")).then(|| self.clock.borrow().now())
    }

    fn bytes(&self) -> Option<u64> {
        *self.size.borrow()
    }

    fn health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }
}
