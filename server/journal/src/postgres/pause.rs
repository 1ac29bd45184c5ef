//! The writer's backoff between retries.

use std::time::Duration;

/// The shortest and the longest pause; each is twice the one before.
const TROUBLE: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(400));
/// The same while other nodes are merely writing the rooms: that takes as long as a commit, and
/// meanwhile batches of other rooms arrive.
const BUSY: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(8));

/// The result of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    /// A caller was answered, or none waits.
    News,
    /// No caller was answered: other nodes are writing all the rooms concerned.
    Busy,
    /// No caller was answered.
    Nothing,
}

/// The backoff: none after progress, otherwise growing while the result stays the same.
#[derive(Debug, Default)]
pub(super) struct Pause(Option<(Came, Duration)>);

impl Pause {
    /// Returns how long to wait after an attempt.
    pub(super) fn after(&mut self, came: Came) -> Duration {
        let (shortest, longest) = match came {
            Came::News => {
                self.0 = None;
                return Duration::ZERO;
            }
            Came::Busy => BUSY,
            Came::Nothing => TROUBLE,
        };
        let before = self.0.filter(|(before, _)| *before == came);
        let pause = before.map_or(shortest, |(_, pause)| (pause * 2).min(longest));
        self.0 = Some((came, pause));
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(came: &[Came]) -> Vec<u128> {
        let mut pause = Pause::default();
        came.iter().map(|came| pause.after(*came).as_millis()).collect()
    }

    #[test]
    fn retries_of_a_failing_database_back_off() {
        let told = after(&[Came::Nothing; 9]);
        assert_eq!(told, [5, 10, 20, 40, 80, 160, 320, 400, 400]);
    }

    #[test]
    fn a_contended_room_delays_other_rooms_only_briefly() {
        assert_eq!(after(&[Came::Busy; 6]), [1, 2, 4, 8, 8, 8]);
        let told = after(&[Came::Nothing, Came::Nothing, Came::Busy, Came::Nothing]);
        assert_eq!(told, [5, 10, 1, 5], "each kind has its own backoff");
    }

    #[test]
    fn progress_resets_the_backoff() {
        assert_eq!(after(&[Came::Busy, Came::Busy, Came::News, Came::Busy]), [1, 2, 0, 1]);
    }
}
