//! Gates: the checks a plan requires, which facts may breach, and the roles accountable for a breach (PROCEDURE
//! 4.1.4).

use proto::{
    gate::{self, BreachState, Gate},
    id::Time,
    nouns::Event,
    refusal::{Code, Refusal, Unmet},
    role::Role,
    transfer::Item,
};
use table::{GATES, Hardness, Rule, STEPPED_OVER};

use crate::{
    noun::{
        gate::StandingPass,
        person::{Done, Person, TELLING_MS},
    },
    room::Room,
};

mod journey;
mod known;
pub(crate) mod table;

/// A plan that requires gates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    /// Confirm on the register.
    Confirm,
    /// Accept a place.
    Accept,
    /// Book the journey.
    Book,
    /// Declare ready.
    Ready,
    /// Clear to leave: the door check.
    Clear,
    /// Confirm an arrival.
    Arrival,
    /// Claim the premises cleared.
    Cleared,
}

impl Asker {
    /// Returns the kind of the plan.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Confirm => "confirm_on_register",
            Self::Accept => "accept_place",
            Self::Book => "book_journey",
            Self::Ready => "declare_ready",
            Self::Clear => "clear_to_leave",
            Self::Arrival => "confirm_arrival",
            Self::Cleared => "claim_premises_cleared",
        }
    }
}

/// The state of a gate's condition for one person at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// Met, with the evidence.
    Done(Done),
    /// Not met; describes what is missing.
    Open(String),
}

impl State {
    /// Returns `Done` if it was done by the given time, otherwise `Open` with the description.
    fn of(done: Option<Done>, at: Time, missing: &str) -> Self {
        match done.filter(|done| done.is_by(at)) {
            Some(done) => Self::Done(done),
            None => Self::Open(missing.to_owned()),
        }
    }
}

/// The input of a condition: the person as the room knew them at a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) room: &'a Room,
    pub(crate) person: &'a Person,
    pub(crate) at: Time,
}

/// Returns the table row of a gate.
fn rule(gate: Gate) -> Option<&'static Rule> {
    GATES.iter().find(|rule| rule.gate == gate)
}

/// Returns the role accountable for a breach of the gate.
pub(crate) fn owner(gate: Gate) -> Role {
    rule(gate).map_or(Role::Lead, |rule| rule.owner)
}

/// Returns the roles that may pass the gate with a reason, in addition to lead and deputy, who may pass every gate.
pub(crate) fn passers(gate: Gate) -> &'static [Role] {
    rule(gate).map_or(&[], |rule| rule.passers)
}

/// Returns all roles that may pass the gate.
pub(crate) fn may_pass(gate: Gate) -> Vec<Role> {
    [Role::Lead, Role::Deputy].into_iter().chain(passers(gate).iter().copied()).collect()
}

/// Returns the gate of a track item, if it has one.
pub(crate) fn of(item: Item) -> Option<Gate> {
    let has = |rule: &&Rule| rule.asks.iter().any(|ask| ask.item == Some(item));
    GATES.iter().find(has).map(|rule| rule.gate)
}

/// Returns whether a pass of the gate was in force for the person at a time.
pub(crate) fn passed(person: &Person, gate: Gate, at: Time) -> bool {
    let holds = |pass: &StandingPass| {
        pass.at <= at.plus_ms(TELLING_MS) && pass.until.is_none_or(|until| at <= until)
    };
    person.passes.get(&gate).is_some_and(holds)
}

/// Returns each hard gate required by these plans that was neither met nor passed at a time, once per gate, with
/// everything missing. Evidence up to one minute later counts, because people report times in whole minutes.
fn unmet(room: &Room, person: &Person, askers: &[Asker], at: Time) -> Vec<Unmet> {
    let look = Look { room, person, at: at.plus_ms(TELLING_MS) };
    let open = GATES.iter().filter(|rule| !passed(person, rule.gate, at));
    open.filter_map(|rule| {
        let missing = missing(rule, askers, look);
        (!missing.is_empty()).then(|| unmet_of(rule.gate, missing.join("; ")))
    })
    .collect()
}

