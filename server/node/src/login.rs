//! Authentication: invites, logins, and the record of who read what.
//!
//! The only module, besides the wiring, that names the registry.

use std::{sync::Arc, time::Duration};

use hub::{Author, Clock};
use proto::{
    id::{DeviceId, MemberId, PersonId, RoomId, Time},
    limit,
    member::Actor,
    role::{Audience, Ceiling},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::broadcast;

pub(crate) mod admission;
pub(crate) mod attending;
pub(crate) mod cookie;
mod documents;
pub(crate) mod qr;
pub(crate) mod secret;

use crate::{clock::fresh_id, stop::Stopping};
use attending::Attending;
use secret::Secret;

pub(crate) use journal::{
    Count, Error, Shelf,
    registry::{Login, Profile, Reading, RedeemError},
};

/// Milliseconds until an unused login expires.
const LOGIN_MS: i64 = limit::LOGIN_HOURS * 60 * 60 * 1000;
/// Milliseconds between extensions of a login in use: one write per hour and device, not one per request.
const EXTEND_MS: i64 = 60 * 60 * 1000;
/// The timeout of an extension: the next use retries it.
const PATIENCE: Duration = Duration::from_millis(limit::LOGINS_AGAIN_MS);
/// Capacity of the channel of ended logins; a socket that lags asks the registry.
const ENDED_MAX: usize = 64;

/// Milliseconds of an hour.
const HOUR_MS: i64 = 60 * 60 * 1000;
/// The key under which wrong door codes are counted.
const WRONG_CODES: &str = "wrong door codes";

/// A link to make.
#[derive(Debug, Clone)]
pub(crate) struct NewInvite {
    pub(crate) room: RoomId,
    pub(crate) audience: Audience,
    pub(crate) ceiling: Ceiling,
    pub(crate) profile: Profile,
    pub(crate) member: Option<MemberId>,
    pub(crate) uses: Option<u32>,
    pub(crate) hours: i64,
}

/// A new link; only the caller has its secret.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MadeInvite {
    pub(crate) secret: Secret,
    pub(crate) member: MemberId,
    pub(crate) expires: Time,
}

/// The registry, as the rest of the node sees it.
#[derive(Debug)]
pub(crate) struct Door {
    registry: Arc<dyn journal::Registry>,
    clock: Arc<dyn Clock>,
    ended: broadcast::Sender<DeviceId>,
    /// Logins recently proved on this node, and their sockets.
    pub(crate) attending: Attending,
    bus: bus::Bus,
}

impl Door {
    pub(crate) fn new(
        registry: Arc<dyn journal::Registry>,
        clock: Arc<dyn Clock>,
        bus: bus::Bus,
    ) -> Self {
        let ended = broadcast::Sender::new(ENDED_MAX);
        Self { registry, clock, ended, attending: Attending::default(), bus }
    }

