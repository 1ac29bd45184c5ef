//! The card: what some members may read of one person, field by field (SECURITY.md, the matrix).

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

/// What a reader may see of cards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sees {
    pub(crate) identity: bool,
    pub(crate) health: bool,
    pub(crate) money: bool,
    pub(crate) circle: bool,
}

impl Sees {
    /// Nothing of a card, for whoever may read of one only where somebody goes.
    const NOTHING: Self = Self { identity: false, health: false, money: false, circle: false };

    /// Everything: for whoever holds the journal itself.
    pub(crate) const ALL: Self = Self { identity: true, health: true, money: true, circle: true };
}

impl Room {
    /// Returns everybody on the register for somebody of the staff who registers people; `None` for
    /// anybody else. What this reader may not read of a card is not there.
    pub fn register(&self, actor: Actor, ceiling: Option<Ceiling>) -> Option<Register> {
        let Actor::Member(reader) = actor else { return None };
        if !self.may_register(actor, ceiling) {
            return None;
        }
        let mut unread = Vec::new();
        // Needs stand with the kind of care, which everybody reads; notes hold health as needs do.
        let closed = [
            (Group::Identity, Class::Ident),
            (Group::Needs, Class::Health),
            (Group::Notes, Class::Health),
            (Group::Funding, Class::Money),
            (Group::Circle, Class::Circle),
        ];
        unread.extend(
            closed.iter().filter(|(_, class)| !self.reads(reader, *class)).map(|(group, _)| *group),
        );
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

    /// Returns a person's card as this reader may see it; `None` for somebody unknown and for a reader
    /// without any right to a card, alike.
    pub fn card(&self, actor: Actor, ceiling: Option<Ceiling>, person: PersonId) -> Option<Card> {
        let person = self.person(person)?;
        let protected = match actor {
            Actor::Member(reader) => protected::place(self, reader, person),
            Actor::Screen | Actor::System | Actor::Importer => None,
        };
        let sees = self.sees(actor, ceiling);
        let sees = sees.or_else(|| protected.as_ref().map(|_| Sees::NOTHING))?;
        Some(Card { protected, ..card_of(person, sees) })
    }

    /// Returns what somebody may see of cards; `None` when that is nothing.
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
        Some(Sees {
            identity: may(Class::Ident),
            health: may(Class::Health),
            money: is_under(Class::Money) && may(Class::Money),
            circle: is_under(Class::Circle) && may(Class::Circle),
        })
    }
}

/// Returns what a reader sees of a card.
pub(crate) fn card_of(person: &Person, sees: Sees) -> Card {
    let details = &person.details;
    Card {
        person: person.id,
        reference: person.reference.clone(),
        revision: person.card,
        nhs_number: details.nhs_number.clone().filter(|_| sees.identity),
        wristband: details.wristband.clone().filter(|_| sees.identity),
        aliases: if sees.identity { person.aliases.clone() } else { Vec::new() },
        needs: details.needs.clone().filter(|_| sees.health),
        funding: details.funding.clone().filter(|_| sees.money),
        next_of_kin: details.next_of_kin.clone().filter(|_| sees.circle),
        notes: details.notes.clone().filter(|_| sees.health),
        protected: None,
    }
}
