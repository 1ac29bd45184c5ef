//! Filters the messages received: forged, unknown, repeated and own messages are dropped.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    Heard, Shown,
    message::{Key, Message, Refused, Said},
};

/// Senders whose last number is remembered: many more than there are nodes. When exceeded, all are
/// forgotten, and a replay costs one check of the journal.
const SENDERS_MAX: usize = 256;
/// The shortest interval at which other nodes can trigger a check of everything; polling does so
/// anyway.
const LOOK: Duration = Duration::from_secs(1);

/// The shortest interval between warnings about forged messages: nodes publish every second.
const TELL: Duration = Duration::from_mins(1);

/// The number of dropped messages, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Without a valid authentication code.
    pub forged: u64,
    /// From another release.
    pub strange: u64,
    /// Received before, or out of order.
    pub repeated: u64,
}

impl Dropped {
    /// Returns each count with its reason, for metrics.
    pub const fn by_reason(self) -> [(&'static str, u64); 3] {
        let Self { forged, strange, repeated } = self;
        [("forged", forged), ("strange", strange), ("repeated", repeated)]
    }
}

/// Counts dropped messages.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    forged: AtomicU64,
    strange: AtomicU64,
    repeated: AtomicU64,
}

impl Counts {
    pub(crate) fn read(&self) -> Dropped {
        Dropped {
            forged: self.forged.load(Ordering::Relaxed),
            strange: self.strange.load(Ordering::Relaxed),
            repeated: self.repeated.load(Ordering::Relaxed),
        }
    }
}

/// The result of receiving a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Taken {
    /// A notification from another node.
    Heard(Heard),
    /// The presence on another node.
    Shown(Shown),
    /// This node's own beacon.
    Echo,
    /// Nothing to deliver.
    Nothing,
}

/// Decodes and filters messages.
#[derive(Debug)]
pub(crate) struct Ear {
    key: Key,
    own: Uuid,
    /// The last number received from each sender, including this node's own messages.
    last: HashMap<Uuid, u64>,
    looked: Option<Instant>,
    /// When forged messages were last reported.
    told: Option<Instant>,
    counts: Arc<Counts>,
}

impl Ear {
    pub(crate) fn new(key: Key, own: Uuid, counts: Arc<Counts>) -> Self {
        Self { key, own, last: HashMap::new(), looked: None, told: None, counts }
    }

    /// Decodes and filters one message.
    pub(crate) fn take(&mut self, bytes: &[u8], now: Instant) -> Taken {
        let message = match Message::decode(bytes, &self.key) {
            Ok(message) => message,
            Err(Refused::Forged) => {
                if self.is_to_tell(now) {
                    tracing::warn!(
                        "a message on the bus was not signed with this node's bus_key: another node has \
                         a different key, or a stranger is on the channel"
                    );
                }
                return count(&self.counts.forged);
            }
            Err(Refused::Strange) => return count(&self.counts.strange),
        };
        if !self.is_later(message.sender, message.number) {
            return count(&self.counts.repeated);
        }
        let is_own = message.sender == self.own;
        match message.said {
            Said::Beacon if is_own => Taken::Echo,
            _ if is_own => Taken::Nothing,
            Said::Beacon => Taken::Nothing,
            Said::Moved { room, head } => Taken::Heard(Heard::Moved { room, head }),
            Said::LoginEnded(device) => Taken::Heard(Heard::LoginEnded(device)),
            Said::Missed => self.look(now),
            Said::Shown { room, present } => {
                Taken::Shown(Shown { node: message.sender, room, present })
            }
        }
    }

    /// Returns whether a sender's number is above its last one, and remembers it.
    fn is_later(&mut self, sender: Uuid, number: u64) -> bool {
        if self.last.len() >= SENDERS_MAX && !self.last.contains_key(&sender) {
            self.last.clear();
        }
        let last = self.last.entry(sender).or_insert(0);
        let is_later = number > *last;
        *last = number.max(*last);
        is_later
    }

    /// Returns whether a report of forged messages is due, and remembers it.
    fn is_to_tell(&mut self, now: Instant) -> bool {
        let is_due = self.told.is_none_or(|told| now.duration_since(told) >= TELL);
        if is_due {
            self.told = Some(now);
        }
        is_due
    }

