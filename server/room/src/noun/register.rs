//! The register: its people, and merges of duplicates (PROCEDURE 3.5).

use std::collections::BTreeSet;

use proto::{
    class::Class,
    details::PersonChange,
    entry::Entry,
    gate::Gate,
    id::PersonId,
    identity::IdentifiedBy,
    key::Key,
    limit::PEOPLE_MAX,
    refusal::Code,
    register::{Event, OpenQuestion, Plan},
    role::Role::{self, Bizsup, NamedSw, Records},
    text::{Bedroom, Line},
    transfer::PlaceNow,
};

use super::{
    Decision, Fold, Plans, Said,
    census::{Moved, Share},
    one,
    person::{self, Done, Person, likeness},
    premises, refuse,
};
use crate::{
    context::Context,
    gates, nouns,
    privacy::boards::{calls, rename},
    rights::Needs,
    room::{Room, Touched},
};

mod reference;

/// The roles that register people, in addition to lead and deputy.
pub(crate) const REGISTRARS: &[Role] = &[Bizsup, Records, NamedSw];

/// The register.
pub(crate) struct Registers;

impl Plans for Registers {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Register { .. }
            | Plan::Merge { .. }
            | Plan::SettleQuestion { .. }
            | Plan::Confirm { .. } => Needs::write(&[Class::Ident], REGISTRARS).set_up(),
        }
    }

    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        match plan {
            Plan::Register { person, details, questions } => {
                register(room, by, *person, details, questions)
            }
            Plan::SettleQuestion { person, question, why } => {
                let person = room.known(*person)?;
                if !person.questions.contains(question) {
                    return refuse(Code::Already, "this question is not open");
                }
                let (person, question, why) = (person.id, *question, why.clone());
                Ok(one(Event::QuestionSettled { person, question, why }))
            }
            Plan::Merge { from, into, why } => merge(room, *from, *into, why),
            Plan::Confirm { person, identified_by } => confirm(room, by, *person, identified_by),
        }
    }
}

/// Adds a person to the register and draws their reference.
fn register(
    room: &Room,
    by: &Context,
    person: PersonId,
    details: &PersonChange,
    questions: &[OpenQuestion],
) -> Decision {
    if room.people.contains_key(&person) || room.merged.contains_key(&person) {
        return refuse(Code::Already, "this person is on the register");
    }
    if details.name.is_none() {
        return refuse(Code::Value, "a person on the register needs a name");
    }
    // References are never reused, so merged people count against the limit too.
    if room.references.len() >= PEOPLE_MAX {
        return refuse(Code::Full, "the register has as many people as it takes");
    }
    let is_bedroom =
        |one: &Bedroom| room.bedrooms.contains(one) || details.bedroom.as_ref() == Some(one);
    let Some(reference) = reference::draw(by.dice, &room.references, is_bedroom) else {
        return refuse(Code::Full, "no reference is left");
    };
    let mut questions = questions.to_vec();
    questions.sort_unstable();
    questions.dedup();
    let details = Box::new(details.clone());
    Ok(one(Event::Registered { person, reference, details, questions }))
}

/// Records that two rows are the same person.
fn merge(room: &Room, from: PersonId, into: PersonId, why: &Line) -> Decision {
    let (gone, stays) = (room.known(from)?, room.known(into)?);
    if gone.id == stays.id {
        return refuse(Code::Already, "these are one person on the register");
    }
    if gone.place != PlaceNow::AtTheHome && gone.place != stays.place {
        let words = "the two are in different places: settle where the person is first";
        return refuse(Code::NotNow, words);
    }
    Ok(one(Event::Merged { from: gone.id, into: stays.id, why: why.clone() }))
}

/// Confirms a person on the register by two identifiers, with no open duplicate question (G1).
fn confirm(
    room: &Room,
    context: &Context,
    id: PersonId,
    identified_by: &[IdentifiedBy],
) -> Decision {
    let person = room.known(id)?;
    let mut by = identified_by.to_vec();
    by.sort_unstable();
    by.dedup();
    by.retain(|identifier| has(person, *identifier));
    let missing = if person.questions.contains(&OpenQuestion::Duplicate) {
        vec!["may be listed twice; decide that first"]
    } else if by.len() < 2 {
        vec!["two identifiers that the register holds are needed"]
    } else {
        Vec::new()
    };
    gates::ask_said(person, "Confirm", Gate::G1, &missing, context.now)?;
    let mut events = one(Event::Confirmed { person: person.id, identified_by: by });
    let then = Person { confirmed: Some(Done::at(context.happened())), ..person.clone() };
    events.extend(gates::late_evidence(room, &then, Gate::G1));
    Ok(events)
}

