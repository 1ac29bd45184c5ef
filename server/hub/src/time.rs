//! The room's time: never before its last entry, and never standing still.

use proto::id::Time;
use tokio::time::Instant;

use crate::live::Live;

/// The base of the room's time while this node's clock is behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ahead {
    last: Time,
    since: Instant,
}

impl Live {
    /// Returns the room's time, by this node's clock. A clock may be behind the last entry: it was
    /// ahead and has been corrected, or the writer's clock is ahead. The room's time then continues
    /// from the entry, so that no entry is earlier than the one before it, and a timer fires after
    /// the right number of minutes (I-31).
    pub(crate) fn now(&mut self) -> Time {
        let (clock, last) = (self.clock.now(), self.opened.room.last_at());
        if clock >= last {
            self.ahead = None;
            return clock;
        }
        if cfg!(plant = "room_time_stands") {
            return last;
        }
        let begun = Ahead { last, since: Instant::now() };
        let ahead = self.ahead.filter(|ahead| ahead.last == last).unwrap_or(begun);
        self.ahead = Some(ahead);
        let passed = i64::try_from(ahead.since.elapsed().as_millis()).unwrap_or(i64::MAX);
        last.plus_ms(passed)
    }
}
