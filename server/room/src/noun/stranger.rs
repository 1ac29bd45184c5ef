//! Facts about unknown people: kept for the desk (4.1.3).

use proto::{
    entry::Entry,
    id::{MemberId, PersonId},
    log::AlarmKind,
    nouns,
    stranger::Event,
    text::Short,
};

use super::{Fold, Said, one};
use crate::{
    noun::person::Person,
    room::{Room, Touched},
};

/// Unknown people.
pub(crate) struct Strangers;

impl Fold for Strangers {
    type Event = Event;

    fn fold(_room: &mut Room, _entry: &Entry, event: &Event, _touched: &mut Touched) {
        match event {
            Event::Reported { .. } => {}
        }
    }

    fn line(_room: &Room, event: &Event) -> Option<Said> {
        let Event::Reported { fact, .. } = event;
        let fact = fact.as_str();
        let words = format!("Recorded about somebody this room does not know: {fact}.");
        Some(Said::new(words).alarm(AlarmKind::UnknownPerson))
    }
}

/// Returns the events of a fact about a person; if the person is unknown, the fact is kept for the desk.
pub(crate) fn about(
    room: &Room,
    id: PersonId,
    fact: &str,
    events: impl FnOnce(&Person) -> Vec<nouns::Event>,
) -> Vec<nouns::Event> {
    room.person(id).map_or_else(|| kept(id, fact), events)
}

/// Returns the event that records a fact about an unknown member, or about an unknown item of a member.
pub(crate) fn member(member: Option<MemberId>, fact: &str) -> Vec<nouns::Event> {
    kept(PersonId(member.map(|member| member.0).unwrap_or_default()), fact)
}

fn kept(person: PersonId, fact: &str) -> Vec<nouns::Event> {
    Short::parse(fact).map(|fact| one(Event::Reported { person, fact })).unwrap_or_default()
}
