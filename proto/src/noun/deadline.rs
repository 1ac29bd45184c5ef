//! Deadlines by which the premises must be empty.

use serde::{Deserialize, Serialize};

use crate::{
    id::{Seq, Time},
    kinds::kinds,
    text::{BoardText, Line, Short},
};

/// A time by which the premises must be empty. Several may be active; boards show the nearest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "deadline.ts"))]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// When.
    pub at: Time,
    /// The body or role that set it; boards show it, so never a person's name.
    pub set_by: Short,
    /// The reason for this time.
    pub why: Line,
}

/// A deadline as the wall and the directors' board show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "deadline.ts"))]
pub struct BoardDeadline {
    /// When.
    pub at: Time,
    /// The body or role that set it.
    pub set_by: BoardText,
    /// The reason for this time.
    pub why: BoardText,
}

/// An active deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "deadline.ts"))]
pub struct StandingDeadline {
    /// The entry that set it: distinguishes deadlines at the same time, and cancels one of them.
    pub entry: Seq,
    /// The deadline.
    pub deadline: Deadline,
}

kinds! {
    /// The plans.
    wire enum Plan as "DeadlinePlans" in "deadline.ts" {
        /// Adds a deadline to the active ones.
        "set_deadline" => Set { deadline: Deadline },
        /// Cancels the deadline at this time; if there are several, the one set by this entry.
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
    /// The events, as stored in the journal.
    enum Event {
        /// A deadline was set.
        "deadline_set/1" => Set { deadline: Deadline },
        /// Every deadline at this time was cancelled.
        "deadline_lifted/1" => AllLifted { at: Time, why: Line },
        /// The deadline set by this entry was cancelled.
        "deadline_lifted/2" => Lifted { entry: Seq, why: Line },
    }
}
