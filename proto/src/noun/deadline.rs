//! Deadlines by which the premises must be empty.

use serde::{Deserialize, Serialize};

use crate::{
    id::{Seq, Time},
    kinds::kinds,
    text::{BoardText, Line, Short},
};

/// A time by which the premises must be empty. Several may stand; boards show the nearest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "deadline.ts"))]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// When.
    pub at: Time,
    /// The body or role that set it; boards show it, so never a person's name.
    pub set_by: Short,
    /// Why this time.
    pub why: Line,
}

/// A deadline as the wall and directors are shown it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "deadline.ts"))]
pub struct BoardDeadline {
    /// When.
    pub at: Time,
    /// The body or role that set it.
    pub set_by: BoardText,
    /// Why this time.
    pub why: BoardText,
}

/// A deadline that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "deadline.ts"))]
pub struct StandingDeadline {
    /// The entry that set it: several may stand at one time, and by this one of them is lifted.
    pub entry: Seq,
    /// When, who set it, why.
    pub deadline: Deadline,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "DeadlinePlans" in "deadline.ts" {
        /// Sets a deadline beside those that stand.
        "set_deadline" => Set { deadline: Deadline },
        /// Lifts the deadline of this time; where several stand at it, the one that this entry set.
        "lift_deadline" => Lift {
            at: Time,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(test, ts(optional))]
            entry: Option<Seq>,
            #[cfg_attr(test, ts(type = "string"))]
            why: Line,
        },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// A deadline was set.
        "deadline_set/1" => Set { deadline: Deadline },
        /// Every deadline of this time was lifted.
        "deadline_lifted/1" => AllLifted { at: Time, why: Line },
        /// A deadline was lifted: the one that this entry set.
        "deadline_lifted/2" => Lifted { entry: Seq, why: Line },
    }
}
