//! Errors of a live room.

/// A room could not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such room.
    #[error("there is no such room")]
    NoRoom,
    /// The room's mailbox is full; nothing was decided.
    #[error("the room is busy")]
    Busy,
    /// The room stopped before it could answer the request (I-13).
    #[error("the room has stopped")]
    Stopped,
    /// The journal failed.
    #[error("the journal failed: {0}")]
    Journal(#[from] journal::Error),
    /// An entry or a row could not be read or written as JSON.
    #[error("{attempt}: {source}")]
    Json {
        /// What was being attempted.
        attempt: &'static str,
        /// What went wrong.
        source: serde_json::Error,
    },
}

/// A follower's room has ended; the screen reconnects and the room is opened again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the room was opened again")]
pub struct Ended;
