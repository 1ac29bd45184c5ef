//! What a node sends to screens that come back: so many bytes a second, however many come at once (I-29, P-113).

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use proto::limit;
use tokio::time::{Duration, Instant, sleep_until};

/// How long somebody waits for a turn at most.
const WAIT: Duration = Duration::from_millis(limit::CATCH_UP_WAIT_MS);

/// So many wait that whoever came is to come again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMany;

/// The turns: each begins when the one before has been sent at the full rate.
#[derive(Debug)]
pub(crate) struct CatchUp {
    bytes_per_s: NonZeroUsize,
    free: Mutex<Instant>,
}

impl CatchUp {
    /// Returns turns of which nobody waits for the first.
    pub(crate) fn new(bytes_per_s: NonZeroUsize) -> Self {
        Self { bytes_per_s, free: Mutex::new(Instant::now()) }
    }

    /// Waits for the turn to send so many bytes. Whoever missed nothing needs none.
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

    /// Takes the next turn, and returns when it begins; none that is too far away.
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

    /// Returns how long a turn of so many bytes is.
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
    /// Screens that come back at once: their snapshots are ten seconds of all that may be sent.
    const SCREENS: usize = 10 * A_SECOND.get() / BYTES;
    /// Until somebody who was turned away comes again.
    const AGAIN: Duration = Duration::from_secs(1);

    /// I-29, P-113: all come at once, and again when they are turned away.
    #[tokio::test(start_paused = true)]
    async fn a_storm_is_sent_no_more_than_so_many_bytes_a_second_and_all_are_served() {
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
    async fn whoever_comes_alone_does_not_wait() {
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
