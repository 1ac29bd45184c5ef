//! Sign-ins: who is in which building, since when, and when somebody must ask after them.

use proto::{
    id::{MemberId, SignInId, SiteId, Time},
    site::{Presence, SiteKind, Timer},
    text::{Line, Short},
};

/// Milliseconds after the last act received when a check-in is due (PROCEDURE 4.1.7).
pub(crate) const CHECK_IN_MS: i64 = 60 * 60_000;
/// Milliseconds after that when it is overdue.
const OVERDUE_MS: i64 = 5 * 60_000;
/// Milliseconds after the planned end when somebody is told.
const END_MS: i64 = 15 * 60_000;
/// Milliseconds that a sign-off asked by tap may wait for the desk.
const ANSWER_MS: i64 = 10 * 60_000;

/// A sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignIn {
    pub(crate) id: SignInId,
    pub(crate) member: MemberId,
    pub(crate) site: SiteId,
    pub(crate) kind: SiteKind,
    pub(crate) state: Presence,
    pub(crate) since: Time,
    pub(crate) planned_end: Time,
    pub(crate) end_passed: bool,
    pub(crate) duty: Option<Short>,
    pub(crate) last_act: Time,
    /// When they were last known to be well: by an act, or on somebody's word.
    pub(crate) well_at: Time,
    pub(crate) on_word_of: Option<Line>,
    pub(crate) asked_at: Option<Time>,
    pub(crate) asked_received: Option<Time>,
    pub(crate) answer_passed: bool,
    pub(crate) left_at: Option<Time>,
    pub(crate) ended_at: Option<Time>,
}

impl SignIn {
    /// Tells whether it has ended.
    pub(crate) const fn has_ended(&self) -> bool {
        matches!(self.state, Presence::SignedOff | Presence::SignedOffLate)
    }

    /// Returns when the next check-in is due; only at the home, and only while signed in.
    pub(crate) fn due_at(&self) -> Option<Time> {
        let asked = self.kind == SiteKind::Home && !self.has_ended();
        asked.then(|| self.well_at.plus_ms(CHECK_IN_MS))
    }

    /// Returns the alarms that stand for this sign-in, and when each is raised.
    pub(crate) fn timers(&self) -> Vec<(Time, Timer)> {
        let sign_in = self.id;
        if self.has_ended() {
            return Vec::new();
        }
        let mut timers = Vec::new();
        if let Some(due) = self.due_at().filter(|_| self.state != Presence::Overdue) {
            timers.push((due.plus_ms(OVERDUE_MS), Timer::CheckInOverdue { sign_in }));
        }
        if !self.end_passed {
            timers.push((self.planned_end.plus_ms(END_MS), Timer::PlannedEndPassed { sign_in }));
        }
        if let Some(asked) = self.asked_received.filter(|_| !self.answer_passed) {
            timers.push((asked.plus_ms(ANSWER_MS), Timer::SignOffUnanswered { sign_in }));
        }
        timers
    }
}

/// Returns the initials of a name: its first and last words' first letters.
pub(crate) fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = letters.next();
    let last = letters.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}
