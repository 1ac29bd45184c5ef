//! Alarms: they are state, and each becomes an entry exactly once, whichever node's clock reaches it first (PROCEDURE
//! 4.1.7).

use proto::{
    alarm::{Event, Plan, Timer},
    entry::Entry,
    id::Time,
    key::Key,
    log::AlarmKind,
};

use super::{Decision, Fold, Plans, Said, cover, help, one, sign_in};
use crate::{
    context::Context,
    rights::Needs,
    room::{Room, Touched},
};

/// The alarms of a room.
pub(crate) struct Alarms;

impl Plans for Alarms {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Raise { .. } => Needs::SYSTEM,
        }
    }

    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        let Plan::Raise { timer, due } = plan;
        // A cancelled alarm, or one not yet due by this node's clock, yields nothing and is not an error.
        if !room.timers.contains_key(&(*due, timer.clone())) || by.now < *due {
            return Ok(Vec::new());
        }
        Ok(match timer {
            Timer::CoverOver { member, by } => cover::over(*member, *by),
            Timer::CheckInOverdue { .. }
            | Timer::PlannedEndPassed { .. }
            | Timer::SignOffUnanswered { .. }
            | Timer::DeadlinePassed { .. }
            | Timer::HelpUnanswered { .. } => one(Event::Raised { timer: timer.clone() }),
        })
    }
}

impl Fold for Alarms {
    type Event = Event;

    fn fold(room: &mut Room, _entry: &Entry, event: &Event, touched: &mut Touched) {
        let Event::Raised { timer } = event;
        match timer {
            Timer::CheckInOverdue { sign_in }
            | Timer::PlannedEndPassed { sign_in }
            | Timer::SignOffUnanswered { sign_in } => {
                sign_in::ring(room, *sign_in, timer, touched);
            }
            Timer::HelpUnanswered { call } => help::ring(room, *call, touched),
            Timer::DeadlinePassed { .. } | Timer::CoverOver { .. } => {}
        }
        still(room, |standing| standing == timer);
        touched.insert(Key::Team);
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        let Event::Raised { timer } = event;
        let words = match timer {
            Timer::CheckInOverdue { sign_in } => {
                format!("Check-in overdue: {}. Ring now.", sign_in::who(room, *sign_in))
            }
            Timer::PlannedEndPassed { sign_in } => {
                format!("Planned end passed: {}. They keep access.", sign_in::who(room, *sign_in))
            }
            Timer::SignOffUnanswered { sign_in } => {
                format!("Sign-off asked and not answered: {}.", sign_in::who(room, *sign_in))
            }
            Timer::DeadlinePassed { .. } => "A deadline has passed.".to_owned(),
            Timer::HelpUnanswered { call } => {
                let caller = help::caller(room, *call);
                format!("Nobody answered the call for help of {caller} for a minute. Ring now.")
            }
            Timer::CoverOver { .. } => "A cover is over.".to_owned(),
        };
        Some(Said::new(words).alarm(AlarmKind::Timer))
    }
}

/// Sets an alarm from the entry being folded; an existing one is left unchanged.
pub(crate) fn set(room: &mut Room, due: Time, timer: Timer) {
    room.timers.entry((due, timer)).or_insert(room.head.next());
}

/// Cancels the matching alarms.
pub(crate) fn still(room: &mut Room, is_one: impl Fn(&Timer) -> bool) {
    room.timers.retain(|(_, timer), _| !is_one(timer));
}
