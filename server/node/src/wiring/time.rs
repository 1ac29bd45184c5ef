//! The time of a node that shares its journal with others: all of them go by one clock.

use std::sync::Arc;

use hub::Clock;
use journal::Journal;
use proto::id::Time;

/// Milliseconds that this machine's clock may be off before its operator is told.
const OFF_MS: u64 = 5_000;

/// The clock of the journal, with this machine's own chance.
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

/// Returns the clock that a node on this journal goes by.
pub(super) fn of(own: Arc<dyn Clock>, journal: &Arc<dyn Journal>) -> Arc<dyn Clock> {
    let Some(shared) = journal.time() else { return own };
    let off_ms = own.now().since_ms(shared);
    if off_ms.unsigned_abs() > OFF_MS {
        tracing::warn!(off_ms, "this machine's clock is not the database's, which all nodes go by");
    }
    Arc::new(SharedClock { own, journal: Arc::clone(journal) })
}
