//! A journal in memory that fails on demand, and blocks on demand.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use journal::{Batch, Decided, Error, Health, Journal, Memory, Stored};
use proto::id::{CommandId, Cursor, RoomId, Seq};
use tokio::{
    sync::{Semaphore, watch},
    time::{Duration, sleep},
};

use crate::dice::Dice;

/// The longest delay of a slow store's call, in milliseconds.
const LATE_MS: u64 = 8;

/// The error message.
const WORDS: &str = "injected by the test";

/// The result of one append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is written.
    None,
    /// The disk is full; nothing is written.
    Full,
    /// The database is unreachable; nothing is written.
    Away,
    /// A false conflict; nothing is written.
    Conflict,
    /// It is written, and the reply is lost.
    UnknownWritten,
    /// It is not written, and the reply is lost.
    UnknownLost,
}

/// The journal.
#[derive(Debug)]
pub struct Faulty {
    memory: Arc<Memory>,
    faults: Mutex<VecDeque<Fault>>,
    /// The results of reads: whether each fails.
    doubts: Mutex<VecDeque<bool>>,
    gate: Semaphore,
    unreadable: AtomicBool,
    parted: AtomicBool,
    /// Its health, where it can be partitioned; the memory's own health otherwise.
    health: Option<watch::Sender<Health>>,
    /// Delays calls, once the store is slow.
    slowness: Mutex<Option<Dice>>,
    /// The number of failed calls.
    failed: AtomicU64,
}

impl Faulty {
    /// Returns a journal that does not fail yet.
    pub fn new(memory: Arc<Memory>) -> Self {
        Self {
            memory,
            faults: Mutex::default(),
            doubts: Mutex::default(),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            unreadable: AtomicBool::new(false),
            parted: AtomicBool::new(false),
            health: None,
            slowness: Mutex::default(),
            failed: AtomicU64::new(0),
        }
    }

    /// Returns one node's access to a shared journal, which can be partitioned.
    pub fn way(memory: Arc<Memory>) -> Self {
        Self { health: Some(watch::Sender::new(Health::Writable)), ..Self::new(memory) }
    }

    /// Makes the next appends fail like this, one each.
    pub fn fails(&self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.lock().unwrap().extend(faults);
    }

    /// Makes reads fail, or work again.
    pub fn is_unreadable(&self, it_is: bool) {
        self.unreadable.store(it_is, Ordering::SeqCst);
    }

    /// Makes the next reads fail like this, one each.
    pub fn doubts(&self, which_fail: impl IntoIterator<Item = bool>) {
        self.doubts.lock().unwrap().extend(which_fail);
    }

    /// Partitions the journal, with or without a change of its health; or reconnects it.
    pub fn is_parted(&self, it_is: bool, is_known: bool) {
        self.parted.store(it_is, Ordering::SeqCst);
        let health = if it_is && is_known { Health::Away } else { Health::Writable };
        if let Some(known) = &self.health {
            known.send_replace(health);
        }
    }

    /// Ends all faults.
    pub fn heals(&self) {
        self.faults.lock().unwrap().clear();
        self.doubts.lock().unwrap().clear();
        self.is_unreadable(false);
        self.is_parted(false, false);
    }

    /// Makes the store slow from time to time.
    pub fn is_slow(&self, dice: Dice) {
        *self.slowness.lock().unwrap() = Some(dice);
    }

    /// Returns the number of failed calls, and whether a call would fail at present.
    pub fn failed(&self) -> (u64, bool) {
        let would = self.parted.load(Ordering::SeqCst) || self.unreadable.load(Ordering::SeqCst);
        (self.failed.load(Ordering::SeqCst), would)
    }

    async fn takes_its_time(&self) {
        let late =
            self.slowness.lock().unwrap().as_mut().and_then(|dice| {
                dice.once_in(3).then(|| Duration::from_millis(dice.below(LATE_MS)))
            });
        if let Some(late) = late {
            sleep(late).await;
        }
    }

    fn fails_with<T>(&self, error: Error) -> Result<T, Error> {
        self.failed.fetch_add(1, Ordering::SeqCst);
        Err(error)
    }

    /// Passes a read on, unless it must fail.
    async fn asked(&self) -> Result<(), Error> {
        self.takes_its_time().await;
        if self.failed().1 {
            return self.fails_with(Error::Away(WORDS.to_owned()));
        }
        match self.doubts.lock().unwrap().pop_front() {
            Some(true) => self.fails_with(Error::Read { attempt: "reading", source: WORDS.into() }),
            Some(false) | None => Ok(()),
        }
    }

    /// Blocks appends from here on.
    pub fn hold(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// Releases so many blocked appends.
    pub fn release(&self, appends: usize) {
        self.gate.add_permits(appends);
    }
}

#[async_trait]
impl Journal for Faulty {
    async fn append(&self, batch: Batch) -> Result<Cursor, Error> {
        self.gate.acquire().await.unwrap().forget();
        self.takes_its_time().await;
        if self.parted.load(Ordering::SeqCst) {
            return self.fails_with(Error::Away(WORDS.to_owned()));
        }
        let fault = self.faults.lock().unwrap().pop_front().unwrap_or(Fault::None);
        let words = || WORDS.to_owned();
        match fault {
            Fault::None => self.memory.append(batch).await,
            Fault::Full => self.fails_with(Error::Full(words())),
            Fault::Away => self.fails_with(Error::Away(words())),
            Fault::Conflict => {
                let head = self.memory.head(batch.room).await?.unwrap_or_default();
                self.fails_with(Error::Conflict(head))
            }
            Fault::UnknownWritten => {
                self.memory.append(batch).await?;
                self.fails_with(Error::Unknown(words()))
            }
            Fault::UnknownLost => self.fails_with(Error::Unknown(words())),
        }
    }

    async fn read(&self, room: RoomId, from: Seq, limit: usize) -> Result<Vec<Stored>, Error> {
        self.asked().await?;
        self.memory.read(room, from, limit).await
    }

    async fn head(&self, room: RoomId) -> Result<Option<Cursor>, Error> {
        self.asked().await?;
        Journal::head(&*self.memory, room).await
    }

    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<(RoomId, Cursor)>, Error> {
        self.asked().await?;
        self.memory.heads(rooms).await
    }

    async fn outcomes(&self, room: RoomId, ids: &[CommandId]) -> Result<Vec<Decided>, Error> {
        self.asked().await?;
        self.memory.outcomes(room, ids).await
    }

    async fn rooms(&self) -> Result<Vec<RoomId>, Error> {
        self.asked().await?;
        self.memory.rooms().await
    }

    fn is_shared(&self) -> bool {
        self.memory.is_shared()
    }

    fn health(&self) -> watch::Receiver<Health> {
        self.health.as_ref().map_or_else(|| self.memory.health(), watch::Sender::subscribe)
    }
}
