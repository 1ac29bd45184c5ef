//! Commands: what may be asked of a room. Plans may be refused by a gate; facts never are (PROCEDURE 4.1.3).

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    help,
    id::{CommandId, Seq, Time},
    kinds::{ByKind, by_kind},
    nouns::{Fact, Plan},
    text::Line,
};

/// A command on its way: what is asked, and under which id. Who asks comes from the login alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "command.ts", optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Made by the sender, once; the outcome is kept under it for ever (I-8).
    pub id: CommandId,
    /// The entry the sender's screen showed; edits need it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub based_on: Option<Seq>,
    /// When it happened, if that is not now. A claim: the server's time is the record.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "Time::maybe_claimed"
    )]
    pub happened_at: Option<Time>,
    /// Why it is entered late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub late_reason: Option<Line>,
    /// What is asked.
    #[serde(rename = "do")]
    pub command: Command,
}

/// What may be asked. `person`, `home`, `site`, `sign_in` name rows the sender has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "command.ts"))]
#[serde(untagged)]
pub enum Command {
    /// What shall be, or is claimed to be.
    Plan(Plan),
    /// What has happened.
    Fact(Fact),
}

impl Command {
    /// The kinds that a device sends before everything else that waits (P-50): help, from the call to its end.
    pub const URGENT: &'static [&'static str] = help::Fact::KINDS;

    /// The kinds made before one of them that go along: where a member is, as a call bears the site of the sign-in that
    /// stands when it is received. Neither is about a person's way, so that the order of all the rest stays as made.
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
