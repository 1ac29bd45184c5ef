//! The author of a request: taken from the login alone, never from the request.

use proto::{id::DeviceId, member::Actor, role::Ceiling};

/// The author of commands, or the reader of rows and cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Author {
    /// The member or system actor.
    pub actor: Actor,
    /// The ceiling of their login.
    pub ceiling: Option<Ceiling>,
    /// The device.
    pub device: Option<DeviceId>,
}
