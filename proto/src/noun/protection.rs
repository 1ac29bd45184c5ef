//! A protected destination: who may not be told where somebody goes, and why (R35).

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Seq, Time},
    kinds::kinds,
    member::Actor,
    person::row::Destination,
    text::{Line, PersonName, Short},
};

/// Where a protection comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "protection.ts"))]
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
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "protection.ts"))]
#[serde(deny_unknown_fields)]
pub struct Protection {
    /// Who may not be told.
    #[cfg_attr(test, ts(type = "string"))]
    pub who: PersonName,
    /// What they are to the person.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub relation: Option<Short>,
    /// Why.
    #[cfg_attr(test, ts(type = "string"))]
    pub why: Line,
    /// Where it comes from.
    pub source: ProtectionSource,
    /// When it is to be looked at again. It stands until somebody ends it.
    pub until: Option<Time>,
}

/// A protection that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "protection.ts"))]
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
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "protection.ts"))]
pub struct ProtectedPlace {
    /// Where they go or went. No row has it.
    pub destination: Destination,
    /// Who may not be told, the earliest first.
    pub protections: Vec<StandingProtection>,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "ProtectionPlans" in "protection.ts" {
        /// Protects where the person goes: somebody may not be told (R35).
        "protect_destination" => Protect { person: PersonId, protection: Box<Protection> },
        /// Ends the protection that this entry set.
        "end_protection" => End {
            person: PersonId,
            entry: Seq,
            #[cfg_attr(test, ts(type = "string"))]
            why: Line,
        },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// Where somebody goes was protected.
        "destination_protected/1" => Protected { person: PersonId, protection: Box<Protection> },
        /// A protection ended: the one that this entry set.
        "protection_ended/1" => Ended { person: PersonId, entry: Seq, why: Line },
    }
}
