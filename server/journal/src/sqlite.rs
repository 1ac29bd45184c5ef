//! The default store: one `SQLite` file, one writer thread, many readers.

use std::{
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use proto::id::{CommandId, Cursor, RoomId, Seq};
use tokio::sync::watch;

use crate::{Batch, Decided, Error, Health, Journal, Stored, admit::Head};

mod beside;
mod group;
mod lock;
mod logins;
mod reader;
pub(crate) mod schema;
mod whole;
mod writer;

pub use beside::Beside;
use group::{Done, Job};
use lock::Lock;
use reader::Readers;
pub use whole::{SqliteWhole, Still};
use writer::Writer;

/// When a commit is synced to disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    /// Before it is acknowledged.
    Full,
    /// Some time later. A control for the power-cut test, which must fail with it; never for
    /// production.
    Normal,
}

/// Options for opening a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// When a commit is synced to disk.
    pub synchronous: Synchronous,
    /// The estimated size in bytes of the write-ahead log at which it is checkpointed even while
    /// writes are waiting; it is checkpointed earlier when idle.
    pub checkpoint_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { synchronous: Synchronous::Full, checkpoint_bytes: 16 * 1024 * 1024 }
    }
}

/// The journal and registry in one `SQLite` file.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    readers: Arc<Readers>,
    writer: Writer,
    health: watch::Receiver<Health>,
}

impl Sqlite {
    /// Opens the database at this path as its only writer, creating it if needed.
    ///
    /// Errors: [`Error::Locked`] when another process has it; [`Error::Unreadable`] when it is not
    /// a Muster database, or was written by a later release.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::open_with(path, Options::default())
    }

    /// Opens the database like [`Sqlite::open`], with the given options.
    pub fn open_with(path: &Path, options: Options) -> Result<Self, Error> {
        let lock = Lock::take(path)?;
        make_private(path);
        let connection = schema::open_writer(path, options.synchronous)?;
        let (tell, health) = watch::channel(Health::Writable);
        let writer = Writer::start(lock, path, connection, options.checkpoint_bytes, tell)?;
        Ok(Self { path: path.to_owned(), readers: Arc::new(Readers::new(path)), writer, health })
    }

    /// Returns the path of the database.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Creates a missing database file readable by its owner alone; `SQLite` gives its side files the
/// same mode. Errors surface when the database is opened.
fn make_private(path: &Path) {
    let fresh = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    drop(fresh);
}

#[async_trait]
impl Journal for Sqlite {
    async fn append(&self, batch: Batch) -> Result<Cursor, Error> {
        match self.writer.submit(Job::Append(batch)).await? {
            Done::Head(head) => Ok(head),
            Done::Kept | Done::Found(_) | Done::Redeemed(_) | Done::Counted(_) => {
                Err(group::mixed_up())
            }
        }
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
        self.health.clone()
    }
}
