//! Readiness: declared ready, cleared to leave (G22, G23).

use proto::{
    class::Class,
    entry::Entry,
    readiness::{Event, Plan},
    refusal::Code,
    role::Role::{Meds, NamedSw, Nurse, Placements, TeamLeaderSite, Transport},
    transfer::PlaceNow,
};

use super::{
    Decision, Fold, Plans, Said, one,
    person::{self, Done},
    refuse,
};
use crate::{
    context::Context,
    gates::{self, Asker},
    rights::Needs,
    room::{Room, Touched},
};

/// Readiness.
pub(crate) struct Readiness;

impl Plans for Readiness {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Declare { .. } | Plan::Clear { .. } => Needs::write(
                &[Class::Census],
                &[NamedSw, TeamLeaderSite, Nurse, Meds, Transport, Placements],
            ),
        }
    }

    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        let (Plan::Declare { person } | Plan::Clear { person }) = plan;
        let person = room.known(*person)?;
        if person.place != PlaceNow::AtTheHome {
            return refuse(Code::NotNow, "this person is not at the home");
        }
        match plan {
            Plan::Declare { .. } => {
                gates::ask(room, person, "Declare ready", Asker::Ready, by.now)?;
                Ok(one(Event::Declared { person: person.id }))
            }
            Plan::Clear { .. } => {
                gates::ask(room, person, "Clear to leave", Asker::Clear, by.now)?;
                Ok(one(Event::Cleared { person: person.id }))
            }
        }
    }
}

impl Fold for Readiness {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        let done = Some(Done::by(entry));
        match event {
            Event::Declared { person } => {
                person::change(room, entry, *person, touched, |person| person.ready = done);
            }
            Event::Cleared { person } => {
                person::change(room, entry, *person, touched, |person| person.cleared = done);
            }
        }
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        Some(match event {
            Event::Declared { person } => {
                Said::of(*person, format!("{} declared ready.", person::called(room, *person)))
            }
            Event::Cleared { person } => {
                Said::of(*person, format!("{} cleared to leave.", person::called(room, *person)))
            }
        })
    }
}
