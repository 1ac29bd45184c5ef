//! Whether a store accepts writes.

use tokio::sync::watch;

/// A store's health.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It accepts writes.
    Writable,
    /// The disk is full. Reads still work; the store retries on its own until a write succeeds.
    Full,
    /// The database is unreachable, or does not accept writes. The store retries on its own.
    Away,
    /// It accepts no more writes, after a fault that left the state of the disk unknown. End the
    /// process; opening the store again finds out.
    Stopped,
}

impl Health {
    /// Every health.
    pub const ALL: [Self; 4] = [Self::Writable, Self::Full, Self::Away, Self::Stopped];

    /// Returns the label used in metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Writable => "writable",
            Self::Full => "full",
            Self::Away => "away",
            Self::Stopped => "stopped",
        }
    }

    /// Returns a subscription to a health that never changes.
    pub(crate) fn fixed(self) -> watch::Receiver<Self> {
        watch::channel(self).1
    }
}
