//! The named social worker (G3).

use proto::{
    class::Class,
    entry::Entry,
    gate::Gate,
    refusal::Code,
    role::Role::{Bizsup, Reassess},
    worker::{Event, Plan},
};

use super::{
    Decision, Fold, Plans, Said, member, one,
    person::{self, Done, Person},
    refuse,
};
use crate::{
    context::Context,
    gates,
    rights::Needs,
    room::{Room, Touched},
};

/// Named social workers.
pub(crate) struct Workers;

impl Plans for Workers {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Name { .. } => Needs::write(&[Class::Census], &[Reassess, Bizsup]).set_up(),
        }
    }

    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        let Plan::Name { person, worker } = plan;
        let (person, worker) = (room.known(*person)?, *worker);
        if worker.is_some_and(|worker| !room.members.contains_key(&worker)) {
            return refuse(Code::Unknown, "this room has no such member");
        }
        let mut events = one(Event::Named { person: person.id, worker });
        let worker = worker.map(|worker| (worker, Done::at(by.happened())));
        let then = Person { worker, ..person.clone() };
        events.extend(gates::late_evidence(room, &then, Gate::G3));
        Ok(events)
    }
}

impl Fold for Workers {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        let Event::Named { person, worker } = event;
        person::change(room, entry, *person, touched, |person| {
            person.worker = worker.map(|worker| (worker, Done::by(entry)));
        });
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        let Event::Named { person, worker } = event;
        let who = person::called(room, *person);
        Some(Said::of(
            *person,
            match worker {
                Some(worker) => {
                    format!("{who}: named social worker {}.", member::named(room, *worker))
                }
                None => format!("{who}: no named social worker."),
            },
        ))
    }
}
