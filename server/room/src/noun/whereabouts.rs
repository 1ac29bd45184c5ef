//! Whereabouts: facts about where a person is (PROCEDURE 4.1.3).

use proto::{
    entry::Entry,
    id::{HomeId, PersonId, Time},
    nouns,
    text::{Line, Short},
    transfer::PlaceNow,
    whereabouts::{Event, Fact, FoundAt},
};

use super::{
    Facts, Fold, Said, Seen, home, one,
    person::{self, Person},
    stranger,
};
use crate::{
    context::Context,
    gates,
    room::{Room, Touched},
};

mod moves;

/// Whereabouts.
pub(crate) struct Whereabouts;

impl Facts for Whereabouts {
    type Fact = Fact;

    fn record(room: &Room, by: &Context, fact: &Fact) -> Vec<nouns::Event> {
        let about = |id: &PersonId, fact: &str, event: &dyn Fn(PersonId) -> Event| {
            stranger::about(room, *id, fact, |person| one(event(person.id)))
        };
        match fact {
            Fact::Depart { person, home, vehicle } => {
                stranger::about(room, *person, "left the home", |person| {
                    let (home, vehicle) = (*home, vehicle.clone());
                    let left = Event::Departed { person: person.id, home, vehicle };
                    leaving(room, person, by, left)
                })
            }
            // Without a recorded departure, an arrival breaches the same gates.
            Fact::Arrive { person, home } => {
                stranger::about(room, *person, "arrived at a home", |person| {
                    leaving(room, person, by, Event::Arrived { person: person.id, home: *home })
                })
            }
            #[cfg(plant = "fact_dropped")]
            Fact::Return { .. } => Vec::new(),
            #[cfg(not(plant = "fact_dropped"))]
            Fact::Return { person } => {
                about(person, "came back", &|person| Event::Returned { person })
            }
            Fact::TakeToHospital { person, hospital } => {
                about(person, "taken to hospital", &|person| {
                    let hospital = hospital.clone();
                    Event::TakenToHospital { person, hospital }
                })
            }
            Fact::GoWithFamily { person, with } => about(person, "gone with family", &|person| {
                let with = with.clone();
                Event::GoneWithFamily { person, with }
            }),
            Fact::Die { person } => about(person, "died", &|person| Event::Died { person }),
            Fact::TellFamily { person } => {
                about(person, "family told of the death", &|person| Event::FamilyTold { person })
            }
            Fact::Find { person, at, words } => about(person, "found", &|person| {
                let (at, words) = (at.clone(), words.clone());
                Event::Found { person, at, words }
            }),
        }
    }
}

/// Returns the events of a fact that may end a person's stay at the home, including breaches of the departure gates.
fn leaving(room: &Room, person: &Person, by: &Context, fact: Event) -> Vec<nouns::Event> {
    let mut events = one(fact);
    if person.place == PlaceNow::AtTheHome && !person.predates(by.happened()) {
        events.extend(gates::breaches(room, person, by.happened()));
    }
    events
}

