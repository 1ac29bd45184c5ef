//! Facts: what has happened. None is refused by a rule; every gate not met becomes a breach (R34).

use proto::{
    event::Event,
    gate::Gate,
    id::{HomeId, PersonId},
    person::SecondIdentifier,
    text::{Line, Short},
    transfer::{BreachState, FoundAt, Moment, PlaceNow, Trouble},
};

use crate::{
    context::Context,
    gate::{self, Asked},
    person::{Done, Person},
    plan::{ACCEPT, BOOK, CLEAR, READY},
    state::Room,
};

/// Tells whether a second identifier agrees with the register. Nothing agrees by likeness (R42).
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

impl Room {
    /// Makes the events of a fact about somebody; about somebody the room does not know, it is kept for
    /// the desk.
    pub(crate) fn about(
        &self,
        id: PersonId,
        fact: &str,
        events: impl FnOnce(&Person) -> Vec<Event>,
    ) -> Vec<Event> {
        match self.person(id) {
            Some(person) => events(person),
            None => Short::parse(fact)
                .map(|fact| vec![Event::UnknownPersonReported { person: id, fact }])
                .unwrap_or_default(),
        }
    }

    /// Left the home.
    pub(crate) fn decide_depart(
        &self,
        context: &Context,
        id: PersonId,
        home: Option<HomeId>,
        vehicle: Option<&Short>,
    ) -> Vec<Event> {
        self.about(id, "left the home", |person| {
            let vehicle = vehicle.cloned();
            let mut events = vec![Event::ServiceUserDeparted { person: person.id, home, vehicle }];
            if leaves(person, context) {
                events.extend(breaches(person, context));
            }
            events
        })
    }

    /// Arrived somewhere. Without a recorded departure it went past the same gates.
    pub(crate) fn decide_arrive(
        &self,
        context: &Context,
        id: PersonId,
        home: Option<HomeId>,
    ) -> Vec<Event> {
        self.about(id, "arrived at a home", |person| {
            let mut events = vec![Event::ServiceUserArrived { person: person.id, home }];
            if leaves(person, context) {
                events.extend(breaches(person, context));
            }
            events
        })
    }

    /// Identity was checked; a check that does not match is a near miss, on the record either way.
    pub(crate) fn decide_check(
        &self,
        context: &Context,
        id: PersonId,
        moment: Moment,
        identifier: &SecondIdentifier,
    ) -> Vec<Event> {
        self.about(id, "identity checked", |person| {
            let matched = matches(person, identifier);
            let identifier = identifier.clone();
            let checked = Event::IdentityChecked { person: person.id, moment, identifier, matched };
            let mut events = vec![checked];
            if matched {
                let done = Done { at: context.happened(), by: None };
                let mut then = person.clone();
                then.checks.insert(moment, done);
                events.extend(late_evidence(&then, Gate::G22));
            }
            events
        })
    }

    /// Returned, taken to hospital, gone with family, died, found, in trouble: one event each.
    pub(crate) fn decide_found(
        &self,
        id: PersonId,
        at: &FoundAt,
        words: Option<&Line>,
    ) -> Vec<Event> {
        self.about(id, "found", |person| {
            let (at, words) = (at.clone(), words.cloned());
            vec![Event::ServiceUserFound { person: person.id, at, words }]
        })
    }

    /// Something is not going to plan.
    pub(crate) fn decide_trouble(
        &self,
        id: PersonId,
        trouble: Trouble,
        words: Option<&Line>,
    ) -> Vec<Event> {
        self.about(id, "not going to plan", |person| {
            let words = words.cloned();
            vec![Event::TroubleReported { person: person.id, trouble, words }]
        })
    }
}

/// Tells whether a fact takes the person from the home: then the gates of leaving were stepped over.
fn leaves(person: &Person, context: &Context) -> bool {
    person.place == PlaceNow::AtTheHome && !person.predates(context.happened())
}

/// Returns one breach for each hard gate of the plans that leaving stepped over, neither met nor passed when the
/// person left (4.1.3, rule 2).
fn breaches(person: &Person, context: &Context) -> Vec<Event> {
    let unmet = gate::unmet(person, &stepped_over(), context.happened());
    let breach =
        |gate: Gate| Event::GateBreached { person: person.id, gate, owner: gate::owner(gate) };
    unmet.into_iter().map(|unmet| breach(unmet.gate)).collect()
}

/// Returns what the plans ask that leaving steps over.
fn stepped_over() -> Vec<Asked> {
    ACCEPT.into_iter().chain(BOOK).chain(READY).chain(CLEAR).collect()
}

/// Turns the open breaches of a gate into "done but recorded late" where, by what is known `then`, all that the gate
/// asks was done before the fact that went past it (4.1.3, rule 2).
pub(crate) fn late_evidence(then: &Person, gate: Gate) -> Vec<Event> {
    let asked = stepped_over();
    let was_met = |at| {
        let mut asked = asked.iter().filter(|asked| asked.gate() == gate);
        asked.all(|asked| asked.missing(then, at).is_none())
    };
    let open = then.breaches.iter().filter(|breach| {
        breach.gate == gate && breach.state == BreachState::Open && was_met(breach.at)
    });
    open.map(|breach| Event::BreachReviewed {
        person: then.id,
        fact: breach.fact,
        gate,
        state: BreachState::DoneButRecordedLate,
        note: None,
    })
    .collect()
}
