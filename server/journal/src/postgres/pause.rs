//! How long the writer waits between two tries of what could not be written.

use std::time::Duration;

/// The shortest time between two tries, and the longest; each is twice the one before.
const TROUBLE: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(400));
/// The same while all that is wrong is that other nodes are writing the rooms: that takes as long as a commit, and
/// meanwhile batches of other rooms come.
const BUSY: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(8));

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    /// Somebody was answered, or nobody waits.
    News,
    /// Nobody was answered: other nodes are writing the rooms of all who wait.
    Busy,
    /// Nobody was answered.
    Nothing,
}

/// The times between tries: none after news, otherwise longer from one to the next of a kind.
#[derive(Debug, Default)]
pub(super) struct Pause(Option<(Came, Duration)>);

impl Pause {
    /// Returns how long to wait after a try.
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
    fn a_database_in_trouble_is_tried_less_and_less_often() {
        let told = after(&[Came::Nothing; 9]);
        assert_eq!(told, [5, 10, 20, 40, 80, 160, 320, 400, 400]);
    }

    #[test]
    fn a_room_that_others_are_writing_holds_up_no_other_room_for_long() {
        assert_eq!(after(&[Came::Busy; 6]), [1, 2, 4, 8, 8, 8]);
        let told = after(&[Came::Nothing, Came::Nothing, Came::Busy, Came::Nothing]);
        assert_eq!(told, [5, 10, 1, 5], "one kind of wait says nothing of the other");
    }

    #[test]
    fn news_ends_the_waiting() {
        assert_eq!(after(&[Came::Busy, Came::Busy, Came::News, Came::Busy]), [1, 2, 0, 1]);
    }
}
