//! The database's clock, shared by all nodes: their own clocks may differ.

use proto::id::Time;
use tokio::time::Instant;

/// The last reading of the clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    at: Time,
    since: Instant,
}

/// The SQL expression for it, in milliseconds.
macro_rules! now_ms {
    () => {
        "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    };
}
pub(super) use now_ms;

impl Shown {
    /// Returns a reading taken just now.
    pub(super) fn just(at: Time) -> Self {
        Self { at, since: Instant::now() }
    }

    /// Returns the time: the last reading plus the local monotonic time since.
    pub(super) fn now(self) -> Time {
        let passed = i64::try_from(self.since.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.at.plus_ms(passed)
    }
}
