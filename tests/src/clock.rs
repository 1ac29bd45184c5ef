//! A clock that moves when a test moves it.

use std::sync::{
    Mutex,
    atomic::{AtomicI64, Ordering},
};

use proto::id::Time;
use tokio::time::Instant;

use crate::dice::Dice;

/// Half past six on the morning of the closure.
pub const START: Time = Time(1_779_427_800_000);

/// Time and chance in the hands of a test.
#[derive(Debug)]
pub struct HandClock {
    now: AtomicI64,
    /// Since when it follows the time of the test's runtime, if it does.
    follows: Option<Instant>,
    dice: Mutex<Dice>,
}

impl HandClock {
    pub fn new(seed: u64) -> Self {
        let dice = Mutex::new(Dice::new(seed));
        Self { now: AtomicI64::new(START.0), follows: None, dice }
    }

    /// Returns a clock that goes with the time of the test's runtime since then, so far off.
    pub fn following(seed: u64, since: Instant, off_ms: i64) -> Self {
        let clock = Self { follows: Some(since), ..Self::new(seed) };
        clock.forward_ms(off_ms);
        clock
    }

    /// Moves the time, back as well.
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
