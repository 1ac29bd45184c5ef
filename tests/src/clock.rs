//! A clock that moves when a test moves it.

use std::sync::{
    Mutex,
    atomic::{AtomicI64, Ordering},
};

use proto::id::Time;

use crate::dice::Dice;

/// Half past six on the morning of the closure.
pub const START: Time = Time(1_779_427_800_000);

/// Time and chance in the hands of a test.
#[derive(Debug)]
pub struct HandClock {
    now: AtomicI64,
    dice: Mutex<Dice>,
}

impl HandClock {
    pub fn new(seed: u64) -> Self {
        Self { now: AtomicI64::new(START.0), dice: Mutex::new(Dice::new(seed)) }
    }

    /// Moves the time, back as well.
    pub fn forward_ms(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn now(&self) -> Time {
        Time(self.now.load(Ordering::SeqCst))
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
