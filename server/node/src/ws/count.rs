//! Counts sockets per audience, and computes the reconnect window when the node stops.

use std::sync::{Arc, OnceLock};

use hub::Counts;
use proto::{limit::COME_BACK_PER_S, role::Audience};

/// The earliest reconnect: a restarted node is up by then.
const SOONEST_MS: u32 = 500;
/// The shortest window, so that a person's four screens do not reconnect at once.
const LEAST_MS: u32 = 5_000;
/// The longest delay of a client: all must be live elsewhere within ten seconds (I-33).
const MOST_MS: u32 = 8_000;

/// The open sockets of a node.
#[derive(Debug)]
pub(crate) struct Sockets {
    open: Arc<Counts<Audience, 4>>,
    /// Computed when the first socket notices the shutdown, while all are still counted.
    come_back: OnceLock<[u32; 2]>,
}

/// One open socket; uncounted on drop.
#[derive(Debug)]
pub(crate) struct Counted(Arc<Counts<Audience, 4>>, Audience);

impl Default for Sockets {
    fn default() -> Self {
        Self { open: Arc::new(Counts::of(Audience::ALL)), come_back: OnceLock::new() }
    }
}

impl Sockets {
    /// Counts a socket until the returned guard is dropped.
    pub(crate) fn enter(&self, audience: Audience) -> Counted {
        self.open.add(audience);
        Counted(Arc::clone(&self.open), audience)
    }

    /// Returns the number of open sockets per audience.
    pub(crate) fn open(&self) -> [(Audience, u64); 4] {
        self.open.read()
    }

    /// Returns the window in which clients of a stopping node reconnect.
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

/// Returns a window in which clients reconnect at the rate that one node can take.
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
    fn the_window_grows_with_the_number_of_sockets() {
        assert_eq!(window(0), [500, 5_000]);
        assert_eq!(window(40), [500, 5_000]);
        assert_eq!(window(5_000), [500, 5_500]);
        assert_eq!(window(u32::MAX), [500, 8_000]);
    }

    #[test]
    fn all_sockets_of_one_shutdown_get_the_same_window() {
        let sockets = Sockets::default();
        let mut open: Vec<Counted> = (0..5_000).map(|_| sockets.enter(Audience::Wall)).collect();
        assert_eq!(sockets.come_back_ms(), [500, 5_500]);
        open.clear();
        assert_eq!(sockets.come_back_ms(), [500, 5_500]);
        assert!(sockets.open().iter().all(|(_, count)| *count == 0));
    }
}
