//! A journal and registry for tests, in memory.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use proto::id::{CommandId, Cursor, DeviceId, PersonId, RoomId, Seq, Time};
use tokio::sync::watch;

use crate::{
    Batch, Count, Decided, Error, Health, Journal, Kept, Shelf, Stored,
    admit::{Head, admit},
    registry::{Access, Invite, Login, RedeemError, Redemption, Registry},
};

/// A journal and registry that last as long as the process.
#[derive(Debug)]
pub struct Memory {
    inner: Mutex<Inner>,
    health: watch::Sender<Health>,
    is_shared: bool,
}

#[derive(Debug, Default)]
struct Inner {
    entries: BTreeMap<RoomId, Vec<Stored>>,
    outcomes: BTreeMap<(RoomId, CommandId), Decided>,
    invites: BTreeMap<[u8; 32], Invite>,
    logins: BTreeMap<DeviceId, Login>,
    accesses: Vec<Access>,
    shelf: BTreeMap<(Shelf, String), Kept>,
    full: bool,
}

impl Default for Memory {
    fn default() -> Self {
        let health = watch::Sender::new(Health::Writable);
        Self { inner: Mutex::default(), health, is_shared: false }
    }
}

impl Memory {
    /// Returns a journal written by several hubs, as by several nodes on one database.
    pub fn shared() -> Self {
        Self { is_shared: true, ..Self::default() }
    }

    /// Simulates a full disk, or the end of one.
    pub fn set_full(&self, full: bool) {
        self.lock().full = full;
        self.health.send_replace(if full { Health::Full } else { Health::Writable });
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn head(&self, room: RoomId) -> Option<Head> {
        let last = self.entries.get(&room)?.last()?;
        Some(Head { seq: last.seq, chain: last.chain })
    }

    fn check_room_left(&self) -> Result<(), Error> {
        if self.full { Err(Error::Full("as the test asked".to_owned())) } else { Ok(()) }
    }

    fn check_fresh(&self, batch: &Batch) -> Result<(), Error> {
        let kept = |decided: &Decided| self.outcomes.contains_key(&(batch.room, decided.id));
        if batch.outcomes.iter().any(kept) {
            return Err(Error::Conflict(self.head(batch.room).unwrap_or_default().cursor()));
        }
        Ok(())
    }
}

#[async_trait]
impl Journal for Memory {
    async fn append(&self, batch: Batch) -> Result<Cursor, Error> {
        let mut inner = self.lock();
        inner.check_room_left()?;
        let reached = admit(inner.head(batch.room).unwrap_or_default(), &batch)?;
        inner.check_fresh(&batch)?;
        for decided in batch.outcomes {
            inner.outcomes.insert((batch.room, decided.id), decided);
        }
        if !batch.entries.is_empty() {
            inner.entries.entry(batch.room).or_default().extend(batch.entries);
        }
        Ok(reached.cursor())
    }

    async fn read(&self, room: RoomId, from: Seq, limit: usize) -> Result<Vec<Stored>, Error> {
        let inner = self.lock();
        let entries = inner.entries.get(&room).into_iter().flatten();
        Ok(entries.filter(|entry| entry.seq >= from).take(limit).cloned().collect())
    }

    async fn head(&self, room: RoomId) -> Result<Option<Cursor>, Error> {
        Ok(self.lock().head(room).map(Head::cursor))
    }

    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<(RoomId, Cursor)>, Error> {
        let inner = self.lock();
        let head = |room: &RoomId| Some((*room, inner.head(*room)?.cursor()));
        Ok(rooms.iter().filter_map(head).collect())
    }

    async fn outcomes(&self, room: RoomId, ids: &[CommandId]) -> Result<Vec<Decided>, Error> {
        let inner = self.lock();
        Ok(ids.iter().filter_map(|id| inner.outcomes.get(&(room, *id)).cloned()).collect())
    }

    async fn rooms(&self) -> Result<Vec<RoomId>, Error> {
        Ok(self.lock().entries.keys().copied().collect())
    }

    fn is_shared(&self) -> bool {
        self.is_shared
    }

    fn health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }
}

