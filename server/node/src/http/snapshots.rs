//! A cache of compressed snapshots: a reconnect storm costs one encoding per room, audience and entry (I-28).
//! One snapshot per kind is compressed at a time, and is shared by every client that arrived before the room
//! was queried for it, so a storm on a busy room costs no compression per entry.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex as Lock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use hub::Snapshot;
use proto::{
    id::{Cursor, RoomId, Seq},
    role::Audience,
};
use tokio::sync::Mutex;

use super::{encoding::Encoding, error::Failure};

/// Maximum kinds cached: the audiences of a few busy rooms, in two encodings.
const KEPT_MAX: usize = 32;

/// The key of a cached snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) room: RoomId,
    pub(crate) audience: Audience,
    pub(crate) encoding: Encoding,
}

/// A compressed snapshot.
#[derive(Debug)]
struct Packed {
    cursor: Cursor,
    /// The tick of the query to the room: the snapshot holds everything durable before it.
    asked_at: u64,
    body: Bytes,
}

/// The slot of a kind's latest snapshot; locked while one is made.
type Place = Arc<Mutex<Option<Packed>>>;

/// The cached snapshots, most recently used last.
#[derive(Debug, Default)]
pub(crate) struct Snapshots {
    kept: Lock<VecDeque<(Kind, Place)>>,
    /// A logical clock: advances with every request and every query to a room.
    ticks: AtomicU64,
    asked: AtomicU64,
    packed: AtomicU64,
}

impl Snapshots {
    /// Returns a compressed snapshot that includes everything durable at the time of the call, and nothing
    /// older than `after` (I-22). `ask` queries the room; of many waiting clients, few need to.
    pub(crate) async fn packed<Asking>(
        &self,
        kind: Kind,
        after: Option<Seq>,
        ask: impl FnOnce() -> Asking,
    ) -> Result<Bytes, Failure>
    where
        Asking: Future<Output = Result<Snapshot, hub::Error>>,
    {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if kind.encoding == Encoding::Plain {
            return Ok(ask().await?.body);
        }
        let came_at = self.tick();
        let place = self.place(kind);
        let mut kept = place.lock().await;
        // A query by a client that knew less may lack what the journal could not be queried for.
        let serves = |kept: &&Packed| {
            kept.asked_at > came_at && after.is_none_or(|after| kept.cursor.seq >= after)
        };
        if let Some(kept) = kept.as_ref().filter(serves) {
            return Ok(kept.body.clone());
        }
        let asked_at = self.tick();
        let fresh = ask().await?;
        if let Some(kept) = kept.as_mut().filter(|kept| kept.cursor == fresh.cursor) {
            kept.asked_at = asked_at;
            return Ok(kept.body.clone());
        }
        let body = self.pack(kind.encoding, fresh.body).await?;
        *kept = Some(Packed { cursor: fresh.cursor, asked_at, body: body.clone() });
        Ok(body)
    }

