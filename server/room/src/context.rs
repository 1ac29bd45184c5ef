//! The inputs of a decision other than the room: time, author and randomness, all passed as arguments.

use proto::{
    id::{CommandId, DeviceId, Seq, Time},
    member::Actor,
    role::Ceiling,
    text::Line,
};

/// The context of one command.
#[derive(Debug, Clone)]
pub struct Context {
    /// The server's receive time, never earlier than the room's last entry.
    pub now: Time,
    /// The author of the command.
    pub actor: Actor,
    /// The ceiling of the login, for members and screens.
    pub ceiling: Option<Ceiling>,
    /// The device.
    pub device: Option<DeviceId>,
    /// The command's id.
    pub command: CommandId,
    /// The entry the author saw.
    pub based_on: Option<Seq>,
    /// The accepted claimed time, or `None` if the fact happened at `now`.
    pub happened_at: Option<Time>,
    /// The reason for a late entry.
    pub late_reason: Option<Line>,
    /// Fresh random bytes.
    pub dice: [u8; 16],
}

impl Context {
    /// Returns the time at which it happened.
    pub(crate) fn happened(&self) -> Time {
        self.happened_at.unwrap_or(self.now)
    }
}
