//! Gates: conditions that a plan asks for, their passes and their breaches (PROCEDURE 4.1.4).

use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, PersonId, Seq, Time},
    kinds::kinds,
    role::Role,
    text::{Line, RowText},
};

/// A gate of the procedure that this release knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "gate.ts"))]
pub enum Gate {
    /// On the list, confirmed, two identifiers, duplicates resolved.
    G1,
    /// A named social worker.
    G3,
    /// Identity checked by a second identifier, again at the door.
    G22,
    /// Vehicle, crew, expected arrival and destination.
    G23,
    /// The receiving home confirms name and second identifier; spoken handover given.
    G24,
    /// Every person accounted for, swept by two, nobody's place now at the home or being confirmed.
    G30,
}

impl Gate {
    /// Every gate, in the order of the procedure.
    pub const ALL: [Self; 6] = [Self::G1, Self::G3, Self::G22, Self::G23, Self::G24, Self::G30];
}

/// How a breach stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "gate.ts"))]
#[serde(rename_all = "snake_case")]
pub enum BreachState {
    /// Nobody has reviewed it.
    Open,
    /// The item was done in time and recorded afterwards.
    DoneButRecordedLate,
    /// Reviewed and accepted.
    Accepted,
    /// Reviewed: a lesson.
    Lesson,
}

/// A gate that a fact went past, neither met nor passed (R34).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "gate.ts"))]
pub struct Breach {
    /// The entry of the fact; with the gate it names the breach.
    pub fact: Seq,
    /// The gate.
    pub gate: Gate,
    /// When the fact happened.
    pub at: Time,
    /// Who answers for it.
    pub owner: Role,
    /// How it stands.
    pub state: BreachState,
}

/// A gate passed: an override with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "gate.ts"))]
pub struct Pass {
    /// The gate.
    pub gate: Gate,
    /// Why.
    pub reason: RowText,
    /// Who passed it.
    pub by: MemberId,
    /// When.
    pub at: Time,
    /// Until when it holds.
    pub until: Option<Time>,
}

/// Breaches of one gate that one role answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "gate.ts"))]
pub struct BreachCount {
    /// The gate.
    pub gate: Gate,
    /// Who answers for it.
    pub owner: Role,
    /// Breaches nobody has reviewed.
    pub open: u32,
    /// Breaches that were reviewed.
    pub reviewed: u32,
}

/// Passes of one gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "gate.ts"))]
pub struct PassCount {
    /// The gate.
    pub gate: Gate,
    /// Passes on record.
    pub passes: u32,
}

/// Breaches and passes by gate, in the order of the gates; those without any are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "gate.ts"))]
pub struct GatesRow {
    /// Breaches by gate and owner.
    pub breaches: Vec<BreachCount>,
    /// Passes by gate.
    pub passes: Vec<PassCount>,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "GatePlans" in "gate.ts" {
        /// Passes a gate for these people, with one reason.
        "pass_gate" => Pass {
            gate: Gate,
            people: Vec<PersonId>,
            #[cfg_attr(test, ts(type = "string"))]
            reason: Line,
            until: Option<Time>,
        },
        /// Reviews a breach.
        "review_breach" => Review {
            person: PersonId,
            fact: Seq,
            gate: Gate,
            state: BreachState,
            #[cfg_attr(test, ts(type = "string"))]
            note: Line,
        },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// A gate was passed for these people.
        "gate_passed/1" => Passed { gate: Gate, people: Vec<PersonId>, reason: Line, until: Option<Time> },
        /// A fact of this entry went past a gate.
        "gate_breached/1" => Breached { person: PersonId, gate: Gate, owner: Role },
        /// A breach was reviewed, or its item turned out done in time.
        "breach_reviewed/1" => Reviewed {
            person: PersonId,
            fact: Seq,
            gate: Gate,
            state: BreachState,
            note: Option<Line>,
        },
    }
}
