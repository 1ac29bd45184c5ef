//! Identity checks by a second identifier: before "ready", at the door and on arrival (G22, G24).

use proto::{
    entry::Entry,
    gate::Gate,
    identity::{Event, Fact, SecondIdentifier},
    log::AlarmKind,
    nouns,
};

use super::{
    Facts, Fold, Said, one,
    person::{self, Done, Person},
    stranger,
};
use crate::{
    context::Context,
    gates,
    room::{Room, Touched},
};

/// Checks of identity.
pub(crate) struct Identities;

/// Returns whether a second identifier equals the register's. Similarity never counts as a match (R42).
pub(crate) fn matches(person: &Person, identifier: &SecondIdentifier) -> bool {
    let details = &person.details;
    match identifier {
        SecondIdentifier::DateOfBirth { date } | SecondIdentifier::Carer { date, .. } => {
            details.date_of_birth.as_ref() == Some(date)
        }
        SecondIdentifier::NhsNumber { number } => details.nhs_number.as_ref() == Some(number),
        SecondIdentifier::Wristband { code } => details
            .wristband
            .as_ref()
            .is_some_and(|w| w.as_str().eq_ignore_ascii_case(code.as_str())),
        SecondIdentifier::Photograph => true,
    }
}

impl Facts for Identities {
    type Fact = Fact;

    /// A mismatch is recorded as a near miss.
    fn record(room: &Room, by: &Context, fact: &Fact) -> Vec<nouns::Event> {
        let Fact::Check { person, moment, identifier } = fact;
        stranger::about(room, *person, "identity checked", |person| {
            let (moment, matched) = (*moment, matches(person, identifier));
            let identifier = identifier.clone();
            let mut events = one(Event::Checked { person: person.id, moment, identifier, matched });
            if matched {
                let mut then = person.clone();
                then.checks.insert(moment, Done::at(by.happened()));
                events.extend(gates::late_evidence(room, &then, Gate::G22));
            }
            events
        })
    }
}

impl Fold for Identities {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        let Event::Checked { person, moment, matched, .. } = event;
        person::change(room, entry, *person, touched, |person| {
            if *matched {
                person.checks.insert(*moment, Done::by(entry));
            }
        });
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        let Event::Checked { person, matched, .. } = event;
        let who = person::called(room, *person);
        if *matched {
            return Some(Said::of(*person, format!("{who}: identity checked.")));
        }
        let words = format!("Near miss: the second identifier for {who} did not match.");
        Some(Said::of(*person, words).alarm(AlarmKind::NearMiss))
    }
}
