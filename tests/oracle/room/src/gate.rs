//! Gates: what a plan asks for, what a fact may go past, and who answers for it (PROCEDURE 4.1.4).

use proto::{
    gate::Gate,
    id::Time,
    refusal::{Code, Refusal, Unmet},
    role::Role,
    transfer::{Item, Moment, Pass},
};

use crate::person::{Done, Person, TELLING_MS};

/// Returns the gate of a track's item, where this release knows one.
pub(crate) const fn of(item: Item) -> Option<Gate> {
    match item {
        Item::OnTheList => Some(Gate::G1),
        Item::NamedWorker => Some(Gate::G3),
        Item::Identity | Item::Door => Some(Gate::G22),
        Item::Journey => Some(Gate::G23),
        Item::Arrival => Some(Gate::G24),
        Item::Needs | Item::Place => None,
    }
}

/// Returns the role that answers for a breach of the gate.
pub(crate) const fn owner(gate: Gate) -> Role {
    match gate {
        Gate::G1 => Role::Bizsup,
        Gate::G3 => Role::Deputy,
        Gate::G22 => Role::TeamLeaderSite,
        Gate::G23 => Role::Transport,
        Gate::G24 => Role::Placements,
        Gate::G30 => Role::Lead,
    }
}

/// Returns the roles that may pass the gate with a reason: lead and deputy any, and those it names.
pub(crate) fn may_pass(gate: Gate) -> Vec<Role> {
    let mut roles = vec![Role::Lead, Role::Deputy];
    match gate {
        Gate::G22 | Gate::G23 => roles.push(Role::TeamLeaderSite),
        Gate::G24 => roles.push(Role::Placements),
        Gate::G1 | Gate::G3 | Gate::G30 => {}
    }
    roles
}

/// What a plan asks of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// G1: confirmed on the register.
    OnTheList,
    /// G3: a named social worker.
    NamedWorker,
    /// G22: identity checked at this moment.
    Identity(Moment),
    /// G23: vehicle, crew, expected arrival, destination.
    Journey,
}

impl Asked {
    /// Returns the gate.
    pub(crate) const fn gate(self) -> Gate {
        match self {
            Self::OnTheList => Gate::G1,
            Self::NamedWorker => Gate::G3,
            Self::Identity(_) => Gate::G22,
            Self::Journey => Gate::G23,
        }
    }

    /// Returns what was missing at a moment, in plain words, or `None` when the condition was met by then.
    pub(crate) fn missing(self, person: &Person, at: Time) -> Option<String> {
        let lacks = |done: Option<Done>, words: &str| {
            (!done.is_some_and(|done| done.is_by(at))).then(|| words.to_owned())
        };
        match self {
            Self::OnTheList => {
                lacks(person.confirmed, "not confirmed on the register by two identifiers")
            }
            Self::NamedWorker => {
                lacks(person.worker.map(|(_, named)| named), "no named social worker")
            }
            Self::Identity(moment) => lacks(
                person.checks.get(&moment).copied(),
                match moment {
                    Moment::Ready => "identity not checked by a second identifier",
                    Moment::Door => "identity not checked again at the door",
                    Moment::Arrival => "identity not checked on arrival",
                },
            ),
            Self::Journey => journey(person, at).err(),
        }
    }
}

/// Returns when the journey was booked that was complete for G23 at a moment, or what it lacked then.
pub(crate) fn journey(person: &Person, at: Time) -> Result<Done, String> {
    let Some((journey, done)) = person.journey.as_ref().filter(|(_, booked)| booked.is_by(at))
    else {
        return Err("no journey booked: vehicle, crew and expected arrival".to_owned());
    };
    let mut lacks = Vec::new();
    if journey.vehicle.is_none() {
        lacks.push("vehicle");
    }
    if journey.crew.is_none() {
        lacks.push("crew");
    }
    if journey.arrives_at.is_none() {
        lacks.push("expected arrival");
    }
    if !person.destination.is_some_and(|(_, accepted)| accepted.is_by(at)) {
        lacks.push("destination");
    }
    if lacks.is_empty() { Ok(*done) } else { Err(format!("missing: {}", lacks.join(", "))) }
}

/// Tells whether a pass of the gate held for the person at a moment.
pub(crate) fn passed(person: &Person, gate: Gate, at: Time) -> bool {
    let holds = |pass: &Pass| {
        pass.at <= at.plus_ms(TELLING_MS) && pass.until.is_none_or(|until| at <= until)
    };
    person.passes.get(&gate).is_some_and(holds)
}

/// Returns what was asked for and neither met nor passed at a moment: each gate once, with all that it lacked. What
/// was done within the minute after counts as done, as times are told in whole minutes.
pub(crate) fn unmet(person: &Person, asked: &[Asked], at: Time) -> Vec<Unmet> {
    let mut unmet: Vec<Unmet> = Vec::new();
    for asked in asked.iter().filter(|asked| !passed(person, asked.gate(), at)) {
        let Some(missing) = asked.missing(person, at.plus_ms(TELLING_MS)) else { continue };
        let gate = asked.gate();
        if let Some(same) = unmet.iter_mut().find(|unmet| unmet.gate == gate) {
            same.missing = format!("{}; {missing}", same.missing);
            continue;
        }
        let (owner, may_pass) = (owner(gate), may_pass(gate));
        unmet.push(Unmet { gate, missing, owner, may_pass });
    }
    unmet
}

/// Refuses a plan whose gates are neither met nor passed.
pub(crate) fn ask(person: &Person, plan: &str, asked: &[Asked], now: Time) -> Result<(), Refusal> {
    let unmet = unmet(person, asked, now);
    if unmet.is_empty() {
        return Ok(());
    }
    Err(refuse(&format!("{plan}: {} is not yet possible", person.reference.as_str()), unmet))
}

/// Returns the refusal that names these gates.
pub(crate) fn refuse(head: &str, unmet: Vec<Unmet>) -> Refusal {
    let missing: Vec<&str> = unmet.iter().map(|unmet| unmet.missing.as_str()).collect();
    Refusal { code: Code::Gate, words: format!("{head}: {}.", missing.join("; ")), unmet }
}
