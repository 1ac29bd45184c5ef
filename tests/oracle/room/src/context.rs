//! Everything a decision may know that is not in the room: time, author, randomness, all handed in.

use proto::{
    id::{CommandId, DeviceId, Seq, Time},
    member::Actor,
    role::Ceiling,
    text::Line,
};

/// What surrounds one command.
#[derive(Debug, Clone)]
pub struct Context {
    /// The server's time of receipt, never before the room's last entry.
    pub now: Time,
    /// Who asks.
    pub actor: Actor,
    /// The ceiling of the login, for members and screens.
    pub ceiling: Option<Ceiling>,
    /// The device.
    pub device: Option<DeviceId>,
    /// The command's id.
    pub command: CommandId,
    /// The entry the author saw.
    pub based_on: Option<Seq>,
    /// When it happened, where that is believed and not now.
    pub happened_at: Option<Time>,
    /// Why it is entered late.
    pub late_reason: Option<Line>,
    /// Fresh random bytes.
    pub dice: [u8; 16],
}

impl Context {
    /// Returns when it happened.
    pub(crate) fn happened(&self) -> Time {
        self.happened_at.unwrap_or(self.now)
    }
}
