//! What became of a command.

use serde::{Deserialize, Serialize};

use crate::{id::CommandId, id::Seq, refusal::Refusal};

/// The outcome of a decided command, kept under its id for ever (I-8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Outcome {
    /// Accepted. `seq` is its entry, or the room's head when it changed nothing.
    Ok {
        /// The entry that holds it.
        seq: Seq,
    },
    /// Refused by the rules.
    Refused(Refusal),
}

/// What the sender of a command is told. A `retry` is no outcome: nothing was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Fate {
    /// Accepted and durable; shown by every screen whose cursor has reached `seq`.
    Ok {
        /// The entry that holds it.
        seq: Seq,
    },
    /// Accepted before under this id; nothing was done again.
    Dup {
        /// The entry that holds it.
        seq: Seq,
    },
    /// Refused by the rules, now and whenever it is sent again.
    Refused(Refusal),
    /// Not decided: send it again, and everything after it, when the time has passed.
    Retry {
        /// Milliseconds to wait.
        after_ms: u64,
        /// Why, in plain words.
        words: String,
    },
}

/// A command's id and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandFate {
    /// The command.
    pub id: CommandId,
    /// What became of it.
    pub fate: Fate,
}
