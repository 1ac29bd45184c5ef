//! A journal in memory that fails as a test tells it to, and waits when it is told to wait.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use journal::{Batch, Decided, Error, Health, Journal, Memory, Stored};
use proto::id::{CommandId, Cursor, RoomId, Seq};
use tokio::sync::{Semaphore, watch};

/// What becomes of one append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: it is written.
    None,
    /// The disk is full; nothing is written.
    Full,
    /// The database cannot be reached; nothing is written.
    Away,
    /// Somebody else wrote first, it says; nothing is written.
    Conflict,
    /// It is written, and the answer is lost.
    UnknownWritten,
    /// It is not written, and the answer is lost.
    UnknownLost,
}

/// The journal.
#[derive(Debug)]
pub struct Faulty {
    memory: Arc<Memory>,
    faults: Mutex<VecDeque<Fault>>,
    gate: Semaphore,
    unreadable: AtomicBool,
}

impl Faulty {
    /// Returns a journal that does not fail yet.
    pub fn new(memory: Arc<Memory>) -> Self {
        let gate = Semaphore::new(Semaphore::MAX_PERMITS);
        Self { memory, faults: Mutex::default(), gate, unreadable: AtomicBool::new(false) }
    }

    /// Appends fail like this from the next one on, one each.
    pub fn fails(&self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.lock().unwrap().extend(faults);
    }

    /// From here on it cannot be read, or can be again.
    pub fn is_unreadable(&self, it_is: bool) {
        self.unreadable.store(it_is, Ordering::SeqCst);
    }

    fn readable(&self) -> Result<(), Error> {
        let words = || Error::Away("as the test asked".to_owned());
        (!self.unreadable.load(Ordering::SeqCst)).then_some(()).ok_or_else(words)
    }

    /// Appends wait from here on.
    pub fn hold(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// Lets so many appends that wait go on.
    pub fn release(&self, appends: usize) {
        self.gate.add_permits(appends);
    }
}

#[async_trait]
impl Journal for Faulty {
    async fn append(&self, batch: Batch) -> Result<Cursor, Error> {
        self.gate.acquire().await.unwrap().forget();
        let fault = self.faults.lock().unwrap().pop_front().unwrap_or(Fault::None);
        let words = || "as the test asked".to_owned();
        match fault {
            Fault::None => self.memory.append(batch).await,
            Fault::Full => Err(Error::Full(words())),
            Fault::Away => Err(Error::Away(words())),
            Fault::Conflict => {
                let head = self.memory.head(batch.room).await?.unwrap_or_default();
                Err(Error::Conflict(head))
            }
            Fault::UnknownWritten => {
                self.memory.append(batch).await?;
                Err(Error::Unknown(words()))
            }
            Fault::UnknownLost => Err(Error::Unknown(words())),
        }
    }

    async fn read(&self, room: RoomId, from: Seq, limit: usize) -> Result<Vec<Stored>, Error> {
        self.readable()?;
        self.memory.read(room, from, limit).await
    }

    async fn head(&self, room: RoomId) -> Result<Option<Cursor>, Error> {
        self.readable()?;
        Journal::head(&*self.memory, room).await
    }

    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<(RoomId, Cursor)>, Error> {
        self.readable()?;
        self.memory.heads(rooms).await
    }

    async fn outcomes(&self, room: RoomId, ids: &[CommandId]) -> Result<Vec<Decided>, Error> {
        self.memory.outcomes(room, ids).await
    }

    async fn rooms(&self) -> Result<Vec<RoomId>, Error> {
        self.memory.rooms().await
    }

    fn is_shared(&self) -> bool {
        self.memory.is_shared()
    }

    fn health(&self) -> watch::Receiver<Health> {
        self.memory.health()
    }
}
