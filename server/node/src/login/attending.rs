//! Logins with a socket on this node, and the check for logins that ended elsewhere.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bus::{Heard, Listener};
use proto::{
    id::{DeviceId, Time},
    limit,
};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{Door, Login};
use crate::stop::Stopping;

/// Logins recently proved on this node, and the number of their sockets here.
///
/// A socket stays open while the registry is unreachable, because its login was proved when it opened. This
/// record lets a face that is reloaded meanwhile return to what it showed.
#[derive(Debug, Default)]
pub(crate) struct Attending(Arc<Mutex<BTreeMap<Token, Known>>>);

/// SHA-256 of the token in a device's cookie.
type Token = [u8; 32];

#[derive(Debug)]
struct Known {
    login: Box<Login>,
    sockets: usize,
    /// When it was last looked up, or its last socket closed.
    proved: Instant,
}

/// One socket of a device; uncounted on drop.
#[derive(Debug)]
pub(crate) struct Attendance {
    token: Token,
    all: Arc<Mutex<BTreeMap<Token, Known>>>,
}

impl Known {
    fn is_believed(&self) -> bool {
        self.sockets > 0 || self.proved.elapsed() < Duration::from_millis(limit::LOGINS_BELIEVED_MS)
    }
}

impl Attending {
    /// Records a login that the registry has just confirmed.
    pub(super) fn proved(&self, login: &Login) {
        let mut all = locked(&self.0);
        if all.len() >= limit::LOGINS_REMEMBERED_MAX {
            all.retain(|_, known| known.is_believed());
        }
        let is_known = all.contains_key(&login.token_hash);
        if is_known || all.len() < limit::LOGINS_REMEMBERED_MAX {
            let sockets = all.get(&login.token_hash).map_or(0, |known| known.sockets);
            let login = Box::new(login.clone());
            all.insert(login.token_hash, Known { login, sockets, proved: Instant::now() });
        }
    }

    /// Returns a login to accept while the registry is unreachable.
    pub(super) fn believed(&self, token: Token, now: Time) -> Option<Login> {
        let all = locked(&self.0);
        let known = all.get(&token).filter(|known| known.is_believed())?;
        (now < known.login.expires).then(|| known.login.as_ref().clone())
    }

    /// Counts a socket until the returned guard is dropped.
    pub(crate) fn enter(&self, login: &Login) -> Attendance {
        let token = login.token_hash;
        let mut all = locked(&self.0);
        let known = all.entry(token).or_insert_with(|| Known {
            login: Box::new(login.clone()),
            sockets: 0,
            proved: Instant::now(),
        });
        known.sockets = known.sockets.saturating_add(1);
        drop(all);
        Attendance { token, all: Arc::clone(&self.0) }
    }

    /// Drops a token that the registry does not know.
    pub(super) fn disproved(&self, token: Token) {
        locked(&self.0).remove(&token);
    }

    /// Drops a device.
    pub(crate) fn forget(&self, device: DeviceId) {
        locked(&self.0).retain(|_, known| known.login.device != device);
    }

    /// Returns the devices with a socket here, and drops those that expired.
    fn all(&self) -> Vec<DeviceId> {
        let mut all = locked(&self.0);
        all.retain(|_, known| known.is_believed());
        all.values().filter(|known| known.sockets > 0).map(|known| known.login.device).collect()
    }
}

impl Drop for Attendance {
    fn drop(&mut self) {
        if let Some(known) = locked(&self.all).get_mut(&self.token) {
            known.sockets = known.sockets.saturating_sub(1);
            known.proved = Instant::now();
        }
    }
}

fn locked<T>(all: &Mutex<T>) -> MutexGuard<'_, T> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Watches for logins that ended: when another node notifies, and all of them periodically. Bus messages are
/// not trusted: the registry decides.
pub(super) async fn watch(door: &Door, mut listener: Listener, mut stopping: Stopping) {
    let mut looks = interval(Duration::from_millis(limit::LOGINS_LOOK_MS));
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let heard = tokio::select! {
            heard = listener.next() => heard,
            _ = looks.tick() => Some(Heard::Missed),
            _ = stopping.wait() => return,
        };
        let devices = match heard {
            // A socket that is being opened with it may not be counted yet.
            Some(Heard::LoginEnded(device)) => vec![device],
            Some(Heard::Missed) => door.attending.all(),
            Some(Heard::Moved { .. }) => continue,
            None => return,
        };
        if cfg!(plant = "revoked_stays") {
            continue;
        }
        tokio::select! {
            () = look(door, devices) => {}
            _ = stopping.wait() => return,
        }
    }
}

