//! An entry: one accepted command's events, as stored in the journal.

use serde::{Deserialize, Serialize};

use crate::{
    id::{CommandId, DeviceId, RoomId, Seq, Time},
    member::Actor,
    nouns::Event,
    text::Line,
};

/// An entry's body. Its canonical bytes are this struct's JSON, with the fields in this order and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The room.
    pub room: RoomId,
    /// The entry's number.
    pub seq: Seq,
    /// The server's time of receipt; it never decreases within a room.
    pub at: Time,
    /// When it happened, if that was earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened_at: Option<Time>,
    /// A claimed time that was rejected because it lay in the future (4.1.3).
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "Time::maybe_claimed"
    )]
    pub claimed_at: Option<Time>,
    /// Why it was entered late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_reason: Option<Line>,
    /// The author.
    pub actor: Actor,
    /// The author's device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// The command.
    pub command: CommandId,
    /// What happened; all or nothing (I-6).
    pub events: Vec<Event>,
    /// Sixteen random hex digits, so that a tag reveals nothing about the content (I-17).
    pub nonce: String,
}

impl Entry {
    /// Returns when it happened: the accepted claim, otherwise the time of receipt.
    pub fn happened(&self) -> Time {
        self.happened_at.unwrap_or(self.at)
    }

    /// Returns the canonical bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// Parses an entry from its canonical bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}