    /// Returns the valid login of this token, and extends it. If the registry is unreachable, a login
    /// recently proved on this node is accepted, so that a screen in use can be reloaded.
    pub(crate) async fn login(&self, token_hash: [u8; 32]) -> Result<Option<Login>, Error> {
        let now = self.clock.now();
        let login = match self.registry.login_by_token(token_hash, now).await {
            Ok(Some(login)) => login,
            Ok(None) => {
                self.attending.disproved(token_hash);
                return Ok(None);
            }
            Err(error @ (Error::Away(_) | Error::Read { .. }))
                if !cfg!(plant = "nobody_believed") =>
            {
                let believed = self.attending.believed(token_hash, now);
                return believed.map(Some).ok_or(error);
            }
            Err(error) => return Err(error),
        };
        self.attending.proved(&login);
        let until = now.plus_ms(LOGIN_MS);
        if until.since_ms(login.expires) >= EXTEND_MS {
            // A store that cannot write, or hangs, must not lock out readers.
            let extending = self.registry.extend(login.device, until);
            match tokio::time::timeout(PATIENCE, extending).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => {
                    tracing::debug!(%error, device = %login.device, "a login could not be extended");
                }
                Err(_) => {
                    tracing::debug!(device = %login.device, "a login was not extended in time");
                }
            }
        }
        Ok(Some(login))
    }

    /// Redeems an invite for a new device.
    pub(crate) async fn redeem(
        &self,
        invite: &Secret,
    ) -> Result<Result<(Login, Secret), RedeemError>, Error> {
        let now = self.clock.now();
        let token = Secret::fresh(&*self.clock);
        let asked = journal::registry::Redemption {
            secret_hash: invite.hash(),
            now,
            token_hash: token.hash(),
            device: DeviceId(fresh_id(&*self.clock)),
            login_expires: now.plus_ms(LOGIN_MS),
        };
        Ok(self.registry.redeem(asked).await?.map(|login| (login, token)))
    }

    /// Ends a login for good; its sockets on every node are closed at once.
    pub(crate) async fn end(&self, device: DeviceId) -> Result<(), Error> {
        self.registry.revoke(device).await?;
        self.bus.tell(bus::Heard::LoginEnded(device));
        self.tell_here(device);
        Ok(())
    }

    /// Notifies the sockets of this node that a login has ended.
    fn tell_here(&self, device: DeviceId) {
        self.attending.forget(device);
        if self.ended.send(device).is_err() {
            tracing::trace!(%device, "a login ended that had no socket");
        }
    }

    /// Watches for logins that end on other nodes, until this node stops.
    pub(crate) async fn watch(&self, stopping: Stopping) {
        attending::watch(self, self.bus.listen(), stopping).await;
    }

    /// Subscribes to the ends of logins.
    pub(crate) fn endings(&self) -> broadcast::Receiver<DeviceId> {
        self.ended.subscribe()
    }

    /// Records an access. The card may be shown only after this returns.
    pub(crate) async fn record(
        &self,
        login: &Login,
        person: PersonId,
        what: Reading,
    ) -> Result<(), Error> {
        let access = journal::registry::Access {
            at: self.clock.now(),
            room: login.room,
            member: login.member,
            device: login.device,
            person,
            what,
        };
        self.registry.record_access(access).await
    }

    /// Stores a document in the registry.
    pub(crate) async fn keep(
        &self,
        shelf: Shelf,
        key: &str,
        document: &(impl Serialize + Sync),
    ) -> Result<(), Error> {
        let body = serde_json::to_vec(document).map_err(unreadable)?;
        self.registry.keep(shelf, key, body, self.clock.now()).await
    }

    /// Reads a document from the registry.
    pub(crate) async fn kept<T: DeserializeOwned>(
        &self,
        shelf: Shelf,
        key: &str,
    ) -> Result<Option<T>, Error> {
        let kept = self.registry.kept(shelf, key).await?;
        kept.map(|kept| serde_json::from_slice(&kept.body)).transpose().map_err(unreadable)
    }

    /// Deletes a document from the registry; returns whether it existed.
    pub(crate) async fn discard(&self, shelf: Shelf, key: &str) -> Result<bool, Error> {
        self.registry.discard(shelf, key).await
    }

    /// Makes the invite for an existing secret; idempotent.
    pub(crate) async fn invite_by(&self, secret: &Secret, new: NewInvite) -> Result<(), Error> {
        match self.make(secret, new).await {
            // The store refuses a second invite with the same secret, and reports only that as this error.
            Ok(_) | Err(Error::Broken(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Returns for how many seconds door codes are refused after too many wrong ones, counted over all nodes
    /// and networks: a code is short enough to be guessed by a distributed attack.
    pub(crate) async fn shut_for_s(&self) -> Result<Option<u64>, Error> {
        let now = self.clock.now();
        let count: Option<Count> = self.kept(Shelf::Count, WRONG_CODES).await?;
        let full = count.filter(|count| count.times >= limit::DOOR_GUESSES_PER_HOUR);
        let left = full.map(|count| count.until.since_ms(now)).filter(|left| *left > 0);
        Ok(left.map(|left| u64::try_from(left / 1_000).unwrap_or(0).saturating_add(1)))
    }

    /// Counts a wrong door code.
    pub(crate) async fn wrong_code(&self) -> Result<(), Error> {
        self.registry.count(WRONG_CODES, self.clock.now(), HOUR_MS).await.map(drop)
    }

    /// Returns the current time.
    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    /// Makes a link.
    pub(crate) async fn invite(&self, new: NewInvite) -> Result<MadeInvite, Error> {
        let secret = Secret::fresh(&*self.clock);
        self.make(&secret, new).await
    }

    async fn make(&self, secret: &Secret, new: NewInvite) -> Result<MadeInvite, Error> {
        let member = new.member.unwrap_or_else(|| MemberId(fresh_id(&*self.clock)));
        let expires = self.clock.now().plus_ms(new.hours.saturating_mul(60 * 60 * 1000));
        let invite = journal::registry::Invite {
            secret_hash: secret.hash(),
            room: new.room,
            audience: new.audience,
            ceiling: new.ceiling,
            profile: new.profile,
            member,
            uses_left: new.uses,
            expires,
        };
        self.registry.make_invite(invite).await?;
        Ok(MadeInvite { secret: *secret, member, expires })
    }
}

/// The library's own message could quote what people typed.
fn unreadable(_: serde_json::Error) -> Error {
    Error::Broken("a document of the registry cannot be read".to_owned())
}

/// Returns the storage key for a secret.
pub(crate) fn key(secret: &Secret) -> String {
    hex(&secret.hash())
}

/// Encodes bytes in hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(digit), 16));
        }
        text
    })
}

/// Returns the author of a login's commands.
pub(crate) fn author(login: &Login) -> Author {
    let actor = match login.audience {
        Audience::Wall => Actor::Screen,
        Audience::Desk | Audience::Phone | Audience::Sitrep => Actor::Member(login.member),
    };
    Author { actor, ceiling: Some(login.ceiling), device: Some(login.device) }
}
