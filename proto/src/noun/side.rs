//! Side plans: exceptional arrangement, on hold, dispute (PROCEDURE 4.1.2).

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Time},
    kinds::kinds,
    text::{Line, RowText},
};

/// The kind of a side plan: the person's stage while they are at the home (4.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "side.ts"))]
#[serde(rename_all = "snake_case")]
pub enum SideKind {
    /// An exceptional arrangement: stays for the present.
    Exceptional,
    /// On hold.
    OnHold,
    /// A dispute.
    Dispute,
}

/// An active side plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "side.ts"))]
#[serde(deny_unknown_fields)]
pub struct SidePlan {
    /// The kind.
    pub side: SideKind,
    /// The reason; for an exceptional arrangement also who cares for the person.
    #[cfg_attr(test, ts(type = "string"))]
    pub reason: Line,
    /// When it ends or is reviewed.
    pub until: Option<Time>,
}

/// An active side plan, as rows show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "side.ts"))]
pub struct StandingSide {
    /// The kind.
    pub side: SideKind,
    /// The reason.
    pub reason: RowText,
    /// When it ends or is reviewed.
    pub until: Option<Time>,
}

kinds! {
    /// The plans.
    wire enum Plan as "SidePlans" in "side.ts" {
        /// Starts a side plan.
        "start_side_plan" => Start { person: PersonId, plan: SidePlan },
        /// Ends a side plan.
        "end_side_plan" => End { person: PersonId, side: SideKind },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// A side plan started.
        "side_plan_started/1" => Started { person: PersonId, plan: SidePlan },
        /// A side plan ended.
        "side_plan_ended/1" => Ended { person: PersonId, side: SideKind },
    }
}
