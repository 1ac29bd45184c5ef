//! Exponential backoff with jitter: growing, bounded, and different on each node.

use std::time::Duration;

use uuid::Uuid;

/// The wait after the first failure.
const FIRST_MS: u64 = 50;
/// The longest wait: a Redis that recovers is used again within two seconds.
const LONGEST_MS: u64 = 1_500;

/// The waits between attempts.
#[derive(Debug)]
pub(super) struct Backoff {
    tries: u32,
    /// The state of this node's jitter.
    lot: u64,
}

impl Backoff {
    pub(super) fn new(node: Uuid) -> Self {
        let (high, low) = node.as_u64_pair();
        Self { tries: 0, lot: high ^ low }
    }

    /// Returns the next wait: between half and all of the current backoff.
    pub(super) fn next(&mut self) -> Duration {
        let full = FIRST_MS.saturating_mul(1 << self.tries.min(16)).min(LONGEST_MS);
        self.tries = self.tries.saturating_add(1);
        // Knuth's linear congruential generator: enough for nodes to differ.
        self.lot = self.lot.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        Duration::from_millis(full / 2 + (self.lot >> 33) % (full / 2 + 1))
    }

    /// Starts again with the shortest wait.
    pub(super) fn reset(&mut self) {
        self.tries = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_limit_and_reset() {
        let mut backoff = Backoff::new(Uuid::from_u128(1));
        assert!(backoff.next() <= Duration::from_millis(FIRST_MS));
        let waits: Vec<_> = (0..100).map(|_| backoff.next()).collect();
        let (least, most) =
            (Duration::from_millis(LONGEST_MS / 2), Duration::from_millis(LONGEST_MS));
        assert!(waits[10..].iter().all(|wait| (least..=most).contains(wait)), "{waits:?}");
        backoff.reset();
        assert!(backoff.next() <= Duration::from_millis(FIRST_MS));
    }

    #[test]
    fn two_nodes_retry_at_different_times() {
        let waits = |node| {
            let mut backoff = Backoff::new(Uuid::from_u128(node));
            (0..20).map(|_| backoff.next()).collect::<Vec<_>>()
        };
        assert_ne!(waits(1), waits(2));
    }
}
