//! Reads a database from another process, beside its writer.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use proto::id::{CommandId, Cursor, RoomId, Seq};
use tokio::sync::watch;

use super::{
    reader::{self, Readers},
    schema::{self, Found},
};
use crate::{Batch, Decided, Error, Health, Journal, Stored, admit::Head};

/// The journal in one `SQLite` file, read-only: it takes no lock and writes nothing.
#[derive(Debug)]
pub struct Beside {
    readers: Arc<Readers>,
}

impl Beside {
    /// Opens the database at this path for reading, whether a node runs on it or not.
    ///
    /// Errors: [`Error::Unreadable`] when it is not a Muster database, or was written by a later
    /// release.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let unreadable = |words: String| Error::Unreadable(words);
        let connection = schema::open_reader(path).map_err(|error| {
            unreadable(format!("cannot open the database {}: {error}", path.display()))
        })?;
        match schema::recognise(&connection, path)? {
            Found::Ours(_) => Ok(Self { readers: Arc::new(Readers::new(path)) }),
            Found::Empty => Err(unreadable(format!("{} holds nothing yet", path.display()))),
        }
    }
}

#[async_trait]
impl Journal for Beside {
    async fn append(&self, _: Batch) -> Result<Cursor, Error> {
        Err(Error::Stopped("the database was opened read-only".to_owned()))
    }

    async fn read(&self, room: RoomId, from: Seq, limit: usize) -> Result<Vec<Stored>, Error> {
        let query = move |reader: &_| reader::entries(reader, room, from, limit);
        self.readers.run("reading entries", query).await
    }

    async fn head(&self, room: RoomId) -> Result<Option<Cursor>, Error> {
        let query = move |reader: &_| Ok(schema::head(reader, room)?.map(Head::cursor));
        self.readers.run("reading a room's head", query).await
    }

    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<(RoomId, Cursor)>, Error> {
        let rooms = rooms.to_vec();
        let query = move |reader: &_| reader::heads(reader, &rooms);
        self.readers.run("reading the heads of rooms", query).await
    }

    async fn outcomes(&self, room: RoomId, ids: &[CommandId]) -> Result<Vec<Decided>, Error> {
        let ids = ids.to_vec();
        let query = move |reader: &_| reader::outcomes(reader, room, &ids);
        self.readers.run("reading outcomes", query).await
    }

    async fn rooms(&self) -> Result<Vec<RoomId>, Error> {
        self.readers.run("reading the list of rooms", |reader| Ok(schema::rooms(reader)?)).await
    }

    fn health(&self) -> watch::Receiver<Health> {
        Health::Stopped.fixed()
    }
}
