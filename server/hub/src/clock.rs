//! Time and randomness, passed in.

use proto::id::Time;

/// A source of time and randomness.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Returns the time.
    fn now(&self) -> Time;
    /// Returns sixteen random bytes.
    fn dice(&self) -> [u8; 16];
}
