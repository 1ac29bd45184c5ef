//! The outgoing queue: only the latest message per room, so that a slow Redis never makes anybody
//! wait.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use proto::{
    id::{Cursor, DeviceId, RoomId},
    presence::Present,
};
use tokio::sync::Notify;

use crate::{Heard, message::Said};

/// Rooms whose latest head is queued; others are found by polling.
const ROOMS_MAX: usize = 4_096;
/// Revoked logins queued by id; beyond it, all nodes check every login.
const ENDED_MAX: usize = 1_024;

/// The outgoing queue.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: Mutex<Waiting>,
    filled: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    moved: BTreeMap<RoomId, Cursor>,
    ended: BTreeSet<DeviceId>,
    missed: bool,
    shown: BTreeMap<RoomId, Arc<[Present]>>,
}

impl Outbox {
    /// Queues a notification, without waiting.
    pub(crate) fn put(&self, what: Heard) {
        {
            let mut waiting = self.waiting();
            match what {
                Heard::Moved { room, head } => waiting.moved(room, head),
                Heard::LoginEnded(device) => waiting.ended(device),
                Heard::Missed => waiting.missed = true,
            }
        }
        self.filled.notify_one();
    }

    /// Queues a room's presence, replacing a queued one.
    pub(crate) fn show(&self, room: RoomId, present: Arc<[Present]>) {
        {
            let mut waiting = self.waiting();
            if waiting.shown.len() < ROOMS_MAX || waiting.shown.contains_key(&room) {
                waiting.shown.insert(room, present);
            }
        }
        self.filled.notify_one();
    }

    /// Waits until something was queued. Cancel safe.
    pub(crate) async fn filled(&self) {
        self.filled.notified().await;
    }

    /// Takes everything queued, revoked logins first.
    pub(crate) fn take(&self) -> Vec<Said> {
        let Waiting { moved, ended, missed, shown } = std::mem::take(&mut *self.waiting());
        let ended = ended.into_iter().map(Said::LoginEnded);
        let moved = moved.into_iter().map(|(room, head)| Said::Moved { room, head });
        let shown = shown.into_iter().map(|(room, present)| Said::Shown { room, present });
        ended.chain(missed.then_some(Said::Missed)).chain(moved).chain(shown).collect()
    }

    /// Requeues what could not be sent; anything queued meanwhile is later, and stays.
    pub(crate) fn put_back(&self, said: Vec<Said>) {
        let mut waiting = self.waiting();
        for said in said {
            match said {
                Said::Moved { room, head } => waiting.moved(room, head),
                Said::LoginEnded(device) => waiting.ended(device),
                Said::Missed => waiting.missed = true,
                Said::Beacon => {}
                Said::Shown { room, present } => {
                    waiting.shown.entry(room).or_insert(present);
                }
            }
        }
        drop(waiting);
        self.filled.notify_one();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn moved(&mut self, room: RoomId, head: Cursor) {
        if self.moved.len() >= ROOMS_MAX && !self.moved.contains_key(&room) {
            return;
        }
        let latest = self.moved.entry(room).or_insert(head);
        if head.seq > latest.seq {
            *latest = head;
        }
    }

    fn ended(&mut self, device: DeviceId) {
        if self.ended.len() < ENDED_MAX {
            self.ended.insert(device);
        } else {
            self.missed = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use proto::id::{Seq, Tag};
    use uuid::Uuid;

    use super::*;

    fn moved(room: u128, seq: u64) -> Heard {
        let head = Cursor { seq: Seq(seq), tag: Tag::default() };
        Heard::Moved { room: RoomId(Uuid::from_u128(room)), head }
    }

    fn said(room: u128, seq: u64) -> Said {
        let head = Cursor { seq: Seq(seq), tag: Tag::default() };
        Said::Moved { room: RoomId(Uuid::from_u128(room)), head }
    }

    #[test]
    fn only_the_latest_head_of_a_room_is_sent() {
        let outbox = Outbox::default();
        for seq in [1, 9, 4] {
            outbox.put(moved(1, seq));
        }
        outbox.put(moved(2, 5));
        assert_eq!(outbox.take(), [said(1, 9), said(2, 5)]);
        assert!(outbox.take().is_empty());
    }

    #[test]
    fn a_requeued_message_never_replaces_a_newer_one() {
        let outbox = Outbox::default();
        let device = DeviceId(Uuid::from_u128(3));
        outbox.put(Heard::LoginEnded(device));
        outbox.put(moved(1, 1));
        let taken = outbox.take();
        outbox.put(moved(1, 2));
        outbox.put_back(taken);
        assert_eq!(outbox.take(), [Said::LoginEnded(device), said(1, 2)]);
    }

    #[test]
    fn an_overflowing_queue_sends_missed() {
        let outbox = Outbox::default();
        for n in 0..10 + u128::try_from(ROOMS_MAX).unwrap() {
            outbox.put(moved(n, 1));
            outbox.put(Heard::LoginEnded(DeviceId(Uuid::from_u128(n))));
        }
        let told = outbox.take();
        assert_eq!(told.len(), ROOMS_MAX + ENDED_MAX + 1);
        assert!(told.contains(&Said::Missed));
    }
}
