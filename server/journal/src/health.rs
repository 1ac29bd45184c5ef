//! Whether a store takes writes.

use tokio::sync::watch;

/// How a store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It takes writes.
    Writable,
    /// The disk is full. Reading goes on; the store tries by itself until a write succeeds.
    Full,
    /// The database cannot be reached, or takes no writes. The store tries by itself until it does.
    Away,
    /// It takes no more writes. After a fault that left it unclear what is on the disk: end the process,
    /// and let opening it again find out.
    Stopped,
}

impl Health {
    /// Every health.
    pub const ALL: [Self; 4] = [Self::Writable, Self::Full, Self::Away, Self::Stopped];

    /// Returns its word, for figures.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Writable => "writable",
            Self::Full => "full",
            Self::Away => "away",
            Self::Stopped => "stopped",
        }
    }

    /// Returns what tells of a store that stays as it is.
    pub(crate) fn fixed(self) -> watch::Receiver<Self> {
        watch::channel(self).1
    }
}