    /// Returns (snapshots requested, snapshots compressed).
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.asked.load(Ordering::Relaxed), self.packed.load(Ordering::Relaxed))
    }

    async fn pack(&self, encoding: Encoding, plain: Bytes) -> Result<Bytes, Failure> {
        self.packed.fetch_add(1, Ordering::Relaxed);
        match tokio::task::spawn_blocking(move || encoding.pack(&plain)).await {
            Ok(Ok(packed)) => Ok(Bytes::from(packed)),
            Ok(Err(_)) | Err(_) => Err(Failure::Fault),
        }
    }

    fn tick(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::AcqRel)
    }

    /// Returns the slot of this kind.
    fn place(&self, kind: Kind) -> Place {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(there, _)| *there == kind);
        let (_, place) = at.and_then(|at| kept.remove(at)).unwrap_or((kind, Place::default()));
        while kept.len() >= KEPT_MAX {
            kept.pop_front();
        }
        kept.push_back((kind, Arc::clone(&place)));
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::pending, time::Duration};

    fn kind(room: u128) -> Kind {
        Kind {
            room: RoomId(uuid::Uuid::from_u128(room)),
            audience: Audience::Desk,
            encoding: Encoding::Gzip,
        }
    }

    fn at(seq: u64) -> Snapshot {
        let cursor = Cursor { seq: Seq(seq), ..Cursor::default() };
        Snapshot { cursor, body: Bytes::from(format!("rows at {seq}")) }
    }

    fn packed(seq: u64) -> Vec<u8> {
        Encoding::Gzip.pack(&at(seq).body).unwrap()
    }

    #[tokio::test]
    async fn a_storm_on_a_quiet_room_costs_one_encode() {
        let snapshots = Snapshots::default();
        for _ in 0..100 {
            let body = snapshots.packed(kind(1), None, || async { Ok(at(5)) }).await.unwrap();
            assert_eq!(body, packed(5));
        }
        assert_eq!(snapshots.counts(), (100, 1));
    }

    /// While one is made, the room moves on; every client that arrives meanwhile gets the next one, made
    /// once.
    #[tokio::test]
    async fn a_storm_on_a_busy_room_costs_one_encode_for_all_waiting_clients() {
        let snapshots = Snapshots::default();
        let seq = AtomicU64::new(0);
        let gate = tokio::sync::Semaphore::new(0);
        let ask = || async {
            let reached = at(seq.fetch_add(1, Ordering::Relaxed) + 1);
            gate.acquire().await.expect("the gate stands").forget();
            Ok(reached)
        };
        let first = snapshots.packed(kind(1), None, ask);
        let others =
            futures_util::future::join_all((0..50).map(|_| snapshots.packed(kind(1), None, ask)));
        let open = async {
            tokio::task::yield_now().await;
            gate.add_permits(100);
        };
        let (first, others, ()) = tokio::join!(first, others, open);
        assert_eq!(first.unwrap(), packed(1));
        assert!(others.into_iter().all(|other| other.unwrap() == packed(2)));
        assert_eq!(snapshots.counts(), (51, 2));
    }

    /// I-22: a snapshot queried before a client arrived may lack what that client wrote.
    #[tokio::test]
    async fn no_client_gets_a_snapshot_queried_before_it_arrived() {
        let snapshots = Snapshots::default();
        for seq in 1..10 {
            let body = snapshots.packed(kind(1), None, || async { Ok(at(seq)) }).await.unwrap();
            assert_eq!(body, packed(seq));
        }
    }

    /// I-22: a snapshot queried by a client that knew less must not go to a client that knows more.
    #[tokio::test]
    async fn no_client_gets_a_snapshot_older_than_it_knows() {
        let snapshots = Snapshots::default();
        let gate = tokio::sync::Semaphore::new(0);
        let held = || async {
            gate.acquire().await.expect("the gate stands").forget();
            Ok(at(3))
        };
        let later = || async { Ok(at(5)) };
        // The other two arrive while the first is made; the second's result would serve the third.
        let first = snapshots.packed(kind(1), None, held);
        let second = snapshots.packed(kind(1), None, held);
        let third = snapshots.packed(kind(1), Some(Seq(5)), later);
        let open = async {
            tokio::task::yield_now().await;
            gate.add_permits(2);
        };
        let (first, second, third, ()) = tokio::join!(first, second, third, open);
        assert_eq!((first.unwrap(), second.unwrap()), (packed(3).into(), packed(3).into()));
        assert_eq!(third.unwrap(), packed(5));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_leaves_while_waiting_blocks_nobody() {
        let snapshots = Snapshots::default();
        let gone = snapshots.packed(kind(1), None, pending);
        tokio::time::timeout(Duration::from_secs(1), gone).await.unwrap_err();
        let body = snapshots.packed(kind(1), None, || async { Ok(at(3)) }).await.unwrap();
        assert_eq!(body, packed(3));
    }

    #[tokio::test]
    async fn the_number_of_cached_kinds_is_limited() {
        let snapshots = Snapshots::default();
        for room in 0..100 {
            snapshots.packed(kind(room), None, || async { Ok(at(1)) }).await.unwrap();
        }
        assert_eq!(snapshots.kept.lock().unwrap().len(), KEPT_MAX);
        snapshots.packed(kind(99), None, || async { Ok(at(1)) }).await.unwrap();
        assert_eq!(snapshots.counts(), (101, 100));
    }
}
