//! An arrival and its confirmation (G24).

use proto::{
    arrival::{Event, Plan},
    class::Class,
    entry::Entry,
    gate::Gate,
    id::PersonId,
    refusal::Code,
    role::Role::{NamedSw, Placements, Transport},
    transfer::PlaceNow,
};

use super::{
    Decision, Fold, Plans, Said, Seen, identity, on_word, one,
    person::{self, Done},
    refuse,
};
use crate::{
    context::Context,
    gates,
    rights::Needs,
    room::{Room, Touched},
};

/// Arrivals.
pub(crate) struct Arrivals;

impl Plans for Arrivals {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Confirm { .. } => {
                Needs::write(&[Class::Census], &[Placements, NamedSw, Transport])
            }
        }
    }

    /// Confirms an arrival by second identifier and spoken handover; the entry notifies the lead.
    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        let Plan::Confirm { person, identifier, handover_given, on_word_of } = plan;
        let person = room.known(*person)?;
        if person.place != PlaceNow::Arrived {
            let words = "record the arrival first: this person is not shown as arrived";
            return refuse(Code::NotNow, words);
        }
        let mut missing = Vec::new();
        if !identity::matches(person, identifier) {
            missing.push("the second identifier does not match the register");
        }
        if !handover_given {
            missing.push("no spoken handover was given");
        }
        gates::ask_said(person, "Confirm the arrival of", Gate::G24, &missing, by.now)?;
        let (identifier, on_word_of) = (identifier.clone(), on_word_of.clone());
        Ok(one(Event::Confirmed { person: person.id, identifier, on_word_of }))
    }
}

impl Fold for Arrivals {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        let Event::Confirmed { person, .. } = event;
        person::change(room, entry, *person, touched, |person| {
            person.arrival = Some(Done::by(entry));
            person.to_confirm = false;
        });
    }

    fn seen(event: &Event) -> Option<(PersonId, Seen<'_>)> {
        let Event::Confirmed { person, on_word_of, .. } = event;
        let seen = Seen::at("arrival confirmed", PlaceNow::Arrived);
        Some((*person, Seen { via: on_word_of.as_ref(), ..seen }))
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        let Event::Confirmed { person, on_word_of, .. } = event;
        let (who, word) = (person::called(room, *person), on_word(on_word_of.as_ref()));
        Some(Said::of(*person, format!("{who}: arrival confirmed{word}. Lead told.")))
    }
}
