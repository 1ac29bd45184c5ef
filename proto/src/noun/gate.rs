//! Gates: conditions that plans require, with their passes and breaches (PROCEDURE 4.1.4).

use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, PersonId, Seq, Time},
    kinds::kinds,
    role::Role,
    text::{Line, RowText},
};

/// A gate of the procedure that this release implements.
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
    /// Every person accounted for, swept by two people, nobody at the home or being confirmed.
    G30,
}

impl Gate {
    /// Every gate, in the order of the procedure.
    pub const ALL: [Self; 6] = [Self::G1, Self::G3, Self::G22, Self::G23, Self::G24, Self::G30];
}

/// The state of a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "gate.ts"))]
#[serde(rename_all = "snake_case")]
pub enum BreachState {
    /// Unreviewed.
    Open,
    /// The item was done in time and recorded afterwards.
    DoneButRecordedLate,
    /// Reviewed and accepted.
    Accepted,
    /// Reviewed: a lesson.
    Lesson,
}

/// A gate that a fact breached: neither met nor passed (R34).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "gate.ts"))]
pub struct Breach {
    /// The entry of the fact; together with the gate it identifies the breach.
    pub fact: Seq,
    /// The gate.
    pub gate: Gate,
    /// When the fact happened.
    pub at: Time,
    /// The accountable role.
    pub owner: Role,
    /// Its state.
    pub state: BreachState,
}

/// A passed gate: an override with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "gate.ts"))]
pub struct Pass {
    /// The gate.
    pub gate: Gate,
    /// The reason.
    pub reason: RowText,
    /// Who passed it.
    pub by: MemberId,
    /// When.
    pub at: Time,
    /// When it expires.
    pub until: Option<Time>,
}

/// Breaches of one gate for one accountable role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "gate.ts"))]
pub struct BreachCount {
    /// The gate.
    pub gate: Gate,
    /// The accountable role.
    pub owner: Role,
    /// Unreviewed breaches.
    pub open: u32,
    /// Reviewed breaches.
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

/// Breaches and passes by gate, in gate order; gates without any are omitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "gate.ts"))]
pub struct GatesRow {
    /// Breaches by gate and owner.
    pub breaches: Vec<BreachCount>,
    /// Passes by gate.
    pub passes: Vec<PassCount>,
}

kinds! {
    /// The plans.
    wire enum Plan as "GatePlans" in "gate.ts" {
        /// Passes a gate for these people with one reason.
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
    /// The events, as stored in the journal.
    enum Event {
        /// A gate was passed for these people.
        "gate_passed/1" => Passed { gate: Gate, people: Vec<PersonId>, reason: Line, until: Option<Time> },
        /// The fact of this entry breached a gate.
        "gate_breached/1" => Breached { person: PersonId, gate: Gate, owner: Role },
        /// A breach was reviewed, or its item proved to have been done in time.
        "breach_reviewed/1" => Reviewed {
            person: PersonId,
            fact: Seq,
            gate: Gate,
            state: BreachState,
            note: Option<Line>,
        },
    }
}
