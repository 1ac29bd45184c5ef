//! The time of nodes that share a journal: they all use one clock.

use std::sync::Arc;

use hub::Clock;
use journal::Journal;
use proto::id::Time;

/// Milliseconds of clock offset above which the operator is warned.
const OFF_MS: u64 = 5_000;

/// The journal's clock, with this machine's own randomness.
#[derive(Debug)]
struct SharedClock {
    own: Arc<dyn Clock>,
    journal: Arc<dyn Journal>,
}

impl Clock for SharedClock {
    fn now(&self) -> Time {
        self.journal.time().unwrap_or_else(|| self.own.now())
    }

    fn dice(&self) -> [u8; 16] {
        self.own.dice()
    }
}

/// Returns the clock for a node on this journal.
pub(super) fn of(own: Arc<dyn Clock>, journal: &Arc<dyn Journal>) -> Arc<dyn Clock> {
    let Some(shared) = journal.time() else { return own };
    let off_ms = own.now().since_ms(shared);
    if off_ms.unsigned_abs() > OFF_MS {
        tracing::warn!(
            off_ms,
            "this machine's clock differs from the database's, which all nodes use"
        );
    }
    Arc::new(SharedClock { own, journal: Arc::clone(journal) })
}
