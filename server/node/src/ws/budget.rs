//! The rate limit for a client's messages.

use std::time::Duration;

use proto::limit::CLIENT_FRAMES_PER_S;
use tokio::time::Instant;

/// The cost of one message: this many fit into a second.
const COST: Duration = match Duration::from_secs(1).checked_div(CLIENT_FRAMES_PER_S) {
    Some(cost) => cost,
    None => Duration::MAX,
};
/// How far a client may exceed the average, for the initial burst.
const AHEAD: Duration = Duration::from_secs(2);

/// The time up to which a client has used its allowance.
#[derive(Debug)]
pub(super) struct Budget(Instant);

impl Budget {
    pub(super) fn new() -> Self {
        Self(Instant::now())
    }

    /// Counts a message. Returns whether it exceeds the limit.
    pub(super) fn is_spent(&mut self, now: Instant) -> bool {
        self.0 = self.0.max(now) + COST;
        self.0.duration_since(now) > AHEAD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_passes_and_a_flood_does_not() {
        let mut budget = Budget::new();
        let now = Instant::now();
        let taken = (0..100).take_while(|_| !budget.is_spent(now)).count();
        assert_eq!(taken, 20);
    }

    #[tokio::test(start_paused = true)]
    async fn the_average_rate_is_allowed_for_ever() {
        let mut budget = Budget::new();
        let mut now = Instant::now();
        for _ in 0..10_000 {
            now += COST;
            assert!(!budget.is_spent(now));
        }
    }
}
