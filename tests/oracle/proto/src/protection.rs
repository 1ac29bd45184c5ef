//! A protected destination: who may not be told where somebody goes, and why (R35).

use serde::{Deserialize, Serialize};

use crate::{
    id::{Seq, Time},
    member::Actor,
    row::person::Destination,
    text::{Line, PersonName, Short},
};

/// Where a protection comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProtectionSource {
    /// A court's order.
    Court,
    /// A safeguarding decision.
    Safeguarding,
    /// The person's own wish.
    Wish,
}

/// One who may not be told where a person goes. While one protection stands, nobody is told but those
/// whose roles carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protection {
    /// Who may not be told.
    pub who: PersonName,
    /// What they are to the person.
    pub relation: Option<Short>,
    /// Why.
    pub why: Line,
    /// Where it comes from.
    pub source: ProtectionSource,
    /// When it is to be looked at again. It stands until somebody ends it.
    pub until: Option<Time>,
}

/// A protection that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingProtection {
    /// The entry that set it: by this it is ended.
    pub entry: Seq,
    /// Who may not be told, and why.
    pub protection: Protection,
    /// Since when.
    pub from: Time,
    /// Who set it.
    pub set_by: Actor,
}

/// Where somebody goes whose destination is protected, for those who may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtectedPlace {
    /// Where they go or went. No row has it.
    pub destination: Destination,
    /// Who may not be told, the earliest first.
    pub protections: Vec<StandingProtection>,
}
