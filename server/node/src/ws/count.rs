//! How many sockets there are for each audience, and over how long they come back when their node stops.

use std::sync::{Arc, OnceLock};

use hub::Counts;
use proto::{limit::COME_BACK_PER_S, role::Audience};

/// The earliest that a client comes back: a node that is started again is there by then.
const SOONEST_MS: u32 = 500;
/// The least time over which they come, so that a person's four screens do not come at once.
const LEAST_MS: u32 = 5_000;
/// The longest that anybody is asked to wait: all are to be live elsewhere within ten seconds (I-33).
const MOST_MS: u32 = 8_000;

/// The open sockets of a node.
#[derive(Debug)]
pub(crate) struct Sockets {
    open: Arc<Counts<Audience, 4>>,
    /// Reckoned when the first socket hears of the end, while all are still counted.
    come_back: OnceLock<[u32; 2]>,
}

/// One open socket; dropped, it counts no more.
#[derive(Debug)]
pub(crate) struct Counted(Arc<Counts<Audience, 4>>, Audience);

impl Default for Sockets {
    fn default() -> Self {
        Self { open: Arc::new(Counts::of(Audience::ALL)), come_back: OnceLock::new() }
    }
}

impl Sockets {
    /// Counts a socket for as long as the answer is kept.
    pub(crate) fn enter(&self, audience: Audience) -> Counted {
        self.open.add(audience);
        Counted(Arc::clone(&self.open), audience)
    }

    /// Returns how many are open for each audience.
    pub(crate) fn open(&self) -> [(Audience, u64); 4] {
        self.open.read()
    }

    /// Returns the times between which each client of a stopping node comes back.
    pub(crate) fn come_back_ms(&self) -> [u32; 2] {
        let all = || self.open().iter().map(|(_, count)| count).sum::<u64>();
        *self.come_back.get_or_init(|| window(u32::try_from(all()).unwrap_or(u32::MAX)))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.take(self.1);
    }
}

/// Returns a window in which as many come in a second as one node takes.
fn window(sockets: u32) -> [u32; 2] {
    if cfg!(plant = "back_at_once") {
        return [0, 0];
    }
    let over = sockets.saturating_mul(1_000) / COME_BACK_PER_S;
    [SOONEST_MS, SOONEST_MS.saturating_add(over).clamp(LEAST_MS, MOST_MS)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_there_are_the_longer_they_take_to_come_back() {
        assert_eq!(window(0), [500, 5_000]);
        assert_eq!(window(40), [500, 5_000]);
        assert_eq!(window(5_000), [500, 5_500]);
        assert_eq!(window(u32::MAX), [500, 8_000]);
    }

    #[test]
    fn all_of_one_end_are_asked_the_same_although_they_go_one_by_one() {
        let sockets = Sockets::default();
        let mut open: Vec<Counted> = (0..5_000).map(|_| sockets.enter(Audience::Wall)).collect();
        assert_eq!(sockets.come_back_ms(), [500, 5_500]);
        open.clear();
        assert_eq!(sockets.come_back_ms(), [500, 5_500]);
        assert!(sockets.open().iter().all(|(_, count)| *count == 0));
    }
}
