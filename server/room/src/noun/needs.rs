//! Whether a person's needs are assessed (G4).

use proto::{
    class::Class,
    entry::Entry,
    needs::{Event, Plan},
    role::Role::{Meds, Moving, NamedSw, Nurse, Reassess, TeamLeaderSite},
};

use super::{
    Decision, Fold, Plans, Said, one,
    person::{self, Done},
};
use crate::{
    context::Context,
    rights::Needs,
    room::{Room, Touched},
};

/// Assessments of needs.
pub(crate) struct Assessments;

impl Plans for Assessments {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Assess { .. } => Needs::write(
                &[Class::Census],
                &[Reassess, Moving, Meds, NamedSw, Nurse, TeamLeaderSite],
            )
            .set_up(),
        }
    }

    fn decide(room: &Room, _by: &Context, plan: &Plan) -> Decision {
        let Plan::Assess { person } = plan;
        Ok(one(Event::Assessed { person: room.known(*person)?.id }))
    }
}

impl Fold for Assessments {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        let Event::Assessed { person } = event;
        person::change(room, entry, *person, touched, |person| {
            person.assessed = Some(Done::by(entry));
        });
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        let Event::Assessed { person } = event;
        Some(Said::of(*person, format!("{}: needs assessed.", person::called(room, *person))))
    }
}