/// Returns what these plans require by a gate and was not met.
fn missing(rule: &Rule, askers: &[Asker], look: Look<'_>) -> Vec<String> {
    let asked = rule.asks.iter().filter(|ask| ask.hardness == Hardness::Hard);
    let asked = asked.filter(|ask| askers.contains(&ask.asker));
    let open = asked.filter_map(|ask| match (ask.state?)(look) {
        State::Done(_) => None,
        State::Open(words) => Some(words),
    });
    open.collect()
}

/// Returns an unmet gate, with the roles that can supply the evidence and those that may pass it.
pub(crate) fn unmet_of(gate: Gate, missing: String) -> Unmet {
    Unmet { gate, missing, owner: owner(gate), may_pass: may_pass(gate) }
}

/// Refuses a plan whose gates are neither met nor passed.
pub(crate) fn ask(
    room: &Room,
    person: &Person,
    plan: &str,
    asker: Asker,
    now: Time,
) -> Result<(), Refusal> {
    let unmet = unmet(room, person, &[asker], now);
    if unmet.is_empty() {
        return Ok(());
    }
    Err(refusal(&format!("{plan}: {} is not yet possible", person.reference.as_str()), unmet))
}

/// Refuses a plan that carries a gate's evidence itself, if some is missing and the gate was not passed.
pub(crate) fn ask_said(
    person: &Person,
    head: &str,
    gate: Gate,
    missing: &[&str],
    now: Time,
) -> Result<(), Refusal> {
    if missing.is_empty() || passed(person, gate, now) {
        return Ok(());
    }
    let head = format!("{head} {}", person.reference.as_str());
    Err(refusal(&head, vec![unmet_of(gate, missing.join("; "))]))
}

/// Returns the refusal that lists these gates.
pub(crate) fn refusal(head: &str, unmet: Vec<Unmet>) -> Refusal {
    let missing: Vec<&str> = unmet.iter().map(|unmet| unmet.missing.as_str()).collect();
    Refusal { code: Code::Gate, words: format!("{head}: {}.", missing.join("; ")), unmet }
}

/// Returns one breach for each hard gate of the skipped plans that was neither met nor passed when the person left
/// (4.1.3, rule 2).
pub(crate) fn breaches(room: &Room, person: &Person, left_at: Time) -> Vec<Event> {
    let breach = |unmet: Unmet| gate::Event::Breached {
        person: person.id,
        gate: unmet.gate,
        owner: unmet.owner,
    };
    unmet(room, person, STEPPED_OVER, left_at).into_iter().map(breach).map(Event::from).collect()
}

/// Marks open breaches as "done but recorded late" if the evidence in `then` shows that everything the gate requires
/// was done before the fact that breached it (4.1.3, rule 2).
pub(crate) fn late_evidence(room: &Room, then: &Person, gate: Gate) -> Vec<Event> {
    let was_met = |at| {
        let look = Look { room, person: then, at };
        rule(gate).is_some_and(|rule| missing(rule, STEPPED_OVER, look).is_empty())
    };
    let open = then.breaches.iter().filter(|breach| {
        breach.gate == gate && breach.state == BreachState::Open && was_met(breach.at)
    });
    let settled = open.map(|breach| gate::Event::Reviewed {
        person: then.id,
        fact: breach.fact,
        gate,
        state: BreachState::DoneButRecordedLate,
        note: None,
    });
    settled.map(Event::from).collect()
}

/// Returns the evidence for a track item whose condition belongs to a gate.
pub(crate) fn item(room: &Room, person: &Person, item: Item) -> Option<Done> {
    let look = Look { room, person, at: proto::limit::TIME_MAX };
    let asks = GATES.iter().flat_map(|rule| rule.asks);
    let state = asks.into_iter().find(|ask| ask.item == Some(item)).and_then(|ask| ask.state)?;
    match state(look) {
        State::Done(done) => Some(done),
        State::Open(_) => None,
    }
}
