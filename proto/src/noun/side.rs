//! Plans beside the way: exceptional arrangement, on hold, dispute (PROCEDURE 4.1.2).

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Time},
    kinds::kinds,
    text::{Line, RowText},
};

/// A plan beside the way: the person's stage while they are at the home (4.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "side.ts"))]
#[serde(rename_all = "snake_case")]
pub enum SideKind {
    /// Stays for now: exceptional arrangement.
    Exceptional,
    /// On hold.
    OnHold,
    /// A dispute.
    Dispute,
}

/// A standing plan beside the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "side.ts"))]
#[serde(deny_unknown_fields)]
pub struct SidePlan {
    /// Which.
    pub side: SideKind,
    /// Why, and for an exceptional arrangement who cares for the person.
    #[cfg_attr(test, ts(type = "string"))]
    pub reason: Line,
    /// Until when, or when it is looked at again.
    pub until: Option<Time>,
}

/// A standing plan beside the way, as rows show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "side.ts"))]
pub struct StandingSide {
    /// Which.
    pub side: SideKind,
    /// Why.
    pub reason: RowText,
    /// Until when, or when it is looked at again.
    pub until: Option<Time>,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "SidePlans" in "side.ts" {
        /// Begins a plan beside the way.
        "start_side_plan" => Start { person: PersonId, plan: SidePlan },
        /// Ends it.
        "end_side_plan" => End { person: PersonId, side: SideKind },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// A plan beside the way began.
        "side_plan_started/1" => Started { person: PersonId, plan: SidePlan },
        /// A plan beside the way ended.
        "side_plan_ended/1" => Ended { person: PersonId, side: SideKind },
    }
}