#[async_trait]
impl Registry for Memory {
    async fn make_invite(&self, invite: Invite) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.check_room_left()?;
        if inner.invites.contains_key(&invite.secret_hash) {
            return Err(Error::Broken("an invite with this secret exists already".to_owned()));
        }
        inner.invites.insert(invite.secret_hash, invite);
        Ok(())
    }

    async fn redeem(&self, asked: Redemption) -> Result<Result<Login, RedeemError>, Error> {
        let mut inner = self.lock();
        inner.check_room_left()?;
        let twin = |login: &Login| login.token_hash == asked.token_hash;
        let taken = inner.logins.contains_key(&asked.device) || inner.logins.values().any(twin);
        let Some(invite) = inner.invites.get_mut(&asked.secret_hash) else {
            return Ok(Err(RedeemError::Unknown));
        };
        match invite.redeem(&asked) {
            Err(refused) => Ok(Err(refused)),
            Ok(_) if taken => Err(Error::Broken("this device has a login already".to_owned())),
            Ok((login, uses_left)) => {
                invite.uses_left = uses_left;
                inner.logins.insert(login.device, login.clone());
                Ok(Ok(login))
            }
        }
    }

    async fn login_by_token(
        &self,
        token_hash: [u8; 32],
        now: Time,
    ) -> Result<Option<Login>, Error> {
        let inner = self.lock();
        let mut logins = inner.logins.values();
        Ok(logins.find(|login| login.token_hash == token_hash && login.is_live(now)).cloned())
    }

    async fn extend(&self, device: DeviceId, expires: Time) -> Result<bool, Error> {
        let mut inner = self.lock();
        inner.check_room_left()?;
        let login = inner.logins.get_mut(&device).filter(|login| !login.revoked);
        Ok(login.map(|login| login.expires = login.expires.max(expires)).is_some())
    }

    async fn revoke(&self, device: DeviceId) -> Result<bool, Error> {
        let mut inner = self.lock();
        inner.check_room_left()?;
        Ok(inner.logins.get_mut(&device).map(|login| login.revoked = true).is_some())
    }

    async fn ended(&self, devices: &[DeviceId], now: Time) -> Result<Vec<DeviceId>, Error> {
        let inner = self.lock();
        let is_live =
            |device: &DeviceId| inner.logins.get(device).is_some_and(|login| login.is_live(now));
        Ok(devices.iter().filter(|device| !is_live(device)).copied().collect())
    }

    async fn logins(&self, room: RoomId) -> Result<Vec<Login>, Error> {
        let inner = self.lock();
        Ok(inner.logins.values().filter(|login| login.room == room).cloned().collect())
    }

    async fn record_access(&self, access: Access) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.check_room_left()?;
        inner.accesses.push(access);
        Ok(())
    }

    async fn accesses(&self, room: RoomId, person: PersonId) -> Result<Vec<Access>, Error> {
        let inner = self.lock();
        let of_person = |access: &&Access| access.room == room && access.person == person;
        Ok(inner.accesses.iter().filter(of_person).copied().collect())
    }

    async fn keep(&self, shelf: Shelf, key: &str, body: Vec<u8>, now: Time) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.check_room_left()?;
        inner.shelf.insert((shelf, key.to_owned()), Kept { body, at: now });
        Ok(())
    }

    async fn kept(&self, shelf: Shelf, key: &str) -> Result<Option<Kept>, Error> {
        Ok(self.lock().shelf.get(&(shelf, key.to_owned())).cloned())
    }

    async fn count(&self, what: &str, now: Time, window_ms: i64) -> Result<Count, Error> {
        let mut inner = self.lock();
        inner.check_room_left()?;
        let key = (Shelf::Count, what.to_owned());
        let before = inner.shelf.get(&key).and_then(|kept| serde_json::from_slice(&kept.body).ok());
        let count = Count::after_one_more(before, now, window_ms);
        let body = serde_json::to_vec(&count).unwrap_or_default();
        inner.shelf.insert(key, Kept { body, at: now });
        Ok(count)
    }

    async fn discard(&self, shelf: Shelf, key: &str) -> Result<bool, Error> {
        let mut inner = self.lock();
        inner.check_room_left()?;
        Ok(inner.shelf.remove(&(shelf, key.to_owned())).is_some())
    }
}
