//! The card: the fields of one person that a reader may read (SECURITY.md, the matrix).

use std::collections::BTreeSet;

use proto::{
    class::{Class, Level},
    details::{Group, PersonChange},
    id::PersonId,
    intake::{Enrolled, Register},
    member::Actor,
    person::card::Card,
    role::Ceiling,
};

use super::Person;
use crate::{privacy::protected, room::Room};

/// The classes of a card that a reader may see.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sees(BTreeSet<Class>);

impl Sees {
    /// Returns every class: for the holder of the journal itself.
    pub(crate) fn all() -> Self {
        Self(Class::ALL.into_iter().collect())
    }

    /// Tells whether a class is among them.
    pub(crate) fn has(&self, class: Class) -> bool {
        self.0.contains(&class) || cfg!(plant = "class_ignored")
    }
}

impl Room {
    /// Returns the whole register for staff who register people, without the card fields this reader may not read;
    /// `None` for other readers.
    pub fn register(&self, actor: Actor, ceiling: Option<Ceiling>) -> Option<Register> {
        let Actor::Member(reader) = actor else { return None };
        if !self.may_register(actor, ceiling) {
            return None;
        }
        // What rows show is open to everybody who may read them.
        let closed = PersonChange::FIELDS.iter().filter(|field| !field.is_shown);
        let closed = closed.filter(|field| !self.reads(reader, field.class));
        let unread: BTreeSet<Group> = closed.map(|field| field.group).collect();
        let unread: Vec<Group> = unread.into_iter().collect();
        let people = self.people.values().map(|person| {
            let mut details = PersonChange::default();
            for group in person.details.groups() {
                if !unread.contains(&group) {
                    details.take(person.details.only(group));
                }
            }
            Enrolled {
                person: person.id,
                reference: person.reference.clone(),
                details,
                unread: unread.clone(),
                edited: person.edited.keys().copied().collect(),
                aliases: person.aliases.clone(),
                questions: person.questions.clone(),
                place: person.place,
            }
        });
        let people = people.collect();
        Some(Register { head: self.head(), people, merged: self.merged.clone() })
    }

    /// Returns a person's card as this reader may see it; `None` both for an unknown person and for a reader without
    /// rights to cards.
    pub fn card(&self, actor: Actor, ceiling: Option<Ceiling>, person: PersonId) -> Option<Card> {
        let person = self.person(person)?;
        let protected = match actor {
            Actor::Member(reader) => protected::place(self, reader, person),
            Actor::Screen | Actor::System | Actor::Importer => None,
        };
        let sees = self.sees(actor, ceiling);
        // Some may read of a card only where its person goes.
        let sees = sees.or_else(|| protected.as_ref().map(|_| Sees::default()))?;
        Some(Card { protected, ..card_of(person, &sees) })
    }

    /// Returns the parts of cards a reader may see; `None` if there are none.
    pub(crate) fn sees(&self, actor: Actor, ceiling: Option<Ceiling>) -> Option<Sees> {
        let reader = match actor {
            Actor::Member(member) => member,
            Actor::Screen | Actor::System | Actor::Importer => return None,
        };
        let may = |class: Class| self.reads(reader, class);
        if !may(Class::Ident) && !may(Class::Money) {
            return None;
        }
        let is_under = |class: Class| ceiling.is_some_and(|one| one.on(class).level >= Level::Read);
        let classes = Class::ALL.into_iter().filter(|class| may(*class) && is_under(*class));
        Some(Sees(classes.collect()))
    }
}

/// Returns what a reader sees of a card.
pub(crate) fn card_of(person: &Person, sees: &Sees) -> Card {
    let seen = person.details.only_those(|field| !field.is_shown && sees.has(field.class));
    let aliases = if sees.has(Class::Ident) { person.aliases.clone() } else { Vec::new() };
    Card {
        person: person.id,
        reference: person.reference.clone(),
        revision: person.card,
        nhs_number: seen.nhs_number,
        wristband: seen.wristband,
        aliases,
        needs: seen.needs,
        funding: seen.funding,
        next_of_kin: seen.next_of_kin,
        notes: seen.notes,
        protected: None,
    }
}
