//! The notification bus: "room R is at entry N". A lost, duplicated or late notification affects
//! latency, never content.
//!
//! Invariant of this crate: nothing from the bus is ever shown; a subscriber reads the journal
//! (I-30).

use std::sync::Arc;

use proto::{
    id::{Cursor, DeviceId, RoomId},
    presence::Present,
};
use tokio::{
    sync::{broadcast, watch},
    task::AbortHandle,
};
use uuid::Uuid;

mod ear;
mod message;
mod outbox;
pub mod redis;

pub use ear::Dropped;
pub use message::{Key, KeyError};
pub use redis::{
    Redis, RedisError,
    address::{Address, AddressError, holds_password},
};

use ear::Counts;
use outbox::Outbox;
use redis::Ringer;

/// How far a listener may lag before it misses notifications; it then checks everything.
const HEARD_MAX: usize = 1024;
/// Presence messages buffered: each node publishes one per room and second.
const SHOWN_MAX: usize = 256;

/// A notification. None is trusted: it only says where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// A room advanced.
    Moved {
        /// The room.
        room: RoomId,
        /// Its head.
        head: Cursor,
    },
    /// A login was revoked.
    LoginEnded(DeviceId),
    /// Notifications may have been missed: check every open room and every login.
    Missed,
}

/// Whether other nodes with the same key are received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hearing {
    /// They are, or there are none.
    Well,
    /// They may not be: poll often.
    Unwell,
}

/// A node's presence in a room. Replaces that node's earlier message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The node.
    pub node: Uuid,
    /// The room.
    pub room: RoomId,
    /// The members connected to it there.
    pub present: Arc<[Present]>,
}

/// A subscription to the presence of other nodes. A missed message is soon repeated.
#[derive(Debug)]
pub struct Showing(broadcast::Receiver<Shown>);

/// The local channels that received messages are delivered to.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    heard: broadcast::Sender<Heard>,
    shown: broadcast::Sender<Shown>,
    hearing: watch::Sender<Hearing>,
}

impl Told {
    fn new(hearing: Hearing) -> Self {
        Self {
            heard: broadcast::Sender::new(HEARD_MAX),
            shown: broadcast::Sender::new(SHOWN_MAX),
            hearing: watch::Sender::new(hearing),
        }
    }
}

/// A subscription to notifications. A listener that lagged receives [`Heard::Missed`].
#[derive(Debug)]
pub struct Listener(broadcast::Receiver<Heard>);

/// The bus of this process.
#[derive(Debug, Clone)]
pub struct Bus {
    told: Told,
    /// The connection to other processes, if there are any.
    others: Option<Arc<Others>>,
}

/// The connection to other processes: the queue of outgoing messages, and the task that sends them.
#[derive(Debug)]
struct Others {
    outbox: Arc<Outbox>,
    counts: Arc<Counts>,
    ringing: AbortHandle,
}

impl Drop for Others {
    fn drop(&mut self) {
        self.ringing.abort();
    }
}

impl Bus {
    /// Returns a bus within this process, for a single node.
    pub fn local() -> Self {
        Self { told: Told::new(Hearing::Well), others: None }
    }

    /// Returns a bus over Redis, and starts listening; [`Heard::Missed`] is delivered each time it
    /// connects. An unreachable Redis is retried for ever, and blocks nobody. `node` identifies
    /// this process uniquely.
    pub fn redis(set: Redis, node: Uuid) -> Result<Self, RedisError> {
        let told = Told::new(Hearing::Unwell);
        let (outbox, counts) = (Arc::<Outbox>::default(), Arc::<Counts>::default());
        let (waiting, counted) = (Arc::clone(&outbox), Arc::clone(&counts));
        let ringer = Ringer::new(set, node, waiting, told.clone(), counted)?;
        let ringing = tokio::spawn(ringer.run()).abort_handle();
        Ok(Self { told, others: Some(Arc::new(Others { outbox, counts, ringing })) })
    }

    /// Publishes a room's presence to the other nodes, without waiting.
    pub fn show(&self, room: RoomId, present: Vec<Present>) {
        if let Some(others) = &self.others {
            others.outbox.show(room, present.into());
        }
    }

    /// Returns a subscription to the presence of other nodes.
    pub fn shown(&self) -> Showing {
        Showing(self.told.shown.subscribe())
    }

    /// Returns the number of received messages that were dropped.
    pub fn dropped(&self) -> Dropped {
        self.others.as_ref().map(|others| others.counts.read()).unwrap_or_default()
    }

    /// Publishes to the other nodes, without waiting. No subscriber is not an error: the journal is
    /// authoritative.
    pub fn tell(&self, what: Heard) {
        match &self.others {
            Some(others) => others.outbox.put(what),
            None => drop(self.told.heard.send(what)),
        }
    }

    /// Returns a listener that receives everything from here on.
    pub fn listen(&self) -> Listener {
        Listener(self.told.heard.subscribe())
    }

    /// Returns a subscription to whether other nodes are received.
    pub fn hearing(&self) -> watch::Receiver<Hearing> {
        self.told.hearing.subscribe()
    }

    /// Simulates a bus that does not receive other nodes, or recovers; for tests.
    pub fn set_hearing(&self, hearing: Hearing) {
        self.told.hearing.send_replace(hearing);
    }
}

impl Showing {
    /// Returns the next message, or `None` when the bus has ended. Cancel safe.
    pub async fn next(&mut self) -> Option<Shown> {
        loop {
            match self.0.recv().await {
                Ok(shown) => return Some(shown),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

impl Listener {
    /// Returns the next notification, or `None` when the bus has ended. Cancel safe.
    pub async fn next(&mut self) -> Option<Heard> {
        match self.0.recv().await {
            Ok(heard) => Some(heard),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Heard::Missed),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved() -> Heard {
        let room = "6b29fc40-ca47-4067-b31d-00dd010662da".parse().unwrap();
        Heard::Moved { room, head: Cursor::default() }
    }

    #[tokio::test]
    async fn every_listener_receives_what_is_published_after_it_subscribed() {
        let bus = Bus::local();
        bus.tell(Heard::Missed);
        let mut listeners = [bus.listen(), bus.listen()];
        bus.tell(moved());
        for listener in &mut listeners {
            assert_eq!(listener.next().await, Some(moved()));
        }
    }

    #[tokio::test]
    async fn a_lagging_listener_receives_missed() {
        let bus = Bus::local();
        let mut listener = bus.listen();
        (0..=HEARD_MAX).for_each(|_| bus.tell(moved()));
        assert_eq!(listener.next().await, Some(Heard::Missed));
        assert_eq!(listener.next().await, Some(moved()));
    }
}
