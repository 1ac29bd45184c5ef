//! The logins that have a socket on this node: those that ended elsewhere are looked for, all at once.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bus::{Heard, Listener};
use proto::{id::DeviceId, limit};
use tokio::time::{MissedTickBehavior, interval};

use super::Door;
use crate::stop::Stopping;

/// Devices with a socket on this node, and how many each has.
#[derive(Debug, Default)]
pub(crate) struct Attending(Arc<Mutex<BTreeMap<DeviceId, usize>>>);

/// One socket of a device; dropped, it counts no more.
#[derive(Debug)]
pub(crate) struct Attendance {
    device: DeviceId,
    all: Arc<Mutex<BTreeMap<DeviceId, usize>>>,
}

impl Attending {
    /// Counts a socket for as long as the answer is kept.
    pub(crate) fn enter(&self, device: DeviceId) -> Attendance {
        let mut all = locked(&self.0);
        let sockets = all.entry(device).or_insert(0);
        *sockets = sockets.saturating_add(1);
        drop(all);
        Attendance { device, all: Arc::clone(&self.0) }
    }

    fn all(&self) -> Vec<DeviceId> {
        locked(&self.0).keys().copied().collect()
    }
}

impl Drop for Attendance {
    fn drop(&mut self) {
        let mut all = locked(&self.all);
        if let Some(sockets) = all.get_mut(&self.device) {
            *sockets = sockets.saturating_sub(1);
            if *sockets == 0 {
                all.remove(&self.device);
            }
        }
    }
}

fn locked<T>(all: &Mutex<T>) -> MutexGuard<'_, T> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Looks for logins that ended: when another node says so, and all of them now and then. What the bus says
/// is not believed: the registry is asked.
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

/// Tells the sockets of those of these devices whose login has ended. When the registry gives no answer,
/// all are looked at again soon: their right was proved when the sockets were opened.
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
                tracing::warn!(%error, "logins could not be looked up");
                tokio::time::sleep(Duration::from_millis(limit::LOGINS_AGAIN_MS)).await;
                devices = door.attending.all();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_device_attends_until_its_last_socket_ends() {
        let (all, device) = (Attending::default(), DeviceId(Uuid::from_u128(1)));
        let first = all.enter(device);
        let second = all.enter(device);
        drop(first);
        assert_eq!(all.all(), [device]);
        drop(second);
        assert!(all.all().is_empty());
    }
}
