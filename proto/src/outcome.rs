//! The outcome of a command.

use serde::{Deserialize, Serialize};

use crate::{id::CommandId, id::Seq, refusal::Refusal};

/// The outcome of a decided command, stored under its id for ever (I-8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Outcome {
    /// Accepted. `seq` is its entry, or the room's head if it changed nothing.
    Ok {
        /// The entry that holds it.
        seq: Seq,
    },
    /// Refused by the rules.
    Refused(Refusal),
}

/// The answer to a command's sender. A `retry` is no outcome: nothing was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "outcome.ts"))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Fate {
    /// Accepted and durable; shown by every screen whose cursor has reached `seq`.
    Ok {
        /// The entry that holds it.
        seq: Seq,
    },
    /// Already accepted under this id; it did not take effect again.
    Dup {
        /// The entry that holds it.
        seq: Seq,
    },
    /// Refused by the rules, and again each time it is sent.
    Refused(Refusal),
    /// Not decided: resend it, and everything after it, when the time has passed.
    Retry {
        /// Milliseconds to wait.
        #[cfg_attr(test, ts(type = "number"))]
        after_ms: u64,
        /// Why, in plain words.
        words: String,
    },
}

/// A command's id and its fate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "outcome.ts"))]
pub struct CommandFate {
    /// The command.
    pub id: CommandId,
    /// The fate.
    pub fate: Fate,
}
