//! Time and chance: the only place that asks the world for them.

use hub::Clock;
use proto::id::Time;
use uuid::Uuid;

/// The machine's clock and its source of randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        Time(jiff::Timestamp::now().as_millisecond())
    }

    fn dice(&self) -> [u8; 16] {
        rand::random()
    }
}

/// Returns a fresh id that nobody can guess.
pub(crate) fn fresh_id(clock: &dyn Clock) -> Uuid {
    uuid::Builder::from_random_bytes(clock.dice()).into_uuid()
}
