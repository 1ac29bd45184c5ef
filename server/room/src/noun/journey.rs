//! The journey: vehicle, crew, times (G23).

use proto::{
    class::Class,
    entry::Entry,
    gate::Gate,
    journey::{Event, Plan},
    refusal::Code,
    role::Role::{NamedSw, Placements, TeamLeaderSite, Transport},
};

use super::{
    Decision, Fold, Plans, Said, one,
    person::{self, Done, Person},
    refuse,
};
use crate::{
    context::Context,
    gates::{self, Asker},
    privacy::protected,
    rights::Needs,
    room::{Room, Touched},
};

/// Journeys.
pub(crate) struct Journeys;

impl Plans for Journeys {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Book { .. } => {
                Needs::write(&[Class::Dest], &[Transport, Placements, NamedSw, TeamLeaderSite])
            }
        }
    }

    /// Books the journey. A booking entered after the person left, with an earlier time, is late evidence.
    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        let Plan::Book { person, journey } = plan;
        let person = room.known(*person)?;
        let times = journey.leaves_at.zip(journey.arrives_at);
        if times.is_some_and(|(leaves, arrives)| arrives < leaves) {
            return refuse(Code::Value, "the arrival lies before the departure");
        }
        protected::says_no_home(room, person, journey)?;
        gates::ask(room, person, "Book the journey", Asker::Book, by.now)?;
        let mut events = one(Event::Booked { person: person.id, journey: journey.clone() });
        let booked = Some((journey.clone(), Done::at(by.happened())));
        let then = Person { journey: booked, ..person.clone() };
        events.extend(gates::late_evidence(room, &then, Gate::G23));
        Ok(events)
    }
}

impl Fold for Journeys {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        let Event::Booked { person, journey } = event;
        person::change(room, entry, *person, touched, |person| {
            person.journey = Some((journey.clone(), Done::by(entry)));
        });
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        let Event::Booked { person, .. } = event;
        Some(Said::of(*person, format!("{}: journey booked.", person::called(room, *person))))
    }
}
