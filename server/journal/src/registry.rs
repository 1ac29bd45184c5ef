//! Access: invites, logins, the record of card readings, and the shelf. Small tables, not
//! journalled.

use async_trait::async_trait;
use proto::{
    id::{DeviceId, MemberId, PersonId, RoomId, Time},
    role::{Audience, Ceiling, Role},
    text::{PersonName, Short, Telephone},
};
use serde::{Deserialize, Serialize};

use crate::{Count, Error, Kept, Shelf};

/// The member an invite was made for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The member's name.
    pub name: PersonName,
    /// The member's organisation.
    pub organisation: Option<Short>,
    /// The member's job there.
    pub job: Option<Short>,
    /// The member's telephone number.
    pub mobile: Option<Telephone>,
    /// The roles that the member will hold in the room.
    pub roles: Vec<Role>,
}

/// A link that admits somebody. Only its holder knows the secret; the store has the hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// SHA-256 of the secret in the link.
    pub secret_hash: [u8; 32],
    /// The room it gives access to.
    pub room: RoomId,
    /// The audience it is for.
    pub audience: Audience,
    /// The ceiling on the roles of anybody who redeems it.
    pub ceiling: Ceiling,
    /// The member it was made for.
    pub profile: Profile,
    /// The member that its holder becomes.
    pub member: MemberId,
    /// The redemptions left; `None` means unlimited.
    pub uses_left: Option<u32>,
    /// The time at which it expires.
    pub expires: Time,
}

/// What an invite passes on to its logins, stored as JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Pass {
    pub(crate) audience: Audience,
    pub(crate) ceiling: Ceiling,
    pub(crate) member: MemberId,
    pub(crate) profile: Profile,
}

/// One admitted device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The device.
    pub device: DeviceId,
    /// SHA-256 of the token in the device's cookie.
    pub token_hash: [u8; 32],
    /// The room it may enter.
    pub room: RoomId,
    /// The audience it may use.
    pub audience: Audience,
    /// The ceiling on its member's roles.
    pub ceiling: Ceiling,
    /// The member behind it.
    pub member: MemberId,
    /// The member's profile from the invite.
    pub profile: Profile,
    /// When it was created.
    pub created: Time,
    /// The time at which it expires.
    pub expires: Time,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// A device's request to redeem an invite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redemption {
    /// SHA-256 of the invite's secret.
    pub secret_hash: [u8; 32],
    /// The time of the request.
    pub now: Time,
    /// SHA-256 of the token that the device will hold.
    pub token_hash: [u8; 32],
    /// The device's freshly generated id.
    pub device: DeviceId,
    /// The time at which the login expires.
    pub login_expires: Time,
}

/// Why an invite cannot be redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedeemError {
    /// No invite has this secret.
    #[error("no such invite")]
    Unknown,
    /// It has expired.
    #[error("the invite has expired")]
    Expired,
    /// It has no uses left.
    #[error("the invite has been used")]
    Used,
}

/// How a card was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Prefetched, for use without signal.
    Fetched,
    /// Opened on a screen.
    Opened,
}

/// One reading of one person's card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// The time.
    pub at: Time,
    /// The room.
    pub room: RoomId,
    /// The reader.
    pub member: MemberId,
    /// The reader's device.
    pub device: DeviceId,
    /// The card's person.
    pub person: PersonId,
    /// How it was read.
    pub what: Reading,
}

impl Pass {
    /// Returns what an invite passes on.
    pub(crate) fn of(invite: &Invite) -> Self {
        let Invite { audience, ceiling, member, .. } = *invite;
        Self { audience, ceiling, member, profile: invite.profile.clone() }
    }
}

impl Invite {
    /// Returns the login that this redemption creates, and the uses left after it.
    pub(crate) fn redeem(&self, asked: &Redemption) -> Result<(Login, Option<u32>), RedeemError> {
        if asked.now >= self.expires {
            return Err(RedeemError::Expired);
        }
        let uses_left = match self.uses_left {
            Some(uses) => Some(uses.checked_sub(1).ok_or(RedeemError::Used)?),
            None => None,
        };
        let login = Login {
            device: asked.device,
            token_hash: asked.token_hash,
            room: self.room,
            audience: self.audience,
            ceiling: self.ceiling,
            member: self.member,
            profile: self.profile.clone(),
            created: asked.now,
            expires: asked.login_expires,
            revoked: false,
        };
        Ok((login, uses_left))
    }
}

impl Login {
    /// Returns whether the login is neither revoked nor expired.
    pub fn is_live(&self, now: Time) -> bool {
        !self.revoked && now < self.expires
    }
}

/// The registry of logins, invites and card readings, with a shelf of whole documents.
#[async_trait]
pub trait Registry: Send + Sync + std::fmt::Debug {
    /// Stores an invite. Returns [`Error::Broken`] when one with this secret exists.
    async fn make_invite(&self, invite: Invite) -> Result<(), Error>;

    /// Redeems an invite atomically: under concurrent attempts, as many succeed as it has uses.
    async fn redeem(&self, asked: Redemption) -> Result<Result<Login, RedeemError>, Error>;

    /// Returns this token's login, unless it has expired or was revoked.
    async fn login_by_token(&self, token_hash: [u8; 32], now: Time)
    -> Result<Option<Login>, Error>;

    /// Extends a login to `expires`; never shortens it and never revives a revoked one. Returns
    /// whether the login exists.
    async fn extend(&self, device: DeviceId, expires: Time) -> Result<bool, Error>;

    /// Revokes a login for good. Returns whether it existed.
    async fn revoke(&self, device: DeviceId) -> Result<bool, Error>;

    /// Returns those devices without a live login: revoked, expired or unknown.
    async fn ended(&self, devices: &[DeviceId], now: Time) -> Result<Vec<DeviceId>, Error>;

    /// Returns every login of a room, revoked ones included, ordered by device id.
    async fn logins(&self, room: RoomId) -> Result<Vec<Login>, Error>;

    /// Records a card reading; the card may be shown once this has returned.
    async fn record_access(&self, access: Access) -> Result<(), Error>;

    /// Returns every recorded reading of a person's card, oldest first.
    async fn accesses(&self, room: RoomId, person: PersonId) -> Result<Vec<Access>, Error>;

    /// Stores a document under a key, replacing any document there.
    async fn keep(&self, shelf: Shelf, key: &str, body: Vec<u8>, now: Time) -> Result<(), Error>;

    /// Returns the document under a key.
    async fn kept(&self, shelf: Shelf, key: &str) -> Result<Option<Kept>, Error>;

    /// Increments a counter and returns it. The first increment starts the window. It is stored on
    /// the shelf [`Shelf::Count`]; concurrent increments are never lost.
    async fn count(&self, what: &str, now: Time, window_ms: i64) -> Result<Count, Error>;

    /// Deletes a document. Returns whether it existed: of concurrent calls, exactly one returns
    /// `true`.
    async fn discard(&self, shelf: Shelf, key: &str) -> Result<bool, Error>;
}
