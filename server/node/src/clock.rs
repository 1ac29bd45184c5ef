//! Time and randomness: the only source of both.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hub::Clock;
use proto::id::Time;
use tokio::time::Instant;
use uuid::Uuid;

/// The system clock and the system's source of randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        Time(jiff::Timestamp::now().as_millisecond())
    }

    fn dice(&self) -> [u8; 16] {
        rand::random()
    }
}

/// The speed of a story clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As fast as the room can answer.
    AtOnce,
    /// A multiple of real time; 0 is paused.
    Times(u32),
}

/// A clock that runs through a story. It never passes the time that it was released to, so a slow room slows
/// the story down but does not change it.
#[derive(Debug)]
pub struct StoryClock(Mutex<Hand>);

/// The position of the clock and how it moves.
#[derive(Debug)]
struct Hand {
    shown: i64,
    since: Instant,
    pace: Pace,
    until: i64,
}

impl StoryClock {
    /// Returns a paused clock at a time.
    pub fn new(at: Time) -> Self {
        let (shown, since) = (at.0, Instant::now());
        Self(Mutex::new(Hand { shown, since, pace: Pace::Times(0), until: at.0 }))
    }

    /// Changes the speed from here on.
    pub fn set_pace(&self, pace: Pace) {
        self.hand().stop().pace = pace;
    }

    /// Lets the clock advance to a time.
    pub fn go_on(&self, until: Time) {
        let mut hand = self.hand();
        let hand = hand.stop();
        hand.until = hand.until.max(until.0);
    }

    /// Returns the real time until the clock shows a permitted time; none if it is paused.
    pub fn time_to(&self, at: Time) -> Option<Duration> {
        let hand = self.hand();
        let ahead = u64::try_from(at.0.saturating_sub(hand.now())).unwrap_or(0);
        match hand.pace {
            _ if ahead == 0 => Some(Duration::ZERO),
            Pace::AtOnce => Some(Duration::ZERO),
            Pace::Times(0) => None,
            Pace::Times(times) => Some(Duration::from_millis(ahead).div_f64(times.into())),
        }
    }

    fn hand(&self) -> MutexGuard<'_, Hand> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hand {
    fn now(&self) -> i64 {
        let Pace::Times(times) = self.pace else { return self.until };
        let passed = self.since.elapsed().as_millis().saturating_mul(times.into());
        let passed = i64::try_from(passed).unwrap_or(i64::MAX);
        self.shown.saturating_add(passed).min(self.until)
    }

    /// Fixes the current position, so that a change counts from here on.
    fn stop(&mut self) -> &mut Self {
        self.shown = self.now();
        self.since = Instant::now();
        self
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Time {
        Time(self.hand().now())
    }

    fn dice(&self) -> [u8; 16] {
        SystemClock.dice()
    }
}

/// Returns the system time, for comparing the steps of several nodes.
#[cfg(feature = "otel")]
pub(crate) fn world_time() -> std::time::SystemTime {
    std::time::SystemTime::now()
}

/// Returns a fresh id that nobody can guess.
pub fn fresh_id(clock: &dyn Clock) -> Uuid {
    uuid::Builder::from_random_bytes(clock.dice()).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_story_clock_runs_faster_but_never_past_its_release() {
        let clock = StoryClock::new(Time(1_000));
        clock.set_pace(Pace::Times(60));
        assert_eq!(clock.now(), Time(1_000));
        clock.go_on(Time(121_000));
        assert_eq!(clock.time_to(Time(61_000)), Some(Duration::from_secs(1)));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(clock.now(), Time(61_000));
        tokio::time::advance(Duration::from_mins(1)).await;
        assert_eq!(clock.now(), Time(121_000), "it waits for the day");
        clock.go_on(Time(181_000));
        assert_eq!(clock.now(), Time(121_000), "waiting is not made good");
    }

    #[tokio::test(start_paused = true)]
    async fn a_story_clock_can_jump_or_pause() {
        let clock = StoryClock::new(Time(0));
        clock.set_pace(Pace::AtOnce);
        clock.go_on(Time(5_000));
        assert_eq!((clock.now(), clock.time_to(Time(5_000))), (Time(5_000), Some(Duration::ZERO)));
        clock.set_pace(Pace::Times(0));
        clock.go_on(Time(9_000));
        tokio::time::advance(Duration::from_mins(1)).await;
        assert_eq!((clock.now(), clock.time_to(Time(9_000))), (Time(5_000), None));
    }
}