    fn look(&mut self, now: Instant) -> Taken {
        if self.looked.is_some_and(|looked| now.duration_since(looked) < LOOK) {
            return Taken::Nothing;
        }
        self.looked = Some(now);
        Taken::Heard(Heard::Missed)
    }
}

fn count(counter: &AtomicU64) -> Taken {
    counter.fetch_add(1, Ordering::Relaxed);
    Taken::Nothing
}

#[cfg(test)]
mod tests {
    use proto::id::{Cursor, DeviceId, RoomId};

    use super::*;

    const OWN: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn key() -> Key {
        Key::parse(&"shared by all".repeat(3)).unwrap()
    }

    fn ear() -> Ear {
        Ear::new(key(), OWN, Arc::default())
    }

    fn bytes(sender: Uuid, number: u64, said: Said) -> Vec<u8> {
        Message { sender, number, said }.encode(&key())
    }

    #[test]
    fn messages_of_other_nodes_are_delivered_and_own_messages_are_not() {
        let (mut ear, now) = (ear(), Instant::now());
        let device = DeviceId(Uuid::from_u128(9));
        let (room, head) = (RoomId(Uuid::from_u128(5)), Cursor::default());
        let heard = ear.take(&bytes(OTHER, 1, Said::LoginEnded(device)), now);
        assert_eq!(heard, Taken::Heard(Heard::LoginEnded(device)));
        let heard = ear.take(&bytes(OTHER, 2, Said::Moved { room, head }), now);
        assert_eq!(heard, Taken::Heard(Heard::Moved { room, head }));
        let own = ear.take(&bytes(OWN, 1, Said::LoginEnded(device)), now);
        assert_eq!(own, Taken::Nothing);
        assert_eq!(ear.take(&bytes(OWN, 2, Said::Beacon), now), Taken::Echo);
        assert_eq!(ear.take(&bytes(OTHER, 3, Said::Beacon), now), Taken::Nothing);
        assert_eq!(ear.counts.read(), Dropped::default());
    }

    #[test]
    fn a_replayed_message_is_delivered_once_and_counted() {
        let (mut ear, now) = (ear(), Instant::now());
        let device = DeviceId(Uuid::from_u128(9));
        let said = bytes(OTHER, 7, Said::LoginEnded(device));
        assert_eq!(ear.take(&said, now), Taken::Heard(Heard::LoginEnded(device)));
        for _ in 0..100 {
            assert_eq!(ear.take(&said, now), Taken::Nothing);
        }
        let beacon = bytes(OWN, 3, Said::Beacon);
        assert_eq!(ear.take(&beacon, now), Taken::Echo);
        assert_eq!(ear.take(&beacon, now), Taken::Nothing, "an old beacon proves nothing");
        assert_eq!(ear.counts.read().repeated, 101);
        assert_eq!(ear.take(b"what is this", now), Taken::Nothing);
        assert_eq!(ear.counts.read().forged, 1);
    }

    #[test]
    fn other_nodes_trigger_a_full_check_at_most_once_a_second() {
        let (mut ear, now) = (ear(), Instant::now());
        let looks = |ear: &mut Ear, from: u64, now| {
            let heard = (from..from + 50).map(|n| ear.take(&bytes(OTHER, n, Said::Missed), now));
            heard.filter(|taken| *taken == Taken::Heard(Heard::Missed)).count()
        };
        assert_eq!(looks(&mut ear, 1, now), 1);
        assert_eq!(looks(&mut ear, 51, now + LOOK), 1);
    }

    #[test]
    fn forged_messages_are_reported_at_most_once_a_minute() {
        let (mut ear, now) = (ear(), Instant::now());
        let told = |ear: &mut Ear, from: Instant| {
            let seconds = (0..60).map(|second| from + Duration::from_secs(second));
            seconds.filter(|now| ear.is_to_tell(*now)).count()
        };
        assert_eq!(told(&mut ear, now), 1);
        assert_eq!(told(&mut ear, now + TELL), 1);
    }

    #[test]
    fn the_memory_of_senders_is_bounded() {
        let (mut ear, now) = (ear(), Instant::now());
        for sender in 0..10_000 {
            ear.take(&bytes(Uuid::from_u128(sender), 1, Said::Beacon), now);
        }
        assert!(ear.last.len() <= SENDERS_MAX);
    }
}
