//! Matches a row to a person in the room, by key lookup rather than pairwise comparison.

use std::collections::BTreeMap;

use proto::{
    details::PersonChange,
    id::PersonId,
    intake::{Enrolled, IntakeDecision, Register},
    text::{Bedroom, BirthDate},
};

use crate::{cell::fold, twin::sound};

/// A register indexed by the values that a row may share with a person.
pub(super) struct Index<'a> {
    register: &'a Register,
    by_id: BTreeMap<PersonId, &'a Enrolled>,
    by_number: BTreeMap<&'a str, Vec<&'a Enrolled>>,
    by_named: BTreeMap<String, &'a Enrolled>,
    by_bedroom: BTreeMap<String, &'a Enrolled>,
    by_called: BTreeMap<String, &'a Enrolled>,
    by_like: BTreeMap<String, &'a Enrolled>,
}

/// The match of a row.
pub(super) enum Match<'a> {
    /// Nobody in the room.
    Nobody,
    /// Nobody for certain, but somebody is similar.
    Like { person: &'a Enrolled, why: &'static str },
    /// A person whom the same row registered before.
    Again(&'a Enrolled),
    /// A certain match, by NHS number or by name and birth date.
    Sure(&'a Enrolled),
    /// A probable match, unless a person says otherwise.
    Asked { person: &'a Enrolled, why: &'static str },
    /// A match chosen by a person.
    Decided { person: &'a Enrolled, why: &'static str },
}

impl<'a> Index<'a> {
    /// Builds the index of a register.
    pub(super) fn of(register: &'a Register) -> Self {
        let mut index = Self {
            register,
            by_id: BTreeMap::new(),
            by_number: BTreeMap::new(),
            by_named: BTreeMap::new(),
            by_bedroom: BTreeMap::new(),
            by_called: BTreeMap::new(),
            by_like: BTreeMap::new(),
        };
        for person in &register.people {
            let details = &person.details;
            index.by_id.insert(person.person, person);
            if let Some(number) = &details.nhs_number {
                index.by_number.entry(number.as_str()).or_default().push(person);
            }
            let names = details.name.iter().chain(&person.aliases);
            for name in names.map(|name| fold(name.as_str())) {
                let key = Keys::of(&name, details);
                index.by_named.extend(key.named.map(|key| (key, person)));
                index.by_bedroom.extend(key.bedroom.map(|key| (key, person)));
                index.by_like.extend(key.like.map(|key| (key, person)));
                index.by_called.insert(name, person);
            }
        }
        index
    }

    /// Returns the match of a row.
    pub(super) fn find(
        &self,
        own: PersonId,
        details: &PersonChange,
        decided: &[IntakeDecision],
    ) -> Match<'a> {
        let said = decided.iter().rev().find_map(|decision| match decision {
            IntakeDecision::SamePerson { person } => self.by_id.get(person).copied(),
            IntakeDecision::LeftOut
            | IntakeDecision::OnePerson
            | IntakeDecision::SameRow { .. }
            | IntakeDecision::OtherRow { .. }
            | IntakeDecision::OtherPerson { .. } => None,
        });
        if let Some(person) = said {
            return Match::Decided { person, why: "You said that this is the same person." };
        }
        let stands_for = self.register.merged.get(&own).copied().unwrap_or(own);
        if let Some(person) = self.by_id.get(&stands_for) {
            return Match::Again(person);
        }
        let is_other = |person: &&&Enrolled| {
            let other = IntakeDecision::OtherPerson { person: person.person };
            !decided.contains(&other)
        };
        let number = details.nhs_number.as_ref();
        let name = details.name.as_ref().map(|name| fold(name.as_str())).unwrap_or_default();
        let by_number = number.and_then(|number| self.by_number.get(number.as_str()));
        let by_number = by_number.map(Vec::as_slice).unwrap_or_default();
        let is_called = |person: &&&Enrolled| {
            person.details.name.as_ref().is_some_and(|other| fold(other.as_str()) == name)
        };
        let mut alike = by_number.iter().filter(is_other);
        // If two people in the room share one number, prefer the one with this name.
        if let Some(person) = alike.clone().find(is_called).or_else(|| alike.next()) {
            return Match::Sure(person);
        }
        let keys = Keys::of(&name, details);
        let get = |map: &BTreeMap<String, &'a Enrolled>, key: &Option<String>| {
            key.as_ref().and_then(|key| map.get(key)).filter(|person| is_other(person)).copied()
        };
        if let Some(person) = get(&self.by_named, &keys.named) {
            // Two NHS numbers mean two people, or a mistake for a person to resolve.
            let has_two = number.is_some() && person.details.nhs_number.is_some();
            return if has_two {
                Match::Like {
                    person,
                    why: "The same name and date of birth, but a different NHS number.",
                }
            } else {
                Match::Sure(person)
            };
        }
        if let Some(person) = get(&self.by_bedroom, &keys.bedroom) {
            return Match::Asked {
                person,
                why: "The same bedroom and name, but a different date of birth.",
            };
        }
        if let Some(person) = get(&self.by_like, &keys.like) {
            return Match::Like {
                person,
                why: "The same date of birth, and a surname that sounds alike.",
            };
        }
        match self.by_called.get(&name).filter(is_other) {
            Some(person) if name.contains(' ') => {
                Match::Like { person, why: "The same name, but a different date of birth." }
            }
            Some(_) | None => Match::Nobody,
        }
    }
}

/// The keys of a person.
struct Keys {
    named: Option<String>,
    bedroom: Option<String>,
    like: Option<String>,
}

impl Keys {
    fn of(name: &str, details: &PersonChange) -> Self {
        let born = details.date_of_birth.as_ref().map(BirthDate::as_str);
        let bedroom = details.bedroom.as_ref().map(Bedroom::as_str);
        let surname = name.rsplit(' ').next().unwrap_or_default();
        Self {
            named: born.map(|born| format!("{name} {born}")),
            bedroom: bedroom.map(|bedroom| format!("{name} {bedroom}")),
            like: born.map(|born| format!("{} {born}", sound(surname))),
        }
    }
}