/// Returns whether the register holds a value to compare an identifier with.
fn has(person: &Person, identifier: IdentifiedBy) -> bool {
    let details = &person.details;
    match identifier {
        IdentifiedBy::Name => details.name.is_some(),
        IdentifiedBy::DateOfBirth => details.date_of_birth.is_some(),
        IdentifiedBy::NhsNumber => details.nhs_number.is_some(),
        IdentifiedBy::Wristband => details.wristband.is_some(),
        IdentifiedBy::Bedroom => details.bedroom.is_some(),
        IdentifiedBy::Photograph => true,
    }
}

impl Fold for Registers {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::Registered { person, reference, details, questions } => {
                let (reference, questions) = (reference.clone(), questions.clone());
                let details = (**details).clone();
                let fresh = Person::new(*person, reference, details, questions, entry.seq);
                put(room, entry, fresh, touched);
            }
            Event::QuestionSettled { person, question, .. } => {
                person::change(room, entry, *person, touched, |person| {
                    person.questions.retain(|open| open != question);
                });
            }
            Event::Merged { from, into, .. } => make_one(room, entry, *from, *into, touched),
            Event::Confirmed { person, .. } => {
                person::change(room, entry, *person, touched, |person| {
                    person.confirmed = Some(Done::by(entry));
                });
            }
        }
    }

    fn retells(event: &Event, is_any_protected: bool) -> bool {
        match event {
            Event::Merged { .. } => is_any_protected,
            Event::Registered { .. } | Event::QuestionSettled { .. } | Event::Confirmed { .. } => {
                false
            }
        }
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        let called = |id: &PersonId| person::called(room, *id);
        Some(match event {
            Event::Registered { person, .. } => {
                Said::of(*person, format!("{} put on the register.", called(person)))
            }
            Event::QuestionSettled { person, why, .. } => {
                Said::of(*person, format!("{}: {}.", called(person), why.as_str()))
            }
            Event::Merged { into, why, .. } => {
                let (who, why) = (called(into), why.as_str());
                Said::of(*into, format!("Two rows were one person, {who}: {why}."))
            }
            Event::Confirmed { person, .. } => {
                Said::of(*person, format!("{} confirmed on the register.", called(person)))
            }
        })
    }
}

/// Adds a person to the register.
fn put(room: &mut Room, entry: &Entry, person: Person, touched: &mut Touched) {
    let id = person.id;
    room.census.put(&Share::of(&person));
    let quarter = room.census.keep_pace(entry.at, Moved::Registered);
    touched.extend([Key::Person(id), Key::Census, Key::Pace(quarter)]);
    room.references.insert(person.reference.clone());
    room.bedrooms.extend(person.details.bedroom.clone());
    let keys = likeness::keys(&person.details);
    rename(room, &BTreeSet::new(), &calls(&person), touched);
    room.people.insert(id, person);
    likeness::mark(room, id, &keys, touched);
    premises::reopen(room, touched);
}

/// Merges two rows into one person: the register shrinks by one, and the other spelling is kept as an alias.
fn make_one(room: &mut Room, entry: &Entry, from: PersonId, into: PersonId, touched: &mut Touched) {
    let (from, into) = (room.stands_for(from), room.stands_for(into));
    if from == into || !room.people.contains_key(&into) {
        return;
    }
    let Some(gone) = room.people.remove(&from) else { return };
    room.protected.remove(&from);
    let share = Share::of(&gone);
    room.census.take(&share);
    room.census.note_merge(entry.at);
    person::touch_counts(Some(&share), None, touched);
    likeness::unmark(room, from, &likeness::keys(&gone.details), touched);
    rename(room, &calls(&gone), &BTreeSet::new(), touched);
    for older in room.merged.values_mut().filter(|older| **older == from) {
        *older = into;
    }
    room.merged.insert(from, into);
    nouns::merged(room, from, into, touched);
    let quarter = room.census.keep_pace(entry.at, Moved::Merged);
    touched.extend([Key::Person(from), Key::Pace(quarter)]);
    person::change(room, entry, into, touched, |person| {
        person.questions.retain(|question| *question != OpenQuestion::Duplicate);
        let gone_names = gone.details.name.into_iter().chain(gone.details.known_as);
        let known = [person.details.name.clone(), person.details.known_as.clone()];
        let names = gone_names.chain(gone.aliases);
        person.aliases.extend(names.filter(|name| !known.iter().flatten().any(|n| n == name)));
        // The merged person keeps the protections of both.
        person.protections.extend(gone.protections);
        person.card = entry.seq;
    });
}
