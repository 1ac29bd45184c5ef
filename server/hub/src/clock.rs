//! Time and chance, handed in.

use proto::id::Time;

/// Answers for the world outside.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Returns the time.
    fn now(&self) -> Time;
    /// Returns sixteen random bytes.
    fn dice(&self) -> [u8; 16];
}
