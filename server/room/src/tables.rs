//! The rule tables, for golden files and the screens' generated tables.

use proto::{gate::Gate, role::Role, transfer::Item};

use crate::gates::{self, table::GATES, table::Hardness};

/// A gate's requirement for one plan (PROCEDURE 4.1.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateLine {
    /// The gate.
    pub gate: Gate,
    /// The kind of the plan.
    pub asked_by: &'static str,
    /// The plan is refused until the gate is met or passed; otherwise it continues with a reason.
    pub is_hard: bool,
    /// The track item that shows it.
    pub item: Option<Item>,
    /// The roles that may pass it.
    pub may_pass: Vec<Role>,
    /// The role accountable for a breach.
    pub owner: Role,
    /// The paragraph of the procedure.
    pub paragraph: &'static str,
}

/// Returns the table of gates, in the order of the procedure.
pub fn gates() -> Vec<GateLine> {
    let lines = GATES.iter().flat_map(|rule| {
        rule.asks.iter().map(|ask| GateLine {
            gate: rule.gate,
            asked_by: ask.asker.kind(),
            is_hard: ask.hardness == Hardness::Hard,
            item: ask.item,
            may_pass: gates::may_pass(rule.gate),
            owner: rule.owner,
            paragraph: rule.paragraph,
        })
    });
    lines.collect()
}
