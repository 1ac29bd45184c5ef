//! The rate limit for screens that reconnect: a byte rate shared by all of them (I-29, P-113).

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use proto::limit;
use tokio::time::{Duration, Instant, sleep_until};

/// Maximum wait for a turn.
const WAIT: Duration = Duration::from_millis(limit::CATCH_UP_WAIT_MS);

/// The queue is full; the client must retry later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMany;

/// The queue of turns: each begins once the previous one has been sent at the full rate.
#[derive(Debug)]
pub(crate) struct CatchUp {
    bytes_per_s: NonZeroUsize,
    free: Mutex<Instant>,
}

impl CatchUp {
    /// Returns an empty queue.
    pub(crate) fn new(bytes_per_s: NonZeroUsize) -> Self {
        Self { bytes_per_s, free: Mutex::new(Instant::now()) }
    }

    /// Waits for a turn to send this many bytes. A client that missed nothing needs none.
    pub(crate) async fn turn(&self, bytes: usize) -> Result<(), TooMany> {
        if bytes == 0 {
            return Ok(());
        }
        let begins = self.taken(bytes).ok_or(TooMany)?;
        if begins > Instant::now() {
            sleep_until(begins).await;
        }
        Ok(())
    }

    /// Reserves the next turn and returns its start; none if it is too far away.
    fn taken(&self, bytes: usize) -> Option<Instant> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let begins = (*free).max(now);
        if begins.duration_since(now) > WAIT {
            return None;
        }
        *free = begins + self.lasts(bytes);
        Some(begins)
    }

    /// Returns the duration of a turn of this many bytes.
    fn lasts(&self, bytes: usize) -> Duration {
        if cfg!(plant = "catch_up_unmetered") {
            return Duration::ZERO;
        }
        let nanos = bytes.saturating_mul(1_000_000_000) / self.bytes_per_s;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const A_SECOND: NonZeroUsize = limit::CATCH_UP_BYTES_PER_S;
    /// A large snapshot.
    const BYTES: usize = 256 * 1024;
    /// Screens that reconnect at once: their snapshots take ten seconds at the full rate.
    const SCREENS: usize = 10 * A_SECOND.get() / BYTES;
    /// The wait before a rejected client retries.
    const AGAIN: Duration = Duration::from_secs(1);

    /// I-29, P-113: all reconnect at once, and retry when they are rejected.
    #[tokio::test(start_paused = true)]
    async fn a_reconnect_storm_stays_within_the_byte_rate_and_all_are_served() {
        let (turns, began) = (Arc::new(CatchUp::new(A_SECOND)), Instant::now());
        let screens: Vec<_> = (0..SCREENS)
            .map(|_| {
                let turns = Arc::clone(&turns);
                tokio::spawn(async move {
                    let mut tries = 1;
                    while turns.turn(BYTES).await.is_err() {
                        tries += 1;
                        tokio::time::sleep(AGAIN).await;
                    }
                    (began.elapsed(), tries)
                })
            })
            .collect();
        let mut served = Vec::new();
        for screen in screens {
            served.push(screen.await.unwrap());
        }
        served.sort();
        let a_second = A_SECOND.get() / BYTES;
        for window in served.windows(a_second + 2) {
            let [(first, _), .., (last, _)] = window else { panic!("too few") };
            assert!(
                last.saturating_sub(*first) >= Duration::from_millis(998),
                "{first:?} to {last:?}"
            );
        }
        let (longest, _) = served.last().unwrap();
        assert!(*longest <= Duration::from_secs(10) + AGAIN, "the last after {longest:?}");
        assert!(served.iter().any(|(_, tries)| *tries > 1), "some are turned away");
    }

    #[tokio::test(start_paused = true)]
    async fn a_single_client_does_not_wait() {
        let (turns, began) = (CatchUp::new(A_SECOND), Instant::now());
        for _ in 0..10 {
            turns.turn(BYTES).await.unwrap();
            tokio::time::sleep(turns.lasts(BYTES)).await;
        }
        assert!(began.elapsed() < Duration::from_secs(1));
        turns.turn(usize::MAX).await.unwrap();
        assert_eq!(turns.turn(1).await, Err(TooMany));
        turns.turn(0).await.unwrap();
    }
}
