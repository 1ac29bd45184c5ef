//! Deadlines by which the premises must be empty.

use proto::{
    alarm::Timer,
    class::Class,
    deadline::{Event, Plan},
    entry::Entry,
    id::{Seq, Time},
    key::Key,
    limit::DEADLINES_MAX,
    refusal::Code,
    text::Line,
};

use super::{Decision, Fold, Plans, Said, alarm, one, refuse};
use crate::{
    context::Context,
    privacy::boards,
    rights::Needs,
    room::{Room, Touched},
};

/// Deadlines.
pub(crate) struct Deadlines;

impl Plans for Deadlines {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Set { .. } => Needs::lead(&[Class::Log]).set_up(),
            Plan::Lift { .. } => Needs::lead(&[Class::Log]),
        }
    }

    fn decide(room: &Room, _by: &Context, plan: &Plan) -> Decision {
        match plan {
            Plan::Set { deadline } => {
                if room.incident.as_ref().is_some_and(|i| i.deadlines.len() >= DEADLINES_MAX) {
                    return refuse(Code::Full, "lift a deadline before setting another");
                }
                boards::sets_as_nobody(room, deadline)?;
                Ok(one(Event::Set { deadline: deadline.clone() }))
            }
            Plan::Lift { at, entry, why } => lift(room, *at, *entry, why),
        }
    }
}

/// Cancels a deadline. Several may share a time; then the plan must name the entry.
fn lift(room: &Room, at: Time, entry: Option<Seq>, why: &Line) -> Decision {
    let standing = standing(room, at);
    let why = why.clone();
    match (entry, standing.len()) {
        (Some(entry), _) if standing.contains(&entry) => Ok(one(Event::Lifted { entry, why })),
        (None, 1) => Ok(one(Event::AllLifted { at, why })),
        (None, 2..) => {
            refuse(Code::Value, "several deadlines stand at that time: say which is lifted")
        }
        (Some(_), _) | (None, 0) => refuse(Code::Already, "no deadline stands at that time"),
    }
}

/// Returns the active deadlines at a time, by the entries that set them.
fn standing(room: &Room, at: Time) -> Vec<Seq> {
    let deadlines = room.incident.iter().flat_map(|state| state.deadlines.keys());
    deadlines.filter(|(time, _)| *time == at).map(|(_, entry)| *entry).collect()
}

impl Fold for Deadlines {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        touched.insert(Key::Incident);
        let Some(state) = &mut room.incident else { return };
        let lifted: Vec<Time> = match event {
            Event::Set { deadline } => {
                let at = deadline.at;
                state.deadlines.insert((at, entry.seq), deadline.clone());
                alarm::set(room, at, Timer::DeadlinePassed { at });
                return;
            }
            Event::AllLifted { at, .. } => {
                state.deadlines.retain(|(time, _), _| time != at);
                vec![*at]
            }
            Event::Lifted { entry: set_by, .. } => {
                let lifted = state.deadlines.extract_if(.., |(_, entry), _| entry == set_by);
                lifted.map(|((at, _), _)| at).collect()
            }
        };
        for at in lifted {
            if standing(room, at).is_empty() {
                room.timers.remove(&(at, Timer::DeadlinePassed { at }));
            }
        }
    }

    fn line(_room: &Room, event: &Event) -> Option<Said> {
        Some(Said::new(match event {
            Event::Set { deadline } => {
                let (by, why) = (deadline.set_by.as_str(), deadline.why.as_str());
                format!("Deadline set by {by}: {why}.")
            }
            Event::AllLifted { why, .. } | Event::Lifted { why, .. } => {
                format!("Deadline lifted: {}.", why.as_str())
            }
        }))
    }
}
