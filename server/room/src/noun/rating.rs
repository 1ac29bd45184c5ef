//! The level of concern about a person (R46).

use proto::{
    class::Class,
    entry::Entry,
    rating::{Event, Plan},
    role::Role::{
        Bizsup, Family, Mca, Meds, Moving, NamedSw, Nurse, Placements, Reassess, TeamLeaderSite,
        Transport, Vacancies,
    },
};

use super::{Decision, Fold, Plans, Said, one, person};
use crate::{
    context::Context,
    rights::Needs,
    room::{Room, Touched},
};

/// Ratings.
pub(crate) struct Ratings;

impl Plans for Ratings {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Rate { .. } => Needs::write(
                &[Class::Census],
                &[
                    Reassess,
                    Mca,
                    Vacancies,
                    Placements,
                    Moving,
                    Transport,
                    Family,
                    Meds,
                    Bizsup,
                    NamedSw,
                    TeamLeaderSite,
                    Nurse,
                ],
            ),
        }
    }

    fn decide(room: &Room, _by: &Context, plan: &Plan) -> Decision {
        let Plan::Rate { person, rating, reason } = plan;
        let (person, reason) = (room.known(*person)?.id, reason.clone());
        Ok(one(Event::Rated { person, rating: *rating, reason }))
    }
}

impl Fold for Ratings {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        let Event::Rated { person, rating, reason } = event;
        person::change(room, entry, *person, touched, |person| {
            person.rating = Some((*rating, reason.clone()));
        });
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        #[cfg(plant = "noun_speechless")]
        return None;
        let Event::Rated { person, reason, .. } = event;
        let who = person::called(room, *person);
        Some(Said::of(*person, format!("{who} rated: {}.", reason.as_str())))
    }
}
