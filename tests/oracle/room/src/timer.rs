//! Timers: alarms that are state, and become entries once, whoever's clock passes them.

use proto::{
    event::Event,
    id::Time,
    key::Key,
    site::{Presence, Timer},
};

use crate::{context::Context, state::Room};

impl Room {
    /// Decides a timer that some node says is due. One that no longer stands, or is not yet due by this
    /// node's clock, yields nothing and is no error.
    pub(crate) fn decide_raise(&self, context: &Context, timer: &Timer, due: Time) -> Vec<Event> {
        let stands = self.timers.contains_key(&(due, timer.clone())) && context.now >= due;
        match timer {
            _ if !stands => Vec::new(),
            Timer::CoverOver { member, by } => {
                vec![Event::CoverEnded { member: *member, by: *by, timed_out: true }]
            }
            Timer::CheckInOverdue { .. }
            | Timer::PlannedEndPassed { .. }
            | Timer::SignOffUnanswered { .. }
            | Timer::DeadlinePassed { .. }
            | Timer::HelpUnanswered { .. } => vec![Event::AlarmRaised { timer: timer.clone() }],
        }
    }

    /// Marks that an alarm was raised; returns the row it is about.
    pub(crate) fn apply_alarm(&mut self, timer: &Timer) -> Option<Key> {
        let sign_in = match timer {
            Timer::CheckInOverdue { sign_in } => self.change_sign_in(*sign_in, |sign_in| {
                sign_in.state = Presence::Overdue;
            }),
            Timer::PlannedEndPassed { sign_in } => self.change_sign_in(*sign_in, |sign_in| {
                sign_in.end_passed = true;
            }),
            Timer::SignOffUnanswered { sign_in } => self.change_sign_in(*sign_in, |sign_in| {
                sign_in.answer_passed = true;
            }),
            Timer::HelpUnanswered { .. }
            | Timer::DeadlinePassed { .. }
            | Timer::CoverOver { .. } => None,
        };
        self.timers.retain(|(_, standing), _| standing != timer);
        match timer {
            Timer::HelpUnanswered { call } => Some(self.mark_unanswered(*call)),
            Timer::CheckInOverdue { .. }
            | Timer::PlannedEndPassed { .. }
            | Timer::SignOffUnanswered { .. }
            | Timer::DeadlinePassed { .. }
            | Timer::CoverOver { .. } => sign_in.map(Key::SignIn),
        }
    }
}
