//! Who may come in: invites, logins and the record of who read what; and the shelf. Small tables, not
//! journalled.

use async_trait::async_trait;
use proto::{
    id::{DeviceId, MemberId, PersonId, RoomId, Time},
    role::{Audience, Ceiling, Role},
    text::{PersonName, Short, Telephone},
};
use serde::{Deserialize, Serialize};

use crate::{Count, Error, Kept, Shelf};

/// Who an invite was made for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The member's name.
    pub name: PersonName,
    /// Whom the member works for.
    pub organisation: Option<Short>,
    /// What the member does there.
    pub job: Option<Short>,
    /// Where the member can be called.
    pub mobile: Option<Telephone>,
    /// The roles that the member will hold in the room.
    pub roles: Vec<Role>,
}

/// A link that lets somebody in. Its secret is known to its holder alone; only the hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// SHA-256 of the secret in the link.
    pub secret_hash: [u8; 32],
    /// The room it opens.
    pub room: RoomId,
    /// The face it is for.
    pub audience: Audience,
    /// What caps the roles of whoever comes in by it.
    pub ceiling: Ceiling,
    /// Who it was made for.
    pub profile: Profile,
    /// The member that its holder becomes.
    pub member: MemberId,
    /// How often it can still be redeemed; `None` means without limit.
    pub uses_left: Option<u32>,
    /// The moment from which it opens nothing.
    pub expires: Time,
}

/// What an invite hands on to its logins, kept as JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Pass {
    pub(crate) audience: Audience,
    pub(crate) ceiling: Ceiling,
    pub(crate) member: MemberId,
    pub(crate) profile: Profile,
}

/// One device that was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The device.
    pub device: DeviceId,
    /// SHA-256 of the token in the device's cookie.
    pub token_hash: [u8; 32],
    /// The room it is let into.
    pub room: RoomId,
    /// The face it may use.
    pub audience: Audience,
    /// What caps its member's roles.
    pub ceiling: Ceiling,
    /// The member behind it.
    pub member: MemberId,
    /// What the invite said about the member.
    pub profile: Profile,
    /// When it was let in.
    pub created: Time,
    /// The moment from which it is let in no more.
    pub expires: Time,
    /// Whether somebody ended it.
    pub revoked: bool,
}

/// What a device asks to be let in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redemption {
    /// SHA-256 of the invite's secret.
    pub secret_hash: [u8; 32],
    /// The moment of asking.
    pub now: Time,
    /// SHA-256 of the token that the device will hold.
    pub token_hash: [u8; 32],
    /// The device's fresh id.
    pub device: DeviceId,
    /// The moment from which the login is let in no more.
    pub login_expires: Time,
}

/// Why an invite opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedeemError {
    /// No invite has this secret.
    #[error("no such invite")]
    Unknown,
    /// Its time is over.
    #[error("the invite has expired")]
    Expired,
    /// It was redeemed as often as it may be.
    #[error("the invite has been used")]
    Used,
}

/// How a card was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Fetched ahead, so that it is there without signal.
    Fetched,
    /// Opened on a screen.
    Opened,
}

/// One reading of one person's card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// When.
    pub at: Time,
    /// In which room.
    pub room: RoomId,
    /// By whom.
    pub member: MemberId,
    /// On which device.
    pub device: DeviceId,
    /// Whose card.
    pub person: PersonId,
    /// How.
    pub what: Reading,
}

impl Pass {
    /// Returns what an invite hands on.
    pub(crate) fn of(invite: &Invite) -> Self {
        let Invite { audience, ceiling, member, .. } = *invite;
        Self { audience, ceiling, member, profile: invite.profile.clone() }
    }
}

impl Invite {
    /// Returns the login that this redemption opens, and the uses left after it.
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
    /// Tells whether the login lets its device in at this moment.
    pub fn is_live(&self, now: Time) -> bool {
        !self.revoked && now < self.expires
    }
}

/// The registry of logins, invites and card readings, with a shelf of whole documents.
#[async_trait]
pub trait Registry: Send + Sync + std::fmt::Debug {
    /// Keeps an invite. Answers [`Error::Broken`] when one with this secret exists.
    async fn make_invite(&self, invite: Invite) -> Result<(), Error>;

    /// Redeems an invite in one step: of many who try at once, as many get in as it has uses.
    async fn redeem(&self, asked: Redemption) -> Result<Result<Login, RedeemError>, Error>;

    /// Returns the live login of this token; none when it has expired or was revoked.
    async fn login_by_token(&self, token_hash: [u8; 32], now: Time)
    -> Result<Option<Login>, Error>;

    /// Lets a login live until `expires`; never shortens it and never revives a revoked one. Tells
    /// whether there was such a login.
    async fn extend(&self, device: DeviceId, expires: Time) -> Result<bool, Error>;

    /// Ends a login for good. Tells whether there was such a login.
    async fn revoke(&self, device: DeviceId) -> Result<bool, Error>;

    /// Returns those of these devices that are let in no more: ended, expired, or never let in.
    async fn ended(&self, devices: &[DeviceId], now: Time) -> Result<Vec<DeviceId>, Error>;

    /// Returns every login of a room, ended ones too, in the order of their ids.
    async fn logins(&self, room: RoomId) -> Result<Vec<Login>, Error>;

    /// Puts a reading of a card on record; the card may be shown once this has answered.
    async fn record_access(&self, access: Access) -> Result<(), Error>;

    /// Returns every recorded reading of a person's card, oldest first.
    async fn accesses(&self, room: RoomId, person: PersonId) -> Result<Vec<Access>, Error>;

    /// Keeps a document under a key, in the place of what was there.
    async fn keep(&self, shelf: Shelf, key: &str, body: Vec<u8>, now: Time) -> Result<(), Error>;

    /// Returns the document under a key.
    async fn kept(&self, shelf: Shelf, key: &str) -> Result<Option<Kept>, Error>;

    /// Counts one more of something in a window that begins with the first, and returns the count. It is kept on
    /// the shelf [`Shelf::Count`]; of many who count at once, none is lost.
    async fn count(&self, what: &str, now: Time, window_ms: i64) -> Result<Count, Error>;

    /// Takes a document away. Tells whether there was one: of many who try at once, one is told so.
    async fn discard(&self, shelf: Shelf, key: &str) -> Result<bool, Error>;
}
