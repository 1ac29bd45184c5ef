//! The persistent store: each room's entries, numbered without a gap, and the registry of logins.
//!
//! Invariant of this crate: it never inspects an entry's events, and never returns `Ok` for an
//! append that would not survive a power cut.

use std::sync::Arc;

use async_trait::async_trait;
use proto::{
    id::{CommandId, Cursor, RoomId, Seq, Time},
    outcome::Outcome,
};
use tokio::sync::watch;

mod admit;
pub mod chain;
pub mod error;
pub mod health;
pub mod memory;
pub mod postgres;
pub mod registry;
pub mod shelf;
pub mod sqlite;
pub mod verify;
pub mod whole;

pub use chain::Chain;
pub use error::Error;
pub use health::Health;
pub use memory::Memory;
pub use postgres::Postgres;
pub use registry::Registry;
pub use shelf::{Count, Kept, Shelf};
pub use sqlite::Sqlite;

/// One stored entry: the body's bytes are authoritative, everything else is derived from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The entry's number.
    pub seq: Seq,
    /// `SHA-256(previous chain, body)`.
    pub chain: Chain,
    /// Canonical JSON, exactly as it was hashed.
    pub body: Arc<[u8]>,
}

/// A decided command's outcome, stored permanently under its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The command.
    pub id: CommandId,
    /// SHA-256 of the command's canonical bytes: the same id with another body is `id_reuse` (I-9).
    pub body_hash: [u8; 32],
    /// The outcome.
    pub outcome: Outcome,
}

/// One room's atomic write: all of it or nothing (I-6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The room.
    pub room: RoomId,
    /// The head this batch was decided on; seq 0 and a zero tag for a room without entries.
    pub after: Cursor,
    /// The entries, numbered from `after` without a gap; empty when every command was refused.
    pub entries: Vec<Stored>,
    /// The outcomes, refusals included.
    pub outcomes: Vec<Decided>,
}

/// The journal of all rooms: append-only, dense (I-1), immutable (I-2), durable before it answers
/// (I-5).
#[async_trait]
pub trait Journal: Send + Sync + std::fmt::Debug {
    /// Appends a batch and returns the new head once it is durable.
    ///
    /// Errors, with nothing written: [`Error::Conflict`] with the current head when `after` is not
    /// the head or one of the commands already has an outcome; [`Error::Full`] when the disk is
    /// full; [`Error::Away`] when the database is unreachable; [`Error::Broken`] when the batch
    /// itself is not dense or not chained. [`Error::Unknown`] when the commit's result is not known
    /// (I-13).
    async fn append(&self, batch: Batch) -> Result<Cursor, Error>;

    /// Returns at most `limit` entries of a room in order, starting at number `from`.
    async fn read(&self, room: RoomId, from: Seq, limit: usize) -> Result<Vec<Stored>, Error>;

    /// Returns a room's head, or `None` when the room has no entry.
    async fn head(&self, room: RoomId) -> Result<Option<Cursor>, Error>;

    /// Returns the heads of those rooms that have an entry, in any order.
    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<(RoomId, Cursor)>, Error>;

    /// Returns the stored outcomes of those `ids` that were decided in this room.
    async fn outcomes(&self, room: RoomId, ids: &[CommandId]) -> Result<Vec<Decided>, Error>;

    /// Returns the rooms that have an entry, ordered by id.
    async fn rooms(&self) -> Result<Vec<RoomId>, Error>;

    /// Returns whether other processes write the same rooms, so that a room may advance on its own.
    fn is_shared(&self) -> bool {
        false
    }

    /// Returns the time of the clock shared by all users of this journal, if there is one.
    fn time(&self) -> Option<Time> {
        None
    }

    /// Returns the store's size in bytes, some seconds old, where the store itself knows it.
    fn bytes(&self) -> Option<u64> {
        None
    }

    /// Returns a subscription to the store's health.
    fn health(&self) -> watch::Receiver<Health>;

    /// Returns whether the store accepts writes.
    fn writable(&self) -> bool {
        *self.health().borrow() == Health::Writable
    }
}
