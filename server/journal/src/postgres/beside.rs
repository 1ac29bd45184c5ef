//! Reads a database beside the nodes that write it.

use async_trait::async_trait;
use proto::id::{CommandId, Cursor, RoomId, Seq};
use tokio::sync::watch;

use super::{address::Address, pool::Pool, reader, schema, session::Session};
use crate::{Batch, Decided, Error, Health, Journal, Stored};

/// The journal in one `PostgreSQL` database, read-only: it creates no table and writes nothing.
#[derive(Debug)]
pub struct Beside {
    pool: Pool,
}

impl Beside {
    /// Opens the database for reading, whether nodes run on it or not.
    ///
    /// Errors: [`Error::Away`] when it is unreachable; [`Error::Unreadable`] when it is not a
    /// Muster database, or was written by a later release.
    pub async fn open(address: Address) -> Result<Self, Error> {
        let opened = Session::open(&address).await;
        let session = opened.map_err(|failed| failed.reading("opening the database"))?;
        if schema::recognise(&session).await? {
            return Ok(Self {
                pool: Pool::new(address.into(), watch::channel(Health::Writable).1),
            });
        }
        Err(Error::Unreadable(format!("{address} holds nothing yet")))
    }
}

#[async_trait]
impl Journal for Beside {
    async fn append(&self, _: Batch) -> Result<Cursor, Error> {
        Err(Error::Stopped("the database was opened read-only".to_owned()))
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

    fn health(&self) -> watch::Receiver<Health> {
        Health::Stopped.fixed()
    }
}
