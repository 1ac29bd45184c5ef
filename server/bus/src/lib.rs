//! The doorbell: "room R is at entry N". A lost, doubled or late ring changes speed, never content.
//!
//! Invariant of this crate: nothing that rings here is ever shown; whoever hears it reads the journal.

use proto::id::{Cursor, RoomId};
use tokio::sync::broadcast;

/// How many rings a listener may lag behind before it misses some; it reads the heads then.
const RINGS_MAX: usize = 1024;

/// One ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ring {
    /// The room that moved.
    pub room: RoomId,
    /// Where it is.
    pub head: Cursor,
}

/// The doorbell of this process.
#[derive(Debug, Clone)]
pub struct Bus {
    rings: broadcast::Sender<Ring>,
}

impl Bus {
    /// Returns a doorbell within this process, for a node that runs alone.
    pub fn local() -> Self {
        Self { rings: broadcast::Sender::new(RINGS_MAX) }
    }

    /// Rings. Nobody listening is no error: the journal is the truth.
    pub fn ring(&self, room: RoomId, head: Cursor) {
        drop(self.rings.send(Ring { room, head }));
    }

    /// Returns a listener that hears every ring from here on.
    pub fn listen(&self) -> broadcast::Receiver<Ring> {
        self.rings.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_ring_is_heard_by_every_listener_and_missed_by_none_before() {
        let bus = Bus::local();
        let room: RoomId = "6b29fc40-ca47-4067-b31d-00dd010662da".parse().unwrap();
        bus.ring(room, Cursor::default());
        let mut listener = bus.listen();
        let ring = Ring { room, head: Cursor::default() };
        bus.ring(room, ring.head);
        assert_eq!(listener.recv().await, Ok(ring));
        assert!(listener.try_recv().is_err());
    }
}