/// Notifies the sockets of devices whose login has ended. If the registry fails, all are checked again soon:
/// their logins were proved when the sockets opened.
async fn look(door: &Door, mut devices: Vec<DeviceId>) {
    while !devices.is_empty() {
        match door.registry.ended(&devices, door.now()).await {
            Ok(ended) => {
                for device in ended {
                    door.tell_here(device);
                }
                return;
            }
            Err(error) => {
                tracing::warn!(%error, "cannot look up logins");
                tokio::time::sleep(Duration::from_millis(limit::LOGINS_AGAIN_MS)).await;
                devices = door.attending.all();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use journal::registry::Profile;
    use proto::{
        id::{MemberId, RoomId},
        role::{Audience, Ceiling},
        text::PersonName,
    };
    use uuid::Uuid;

    use super::*;

    const BELIEVED: Duration = Duration::from_millis(limit::LOGINS_BELIEVED_MS);

    fn login(n: u8) -> Login {
        let id = Uuid::from_u128(n.into());
        Login {
            device: DeviceId(id),
            token_hash: [n; 32],
            room: RoomId(id),
            audience: Audience::Wall,
            ceiling: Ceiling::Screen,
            member: MemberId(id),
            profile: Profile {
                name: PersonName::parse("Wall").unwrap(),
                organisation: None,
                job: None,
                mobile: None,
                roles: Vec::new(),
            },
            created: Time(0),
            expires: Time(1_000),
            revoked: false,
        }
    }

    #[test]
    fn a_device_attends_until_its_last_socket_ends() {
        let (all, login) = (Attending::default(), login(1));
        let first = all.enter(&login);
        let second = all.enter(&login);
        drop(first);
        assert_eq!(all.all(), [login.device]);
        drop(second);
        assert!(all.all().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_login_is_accepted_while_it_has_a_socket_and_for_a_minute_after() {
        let (all, login) = (Attending::default(), login(1));
        all.proved(&login);
        tokio::time::advance(BELIEVED).await;
        assert_eq!(all.believed([1; 32], Time(0)), None);
        let socket = all.enter(&login);
        tokio::time::advance(BELIEVED * 10).await;
        assert_eq!(all.believed([1; 32], Time(0)), Some(login.clone()));
        assert_eq!(all.believed([1; 32], Time(1_000)), None, "it has expired");
        assert_eq!(all.believed([2; 32], Time(0)), None, "nobody vouched for it");
        drop(socket);
        tokio::time::advance(BELIEVED / 2).await;
        assert_eq!(all.believed([1; 32], Time(0)), Some(login));
        tokio::time::advance(BELIEVED / 2).await;
        assert_eq!(all.believed([1; 32], Time(0)), None);
    }

    #[tokio::test(start_paused = true)]
    async fn an_ended_login_is_not_accepted() {
        let (all, first, second) = (Attending::default(), login(1), login(2));
        let socket = all.enter(&first);
        all.proved(&second);
        all.forget(first.device);
        all.disproved([2; 32]);
        drop(socket);
        assert_eq!(all.believed([1; 32], Time(0)), None);
        assert_eq!(all.believed([2; 32], Time(0)), None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_number_of_remembered_logins_is_limited() {
        let all = Attending::default();
        let mut one = login(1);
        for n in 0..=limit::LOGINS_REMEMBERED_MAX {
            one.token_hash[..8].copy_from_slice(&n.to_be_bytes());
            all.proved(&one);
        }
        assert_eq!(locked(&all.0).len(), limit::LOGINS_REMEMBERED_MAX);
        assert_eq!(all.believed(one.token_hash, Time(0)), None);
        tokio::time::advance(BELIEVED).await;
        all.proved(&one);
        assert_eq!(all.believed(one.token_hash, Time(0)), Some(one));
    }
}
