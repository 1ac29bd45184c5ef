//! Commands: the requests to a room. A gate may refuse a plan, never a fact (PROCEDURE 4.1.3).

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    help,
    id::{CommandId, Seq, Time},
    kinds::{ByKind, by_kind},
    nouns::{Fact, Plan},
    text::Line,
};

/// A command in transit, with its id. The login alone identifies the author.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "command.ts", optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Generated once by the sender; the outcome is stored under it permanently (I-8).
    pub id: CommandId,
    /// The entry the sender's screen showed; required for edits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub based_on: Option<Seq>,
    /// The claimed time, if the fact did not just happen. The server's time is authoritative.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "Time::maybe_claimed"
    )]
    pub happened_at: Option<Time>,
    /// The reason for a late entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub late_reason: Option<Line>,
    /// The command.
    #[serde(rename = "do")]
    pub command: Command,
}

/// A command. `person`, `home`, `site`, `sign_in` name rows the sender has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "command.ts"))]
#[serde(untagged)]
pub enum Command {
    /// An intention or a claim.
    Plan(Plan),
    /// Something that has happened.
    Fact(Fact),
}

impl Command {
    /// The kinds that a device sends ahead of all other queued commands (P-50): help, from the call to its end.
    pub const URGENT: &'static [&'static str] = help::Fact::KINDS;

    /// Earlier kinds that are sent along with an urgent one: they locate the member, because a call takes its site
    /// from the sign-in that is open on receipt. They concern no person's transfer, so all other commands keep their
    /// order.
    pub const WITH_URGENT: &'static [&'static str] = &["sign_on", "check_in", "sign_off"];

    /// Returns the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Plan(plan) => plan.kind(),
            Self::Fact(fact) => fact.kind(),
        }
    }
}

impl ByKind for Command {
    fn read<'de, D: Deserializer<'de>>(kind: &str, whole: D) -> Result<Self, D::Error> {
        let is_fact = Fact::KINDS.iter().any(|(_, kinds)| kinds.contains(&kind));
        if is_fact {
            Fact::read(kind, whole).map(Self::Fact)
        } else {
            Plan::read(kind, whole).map(Self::Plan)
        }
    }
}

impl<'de> Deserialize<'de> for Command {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_kind(deserializer)
    }
}
