//! A delivery: one observed frame on its way to the sockets of one audience. It is counted in
//! place, so that five thousand sockets make one count and no message.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use proto::{
    id::{CommandId, RoomId, Seq},
    role::Audience,
};
use tokio::time::{Duration, Instant};

/// The value while no socket has it yet.
const NOBODY: u64 = u64::MAX;

/// A frame on its way.
#[derive(Debug)]
pub struct Delivery {
    /// The room.
    pub room: RoomId,
    /// The audience.
    pub audience: Audience,
    /// The observed entries in it, and their commands.
    pub entries: Arc<[(CommandId, Seq)]>,
    /// Whether another node wrote them.
    pub is_heard: bool,
    /// When this node learned that they are durable.
    pub durable: Instant,
    /// The audience's followers at that time.
    pub followers: usize,
    sockets: AtomicU64,
    first: AtomicU64,
    last: AtomicU64,
}

/// The progress of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivered {
    /// Sockets that took it.
    pub sockets: u64,
    /// When the first of them had taken it, relative to when it became durable.
    pub first: Duration,
    /// The same of the last.
    pub last: Duration,
}

impl Delivery {
    /// Returns a delivery that no socket has taken.
    pub const fn new(
        room: RoomId,
        audience: Audience,
        entries: Arc<[(CommandId, Seq)]>,
        is_heard: bool,
        durable: Instant,
        followers: usize,
    ) -> Self {
        Self {
            room,
            audience,
            entries,
            is_heard,
            durable,
            followers,
            sockets: AtomicU64::new(0),
            first: AtomicU64::new(NOBODY),
            last: AtomicU64::new(0),
        }
    }

    /// Counts a socket that has taken it.
    pub fn written(&self, at: Instant) {
        let took = at.saturating_duration_since(self.durable).as_micros();
        let took = u64::try_from(took).unwrap_or(NOBODY);
        self.first.fetch_min(took, Ordering::Relaxed);
        self.last.fetch_max(took, Ordering::Relaxed);
        // Counted after its times are stored: a reader of the count sees them too.
        self.sockets.fetch_add(1, Ordering::Release);
    }

    /// Returns its progress, or `None` while no socket has it.
    pub fn read(&self) -> Option<Delivered> {
        let sockets = self.sockets.load(Ordering::Acquire);
        let micros = |count: &AtomicU64| Duration::from_micros(count.load(Ordering::Relaxed));
        let delivered =
            || Delivered { sockets, first: micros(&self.first), last: micros(&self.last) };
        (sockets > 0).then(delivered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_delivery_records_its_sockets_and_their_first_and_last_times() {
        let durable = Instant::now();
        let entries = [(CommandId(Uuid::from_u128(2)), Seq(7))].into();
        let room = RoomId(Uuid::from_u128(1));
        let delivery = Delivery::new(room, Audience::Wall, entries, false, durable, 3);
        assert_eq!(delivery.read(), None);
        for ms in [40, 3, 12] {
            delivery.written(durable + Duration::from_millis(ms));
        }
        let [first, last] = [3, 40].map(Duration::from_millis);
        assert_eq!(delivery.read(), Some(Delivered { sockets: 3, first, last }));
    }
}
