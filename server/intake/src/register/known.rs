//! Whom of the room a row is about: found by keys, never by comparing everybody with everybody.

use std::collections::BTreeMap;

use proto::{
    details::PersonChange,
    id::PersonId,
    intake::{Enrolled, IntakeDecision, Register},
    text::{Bedroom, BirthDate},
};

use crate::{cell::fold, twin::sound};

/// Everybody on a register, by what a row may share with them.
pub(super) struct Index<'a> {
    register: &'a Register,
    by_id: BTreeMap<PersonId, &'a Enrolled>,
    by_number: BTreeMap<&'a str, Vec<&'a Enrolled>>,
    by_named: BTreeMap<String, &'a Enrolled>,
    by_bedroom: BTreeMap<String, &'a Enrolled>,
    by_called: BTreeMap<String, &'a Enrolled>,
    by_like: BTreeMap<String, &'a Enrolled>,
}

/// Whom a row is about.
pub(super) enum Match<'a> {
    /// Nobody in the room.
    Nobody,
    /// Nobody for sure, but somebody is like them.
    Like { person: &'a Enrolled, why: &'static str },
    /// Somebody whom the same row registered before.
    Again(&'a Enrolled),
    /// Somebody, by NHS number, or by name and birth date.
    Sure(&'a Enrolled),
    /// Somebody, unless a person says otherwise.
    Asked { person: &'a Enrolled, why: &'static str },
    /// Somebody, because a person said so.
    Decided { person: &'a Enrolled, why: &'static str },
}

impl<'a> Index<'a> {
    /// Returns the index of a register.
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

    /// Returns whom a row is about.
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
        // Where two in the room have one number, it is the one with this name.
        if let Some(person) = alike.clone().find(is_called).or_else(|| alike.next()) {
            return Match::Sure(person);
        }
        let keys = Keys::of(&name, details);
        let get = |map: &BTreeMap<String, &'a Enrolled>, key: &Option<String>| {
            key.as_ref().and_then(|key| map.get(key)).filter(|person| is_other(person)).copied()
        };
        if let Some(person) = get(&self.by_named, &keys.named) {
            // Two NHS numbers are two people, or a mistake that a person has to find.
            let has_two = number.is_some() && person.details.nhs_number.is_some();
            return if has_two {
                Match::Like {
                    person,
                    why: "The same name and date of birth, and another NHS number.",
                }
            } else {
                Match::Sure(person)
            };
        }
        if let Some(person) = get(&self.by_bedroom, &keys.bedroom) {
            return Match::Asked {
                person,
                why: "The same bedroom and name, not the same date of birth.",
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
                Match::Like { person, why: "The same name, and another date of birth." }
            }
            Some(_) | None => Match::Nobody,
        }
    }
}

/// What somebody may be found by.
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
