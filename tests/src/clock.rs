//! A clock that the test sets.

use std::sync::{
    Mutex,
    atomic::{AtomicI64, Ordering},
};

use proto::id::Time;
use tokio::time::Instant;

use crate::dice::Dice;

/// Half past six on the morning of the closure.
pub const START: Time = Time(1_779_427_800_000);

/// Time and randomness controlled by a test.
#[derive(Debug)]
pub struct HandClock {
    now: AtomicI64,
    /// When it started to follow the test runtime's time, if it does.
    follows: Option<Instant>,
    dice: Mutex<Dice>,
}

impl HandClock {
    pub fn new(seed: u64) -> Self {
        let dice = Mutex::new(Dice::new(seed));
        Self { now: AtomicI64::new(START.0), follows: None, dice }
    }

    /// Returns a clock that follows the test runtime's time since then, with this error.
    pub fn following(seed: u64, since: Instant, off_ms: i64) -> Self {
        let clock = Self { follows: Some(since), ..Self::new(seed) };
        clock.forward_ms(off_ms);
        clock
    }

    /// Moves the time, forwards or backwards.
    pub fn forward_ms(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn now(&self) -> Time {
        let passed = self.follows.map_or(0, |since| since.elapsed().as_millis());
        Time(self.now.load(Ordering::SeqCst)).plus_ms(passed.try_into().unwrap())
    }
}

impl hub::Clock for HandClock {
    fn now(&self) -> Time {
        Self::now(self)
    }

    fn dice(&self) -> [u8; 16] {
        self.dice.lock().unwrap().bytes()
    }
}
