//! Refusals: a code for programs and words for people.

use serde::{Deserialize, Serialize};

use crate::{gate::Gate, role::Role};

/// Why a command was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "refusal.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A plan requires gates that are neither met nor passed; `unmet` names them.
    Gate,
    /// The member's roles do not allow this.
    NotYours,
    /// The command names a person or thing that this room does not have.
    Unknown,
    /// What the command would start has started, or what it would end has ended.
    Already,
    /// The command does not fit the state of what it names, and is not a fact.
    NotNow,
    /// The command lacks a reason that the procedure asks for.
    ReasonNeeded,
    /// A value is outside the field's bounds.
    Value,
    /// The room, or one of its lists, is full.
    Full,
    /// The command id was used before, with another body (I-9).
    IdReuse,
    /// The command cannot be parsed: unknown kind, missing or unexpected field.
    Malformed,
    /// A bug in the rules; nothing was changed, and the failure has been reported.
    Fault,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 11] = [
        Self::Gate,
        Self::NotYours,
        Self::Unknown,
        Self::Already,
        Self::NotNow,
        Self::ReasonNeeded,
        Self::Value,
        Self::Full,
        Self::IdReuse,
        Self::Malformed,
        Self::Fault,
    ];

    /// Returns the code's word, as on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::NotYours => "not_yours",
            Self::Unknown => "unknown",
            Self::Already => "already",
            Self::NotNow => "not_now",
            Self::ReasonNeeded => "reason_needed",
            Self::Value => "value",
            Self::Full => "full",
            Self::IdReuse => "id_reuse",
            Self::Malformed => "malformed",
            Self::Fault => "fault",
        }
    }
}

/// A gate that a plan requires and that is not met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "refusal.ts"))]
pub struct Unmet {
    /// The gate.
    pub gate: Gate,
    /// What is missing, in plain words.
    pub missing: String,
    /// Who can supply it.
    pub owner: Role,
    /// Who may pass the gate, with a reason.
    pub may_pass: Vec<Role>,
}

/// A refusal: a value, stored with the command id and repeated for ever (I-8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "refusal.ts"))]
pub struct Refusal {
    /// What kind of refusal it is.
    pub code: Code,
    /// The words for the person.
    pub words: String,
    /// The gates not met; empty unless the code is `gate`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Unmet>>", optional))]
    pub unmet: Vec<Unmet>,
}

impl Refusal {
    /// Returns a refusal without gates.
    pub fn new(code: Code, words: impl Into<String>) -> Self {
        Self { code, words: words.into(), unmet: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_the_same_word_in_figures_as_on_the_wire() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.word());
        }
    }
}
