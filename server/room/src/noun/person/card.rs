//! The card: what some members may read of one person, field by field (SECURITY.md, the matrix).

use proto::{
    details::{Group, PersonChange},
    id::PersonId,
    intake::{Enrolled, Register},
    member::Actor,
    person::card::Card,
    role::{
        Ceiling,
        Role::{
            self, Bim, Bizsup, Deputy, Family, HomeManager, Lead, Mca, Meds, Moving, NamedSw,
            Nurse, Placements, Reassess, Records, TeamLeaderSite, Transport,
        },
    },
};

use super::Person;
use crate::{privacy::protected, room::Room};

/// Who reads the person's numbers and other names.
const IDENTITY: &[Role] = &[
    Lead,
    Deputy,
    Reassess,
    Mca,
    Bim,
    Placements,
    Moving,
    Transport,
    Family,
    Meds,
    Records,
    Bizsup,
    NamedSw,
    TeamLeaderSite,
    Nurse,
    HomeManager,
];
/// Who reads needs and notes on health.
const HEALTH: &[Role] = &[
    Lead,
    Deputy,
    Reassess,
    Mca,
    Bim,
    Placements,
    Moving,
    Meds,
    Records,
    NamedSw,
    TeamLeaderSite,
    Nurse,
    HomeManager,
];
/// Who reads who pays.
const MONEY: &[Role] = &[Lead, Deputy, Role::Finance, Records];
/// Who reads the family's names and numbers.
const CIRCLE: &[Role] = &[
    Lead,
    Deputy,
    Reassess,
    Mca,
    Bim,
    Family,
    Records,
    Bizsup,
    NamedSw,
    TeamLeaderSite,
    HomeManager,
];

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
        let held = self.roles(reader);
        let may = |roles: &[Role]| roles.iter().any(|role| held.contains(role));
        let mut unread = Vec::new();
        // Needs stand with the kind of care, which everybody reads; notes hold health as needs do.
        let closed = [
            (Group::Identity, IDENTITY),
            (Group::Needs, HEALTH),
            (Group::Notes, HEALTH),
            (Group::Funding, MONEY),
            (Group::Circle, CIRCLE),
        ];
        unread.extend(closed.iter().filter(|(_, roles)| !may(roles)).map(|(group, _)| *group));
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
        let held = self.roles(reader);
        // A door code reads no money; a link for one person nobody's family either (the ceilings' rows).
        let is_staff = ceiling == Some(Ceiling::Staff);
        let is_inside = is_staff || ceiling == Some(Ceiling::Code);
        let may = |roles: &[Role]| roles.iter().any(|role| held.contains(role));
        if !may(IDENTITY) && !may(MONEY) {
            return None;
        }
        Some(Sees {
            identity: may(IDENTITY),
            health: may(HEALTH),
            money: is_staff && may(MONEY),
            circle: is_inside && may(CIRCLE),
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
