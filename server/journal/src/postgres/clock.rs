//! The clock of the database, which everybody goes by who shares it: those of the nodes may differ.

use proto::id::Time;
use tokio::time::Instant;

/// What the clock showed when it was looked at last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    at: Time,
    since: Instant,
}

/// What asks for it, in milliseconds.
macro_rules! now_ms {
    () => {
        "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    };
}
pub(super) use now_ms;

impl Shown {
    /// Returns what was shown a moment ago.
    pub(super) fn just(at: Time) -> Self {
        Self { at, since: Instant::now() }
    }

    /// Returns what it shows. How long something takes is measured alike everywhere, so it need not be asked.
    pub(super) fn now(self) -> Time {
        let passed = i64::try_from(self.since.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.at.plus_ms(passed)
    }
}
