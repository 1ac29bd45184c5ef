//! A protected destination: who must not learn where a person goes, and why (R35).

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Seq, Time},
    kinds::kinds,
    member::Actor,
    person::row::Destination,
    text::{Line, PersonName, Short},
};

/// The source of a protection.
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

/// A person who must not learn a destination. While any protection is in force, only members whose roles permit it
/// may see the destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "protection.ts"))]
#[serde(deny_unknown_fields)]
pub struct Protection {
    /// The person who must not learn it.
    #[cfg_attr(test, ts(type = "string"))]
    pub who: PersonName,
    /// Their relation to the person.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub relation: Option<Short>,
    /// Why.
    #[cfg_attr(test, ts(type = "string"))]
    pub why: Line,
    /// The source.
    pub source: ProtectionSource,
    /// When to review it. It stays in force until ended.
    pub until: Option<Time>,
}

/// A protection in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "protection.ts"))]
pub struct StandingProtection {
    /// The entry that set it; used to end it.
    pub entry: Seq,
    /// The protection.
    pub protection: Protection,
    /// Since when.
    pub from: Time,
    /// Who set it.
    pub set_by: Actor,
}

/// A protected destination, for authorised readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "protection.ts"))]
pub struct ProtectedPlace {
    /// The destination. No row contains it.
    pub destination: Destination,
    /// The protections, earliest first.
    pub protections: Vec<StandingProtection>,
}

kinds! {
    /// The plans.
    wire enum Plan as "ProtectionPlans" in "protection.ts" {
        /// Protects the person's destination (R35).
        "protect_destination" => Protect { person: PersonId, protection: Box<Protection> },
        /// Ends the protection set by this entry.
        "end_protection" => End {
            person: PersonId,
            entry: Seq,
            #[cfg_attr(test, ts(type = "string"))]
            why: Line,
        },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// A destination was protected.
        "destination_protected/1" => Protected { person: PersonId, protection: Box<Protection> },
        /// The protection set by this entry was ended.
        "protection_ended/1" => Ended { person: PersonId, entry: Seq, why: Line },
    }
}
