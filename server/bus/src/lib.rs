//! The doorbell: "room R is at entry N". A lost, doubled or late ring changes speed, never content.
//!
//! Invariant of this crate: nothing that rings here is ever shown; whoever hears it reads the journal (I-30).

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

/// How much a listener may lag behind before it misses some; it looks at everything then.
const HEARD_MAX: usize = 1024;
/// Words about presence that may wait: each node says one for each room in a second.
const SHOWN_MAX: usize = 256;

/// What is heard on the bus. None of it is believed: it tells where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// A room moved.
    Moved {
        /// The room.
        room: RoomId,
        /// Where it is.
        head: Cursor,
    },
    /// A login was ended.
    LoginEnded(DeviceId),
    /// Something may have been missed: look at every open room and every login.
    Missed,
}

/// Whether what other nodes say is heard, if they have the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hearing {
    /// It is, or there are no others.
    Well,
    /// It may not be: look often.
    Unwell,
}

/// Who is connected to a room on another node. It replaces what that node said before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The node.
    pub node: Uuid,
    /// The room.
    pub room: RoomId,
    /// Who is connected to it there.
    pub present: Arc<[Present]>,
}

/// What listens for who is connected elsewhere. What it misses is said again soon.
#[derive(Debug)]
pub struct Showing(broadcast::Receiver<Shown>);

/// Where this process is told what others say.
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

/// What listens. A listener that lagged behind hears [`Heard::Missed`].
#[derive(Debug)]
pub struct Listener(broadcast::Receiver<Heard>);

/// The doorbell of this process.
#[derive(Debug, Clone)]
pub struct Bus {
    told: Told,
    /// The way to other processes, if there are any.
    others: Option<Arc<Others>>,
}

/// The way to other processes: what is told them, and the task that tells it.
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
    /// Returns a doorbell within this process, for a node that runs alone.
    pub fn local() -> Self {
        Self { told: Told::new(Hearing::Well), others: None }
    }

    /// Returns a doorbell over Redis, and begins to listen; [`Heard::Missed`] is heard each time it can.
    /// A Redis that cannot be reached is tried for ever, and holds nobody up. `node` is this process, and
    /// no other that ever was.
    pub fn redis(set: Redis, node: Uuid) -> Result<Self, RedisError> {
        let told = Told::new(Hearing::Unwell);
        let (outbox, counts) = (Arc::<Outbox>::default(), Arc::<Counts>::default());
        let (waiting, counted) = (Arc::clone(&outbox), Arc::clone(&counts));
        let ringer = Ringer::new(set, node, waiting, told.clone(), counted)?;
        let ringing = tokio::spawn(ringer.run()).abort_handle();
        Ok(Self { told, others: Some(Arc::new(Others { outbox, counts, ringing })) })
    }

    /// Tells the other nodes who is connected to a room here, and never waits.
    pub fn show(&self, room: RoomId, present: Vec<Present>) {
        if let Some(others) = &self.others {
            others.outbox.show(room, present.into());
        }
    }

    /// Returns what listens for who is connected elsewhere.
    pub fn shown(&self) -> Showing {
        Showing(self.told.shown.subscribe())
    }

    /// Returns how many messages from elsewhere were passed over.
    pub fn dropped(&self) -> Dropped {
        self.others.as_ref().map(|others| others.counts.read()).unwrap_or_default()
    }

    /// Tells the other nodes, and never waits. Nobody listening is no error: the journal is the truth.
    pub fn tell(&self, what: Heard) {
        match &self.others {
            Some(others) => others.outbox.put(what),
            None => drop(self.told.heard.send(what)),
        }
    }

    /// Returns a listener that hears everything from here on.
    pub fn listen(&self) -> Listener {
        Listener(self.told.heard.subscribe())
    }

    /// Returns whether what other nodes say is heard, and wakes whoever waits for it to change.
    pub fn hearing(&self) -> watch::Receiver<Hearing> {
        self.told.hearing.subscribe()
    }

    /// Behaves from here on like a bus that others cannot be heard on, or can again; for tests.
    pub fn set_hearing(&self, hearing: Hearing) {
        self.told.hearing.send_replace(hearing);
    }
}

impl Showing {
    /// Returns what is said next; `None` when the bus has ended. Cancel safe.
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
    /// Returns what is heard next; `None` when the bus has ended. Cancel safe.
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
    async fn a_ring_is_heard_by_every_listener_and_missed_by_none_before() {
        let bus = Bus::local();
        bus.tell(Heard::Missed);
        let mut listeners = [bus.listen(), bus.listen()];
        bus.tell(moved());
        for listener in &mut listeners {
            assert_eq!(listener.next().await, Some(moved()));
        }
    }

    #[tokio::test]
    async fn a_listener_that_lags_behind_is_told_that_it_missed_something() {
        let bus = Bus::local();
        let mut listener = bus.listen();
        (0..=HEARD_MAX).for_each(|_| bus.tell(moved()));
        assert_eq!(listener.next().await, Some(Heard::Missed));
        assert_eq!(listener.next().await, Some(moved()));
    }
}
