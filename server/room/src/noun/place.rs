//! The accepted place: the destination home.

use proto::{
    class::Class,
    entry::Entry,
    gate::Gate,
    place::{Event, Plan},
    refusal::Code,
    role::Role::{NamedSw, Placements},
    transfer::PlaceNow,
};

use super::{
    Decision, Fold, Plans, Said, home, one,
    person::{self, Done, Person},
    refuse,
};
use crate::{
    context::Context,
    gates::{self, Asker},
    rights::Needs,
    room::{Room, Touched},
};

/// Accepted places.
pub(crate) struct Places;

impl Plans for Places {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Accept { .. } | Plan::GiveUp { .. } => {
                Needs::write(&[Class::Dest], &[Placements, NamedSw])
            }
        }
    }

    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        match plan {
            // An acceptance entered after the person left, with an earlier time, is late evidence.
            Plan::Accept { person, home } => {
                let person = room.known(*person)?;
                if !room.homes.contains_key(home) {
                    return refuse(Code::Unknown, "this room has no such home");
                }
                if person.place == PlaceNow::Died {
                    return refuse(Code::NotNow, "this person has died");
                }
                gates::ask(room, person, "Accept a place", Asker::Accept, by.now)?;
                let mut events = one(Event::Accepted { person: person.id, home: *home });
                let destination = Some((*home, Done::at(by.happened())));
                let then = Person { destination, ..person.clone() };
                events.extend(gates::late_evidence(room, &then, Gate::G23));
                Ok(events)
            }
            // Everything that depended on the place is reset.
            Plan::GiveUp { person, why } => {
                let person = room.known(*person)?;
                if person.destination.is_none() {
                    return refuse(Code::Already, "no place stands for this person");
                }
                Ok(one(Event::GivenUp { person: person.id, why: why.clone() }))
            }
        }
    }
}

impl Fold for Places {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::Accepted { person, home } => {
                person::change(room, entry, *person, touched, |person| {
                    if person.destination.map(|(home, _)| home) != Some(*home) {
                        (person.ready, person.cleared) = (None, None);
                    }
                    person.destination = Some((*home, Done::by(entry)));
                    if person.place == PlaceNow::OnTheWay {
                        person.claimed = None;
                        person.to_confirm = false;
                    }
                });
            }
            Event::GivenUp { person, .. } => {
                person::change(room, entry, *person, touched, |person| {
                    (person.destination, person.ready, person.cleared) = (None, None, None);
                });
            }
        }
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        Some(match event {
            Event::Accepted { person, home } => {
                let (who, home) = (person::called(room, *person), home::called(room, Some(*home)));
                Said::of(*person, format!("{who}: place accepted at {home}."))
            }
            Event::GivenUp { person, why } => {
                let who = person::called(room, *person);
                Said::of(*person, format!("{who}: place given up: {}.", why.as_str()))
            }
        })
    }
}