impl Fold for Whereabouts {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        let at = entry.happened();
        let line = |words: &Option<Short>| {
            words.as_ref().and_then(|words| Line::parse(words.as_str()).ok())
        };
        let id = about(event);
        person::change(room, entry, id, touched, |person| match event {
            Event::Departed { home, .. } => moves::departed(person, at, *home),
            Event::Arrived { home, .. } => moves::arrived(person, at, *home),
            Event::Returned { .. } => moves::returned(person, at),
            Event::TakenToHospital { hospital, .. } => {
                moves::moves(person, PlaceNow::InHospital, at, line(hospital));
            }
            Event::GoneWithFamily { with, .. } => {
                moves::moves(person, PlaceNow::WithFamily, at, line(with));
            }
            Event::Died { .. } => moves::settle(person, PlaceNow::Died, at, None),
            Event::FamilyTold { .. } => person.family_told = true,
            Event::Found { at: found, words, .. } => {
                moves::found_at(person, at, found, words.clone());
            }
        });
    }

    fn seen(event: &Event) -> Option<(PersonId, Seen<'_>)> {
        let seen = match event {
            Event::Departed { home, vehicle, .. } => Seen {
                home: *home,
                vehicle: vehicle.as_ref(),
                ..Seen::at("left", PlaceNow::OnTheWay)
            },
            Event::Arrived { home, .. } => {
                Seen { home: *home, ..Seen::at("arrived", PlaceNow::Arrived) }
            }
            Event::Returned { .. } => Seen::at("came back", PlaceNow::AtTheHome),
            Event::TakenToHospital { hospital, .. } => Seen {
                words: hospital.as_ref().map(Short::as_str),
                ..Seen::at("taken to hospital", PlaceNow::InHospital)
            },
            Event::GoneWithFamily { with, .. } => Seen {
                words: with.as_ref().map(Short::as_str),
                ..Seen::at("gone with family", PlaceNow::WithFamily)
            },
            Event::Died { .. } => Seen::at("died", PlaceNow::Died),
            Event::FamilyTold { .. } => return None,
            Event::Found { at, words, .. } => {
                let (place, home) = found_at(at);
                Seen { home, words: words.as_ref().map(Line::as_str), ..Seen::at("found", place) }
            }
        };
        Some((about(event), seen))
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        let id = about(event);
        let who = person::called(room, id);
        let goes_to = || room.person(id).and_then(Person::goes_to);
        let words = match event {
            Event::Departed { home, .. } => match home.or_else(goes_to) {
                Some(home) => format!("{who} left for {}.", home::called(room, Some(home))),
                None => format!("{who} left, destination to confirm."),
            },
            Event::Arrived { home, .. } => {
                format!("{who} arrived at {}.", home::called(room, home.or_else(goes_to)))
            }
            Event::Returned { .. } => format!("{who} came back to the home."),
            Event::TakenToHospital { .. } => format!("{who} taken to hospital."),
            Event::GoneWithFamily { .. } => format!("{who} gone with family."),
            Event::Died { .. } => format!("{who} died."),
            Event::FamilyTold { .. } => format!("The family of {who} was told."),
            Event::Found { at, .. } => format!("{who} found: {}.", found(room, at)),
        };
        Some(Said::of(id, words))
    }
}

/// Returns the person an event is about.
const fn about(event: &Event) -> PersonId {
    match event {
        Event::Departed { person, .. }
        | Event::Arrived { person, .. }
        | Event::Returned { person }
        | Event::TakenToHospital { person, .. }
        | Event::GoneWithFamily { person, .. }
        | Event::Died { person }
        | Event::FamilyTold { person }
        | Event::Found { person, .. } => *person,
    }
}

/// Puts a person under "being confirmed" because they were not found.
pub(crate) fn not_found(person: &mut Person, at: Time, words: Option<Line>) {
    moves::settle(person, PlaceNow::BeingConfirmed, at, words);
}

/// Describes the place where a person was found.
fn found(room: &Room, at: &FoundAt) -> String {
    match at {
        FoundAt::AtTheHome => "at the home".to_owned(),
        FoundAt::OnTheWay => "on the way".to_owned(),
        FoundAt::Arrived { home } => format!("arrived at {}", home::called(room, Some(*home))),
        FoundAt::InHospital => "in hospital".to_owned(),
        FoundAt::WithFamily => "with family".to_owned(),
        FoundAt::Died => "died".to_owned(),
    }
}

/// Returns the place where a person was found, and the home if it is one.
const fn found_at(at: &FoundAt) -> (PlaceNow, Option<HomeId>) {
    match at {
        FoundAt::AtTheHome => (PlaceNow::AtTheHome, None),
        FoundAt::OnTheWay => (PlaceNow::OnTheWay, None),
        FoundAt::Arrived { home } => (PlaceNow::Arrived, Some(*home)),
        FoundAt::InHospital => (PlaceNow::InHospital, None),
        FoundAt::WithFamily => (PlaceNow::WithFamily, None),
        FoundAt::Died => (PlaceNow::Died, None),
    }
}
