//! Errors of the store.

use proto::id::Cursor;

/// The store failed, or the caller's view of it is stale.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another writer committed first, an entry or an outcome; nothing of this batch was written.
    #[error("the room's head is at entry {}, not where the batch was decided", .0.seq)]
    Conflict(Cursor),
    /// The commit failed with an unknown result; the store accepts no more writes (I-13).
    #[error("the commit's result is unknown: {0}")]
    Unknown(String),
    /// The disk is full; nothing was written, and reads still work.
    #[error("the disk is full: {0}")]
    Full(String),
    /// The database is unreachable, or does not accept writes at present; nothing was written.
    #[error("the database cannot be reached, or takes no writes: {0}")]
    Away(String),
    /// The store stopped accepting writes after an earlier fault.
    #[error("the store has stopped: {0}")]
    Stopped(String),
    /// A batch or a stored entry contradicts itself.
    #[error("{0}")]
    Broken(String),
    /// Another process has the database open for writing.
    #[error("another process is using {0}")]
    Locked(String),
    /// The database was written by a later release, or is not a Muster database.
    #[error("{0}")]
    Unreadable(String),
    /// Reading failed.
    #[error("{attempt}: {source}")]
    Read {
        /// What was being attempted.
        attempt: &'static str,
        /// The store's error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
