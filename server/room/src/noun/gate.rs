//! Passes and breaches of gates (PROCEDURE 4.1.4).

use proto::{
    class::Class,
    entry::Entry,
    gate::{Breach, BreachState, Event, Gate, Pass, Plan},
    id::{MemberId, PersonId, Time},
    limit::NAMED_MAX,
    log::AlarmKind,
    member::Actor,
    refusal::Code,
    row::Row,
    text::Line,
};

use super::{
    Decision, Fold, Plans, Said, one,
    person::{self, Person},
    refuse,
};
use crate::{
    context::Context,
    gates,
    privacy::protected,
    rights::Needs,
    room::{Room, Touched},
};

/// An active pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StandingPass {
    pub(crate) reason: Line,
    pub(crate) by: MemberId,
    pub(crate) at: Time,
    pub(crate) until: Option<Time>,
}

/// Passes and reviews of gates.
pub(crate) struct Gates;

impl Plans for Gates {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Pass { gate, .. } => Needs::write(&[Class::Census], gates::passers(*gate)),
            Plan::Review { .. } => Needs::lead(&[Class::Log]),
        }
    }

    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        match plan {
            Plan::Pass { gate, people, reason, until } => {
                pass(room, by, *gate, people, reason, *until)
            }
            Plan::Review { person, fact, gate, state, note } => {
                let person = room.known(*person)?;
                let is_it = |breach: &Breach| breach.fact == *fact && breach.gate == *gate;
                if !person.breaches.iter().any(is_it) {
                    return refuse(Code::Unknown, "this person has no such breach");
                }
                let (person, note) = (person.id, Some(note.clone()));
                let (fact, gate, state) = (*fact, *gate, *state);
                Ok(one(Event::Reviewed { person, fact, gate, state, note }))
            }
        }
    }
}

/// Passes a gate for the named people, with one reason.
fn pass(
    room: &Room,
    by: &Context,
    gate: Gate,
    people: &[PersonId],
    reason: &Line,
    until: Option<Time>,
) -> Decision {
    if people.is_empty() || people.len() > NAMED_MAX {
        return refuse(Code::Value, "a pass names between 1 and 50 people");
    }
    if until.is_some_and(|until| until <= by.now) {
        return refuse(Code::Value, "the pass would have ended already");
    }
    let people: Result<Vec<_>, _> =
        people.iter().map(|id| room.known(*id).map(|person| person.id)).collect();
    Ok(one(Event::Passed { gate, people: people?, reason: reason.clone(), until }))
}

impl Fold for Gates {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::Passed { gate, people, reason, until } => {
                let Actor::Member(by) = entry.actor else { return };
                let (at, gate, until) = (entry.at, *gate, *until);
                for id in people {
                    let pass = StandingPass { reason: reason.clone(), by, at, until };
                    person::change(room, entry, *id, touched, |person| {
                        person.passes.insert(gate, pass);
                    });
                }
            }
            Event::Breached { person, gate, owner } => {
                let breach = Breach {
                    fact: entry.seq,
                    gate: *gate,
                    at: entry.happened(),
                    owner: *owner,
                    state: BreachState::Open,
                };
                person::change(room, entry, *person, touched, |person| {
                    person.breaches.push(breach);
                });
            }
            Event::Reviewed { person, fact, gate, state, .. } => {
                person::change(room, entry, *person, touched, |person| {
                    let is_it = |breach: &&mut Breach| breach.fact == *fact && breach.gate == *gate;
                    if let Some(breach) = person.breaches.iter_mut().find(is_it) {
                        breach.state = *state;
                    }
                });
            }
        }
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        Some(match event {
            Event::Passed { gate, people, reason, .. } => {
                let called: Vec<String> =
                    people.iter().map(|id| person::called(room, *id)).collect();
                let called = called.join(", ");
                let words = format!("{gate:?} passed for {called}: {}.", reason.as_str());
                Said { about: people.first().copied(), ..Said::new(words) }
            }
            Event::Breached { person, gate, .. } => {
                Said::of(*person, format!("{gate:?} not met, recorded.")).alarm(AlarmKind::Breach)
            }
            Event::Reviewed { person, gate, state, .. } => {
                let who = person::called(room, *person);
                Said::of(*person, format!("{who}: breach of {gate:?} {}.", reviewed(*state)))
            }
        })
    }
}

/// Describes the result of a review.
const fn reviewed(state: BreachState) -> &'static str {
    match state {
        BreachState::Open => "opened again",
        BreachState::DoneButRecordedLate => "was done but recorded late",
        BreachState::Accepted => "reviewed and accepted",
        BreachState::Lesson => "reviewed as a lesson",
    }
}

/// Returns a person's passes as rows show them.
pub(crate) fn passes(room: &Room, person: &Person) -> Vec<Pass> {
    let passes = person.passes.iter().map(|(gate, pass)| Pass {
        gate: *gate,
        reason: protected::row_text(room, Some(person.id), pass.reason.as_str()),
        by: pass.by,
        at: pass.at,
        until: pass.until,
    });
    passes.collect()
}

/// Returns the counts of breaches and passes.
pub(crate) fn row(room: &Room) -> Row {
    Row::Gates(room.census.gates())
}
