//! The premises: whether they were claimed empty (G30).

use serde::{Deserialize, Serialize};

use crate::{id::PersonId, kinds::kinds, text::Short};

/// The stage of the incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "premises.ts"))]
#[serde(rename_all = "snake_case")]
pub enum IncidentStage {
    /// People are still at the home.
    Moving,
    /// The premises were claimed empty except for exceptional arrangements.
    ClearedExcept,
    /// The premises were claimed empty.
    Cleared,
}

kinds! {
    /// The plans.
    wire enum Plan as "PremisesPlans" in "premises.ts" {
        /// Claims that the premises are empty except for the people named (G30).
        "claim_premises_cleared" => ClaimCleared {
            #[cfg_attr(test, ts(type = "[string, string]"))]
            swept_by: [Short; 2],
            except: Vec<PersonId>,
        },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// The premises were claimed empty except for the people named.
        "premises_cleared/1" => Cleared { swept_by: [Short; 2], except: Vec<PersonId> },
    }
}
