//! Timers: alarms that are state, and become entries once, whoever's clock passes them.

use proto::{
    event::Event,
    id::{SignInId, Time},
    site::{Presence, Timer},
};

use crate::{context::Context, state::Room};

impl Room {
    /// Decides a timer that some node says is due. One that no longer stands, or is not yet due by this
    /// node's clock, yields nothing and is no error.
    pub(crate) fn decide_raise(&self, context: &Context, timer: &Timer, due: Time) -> Vec<Event> {
        let stands = self.timers.contains(&(due, timer.clone())) && context.now >= due;
        if stands { vec![Event::AlarmRaised { timer: timer.clone() }] } else { Vec::new() }
    }

    /// Marks that an alarm was raised; returns the sign-in it is about.
    pub(crate) fn apply_alarm(&mut self, timer: &Timer) -> Option<SignInId> {
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
            Timer::DeadlinePassed { .. } => None,
        };
        self.timers.retain(|(_, standing)| standing != timer);
        sign_in
    }
}
