//! Snapshots, packed once: a storm of reconnects costs one encode for each room, audience and entry (I-28).
//! Of each kind one is packed at a time, and whoever came before it was asked of the room is given it, so
//! that a storm on a busy room costs what the packing takes and not a packing for each entry.

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

/// Kinds whose packed snapshot is kept: the audiences of a few busy rooms, in two encodings.
const KEPT_MAX: usize = 32;

/// Which snapshots, packed how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) room: RoomId,
    pub(crate) audience: Audience,
    pub(crate) encoding: Encoding,
}

/// A packed snapshot.
#[derive(Debug)]
struct Packed {
    cursor: Cursor,
    /// The tick at which the room was asked for it: it holds everything that was durable before.
    asked_at: u64,
    body: Bytes,
}

/// Where the latest of a kind is kept; locked while one is made.
type Place = Arc<Mutex<Option<Packed>>>;

/// The packed snapshots, the kind asked for last at the end.
#[derive(Debug, Default)]
pub(crate) struct Snapshots {
    kept: Lock<VecDeque<(Kind, Place)>>,
    /// Moves with every request and every question to a room, and so tells which came first.
    ticks: AtomicU64,
    asked: AtomicU64,
    packed: AtomicU64,
}

impl Snapshots {
    /// Returns the room's snapshot packed, standing at or behind whatever was durable when this was called, and
    /// never before `after` (I-22). `ask` asks the room; of many who wait, few need to.
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
        // One that was asked for by somebody who knew less may lack what the journal could not be asked for.
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

    /// Returns how many snapshots were asked for, and how many were packed for it.
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

    /// Returns the place of this kind.
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

    /// While one is made the room moves on; all who came meanwhile are given the next, made once.
    #[tokio::test]
    async fn a_storm_on_a_busy_room_costs_one_encode_for_all_who_wait() {
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

    /// I-22: a snapshot that was asked of the room before somebody came may lack what they wrote.
    #[tokio::test]
    async fn nobody_is_given_what_was_asked_before_they_came() {
        let snapshots = Snapshots::default();
        for seq in 1..10 {
            let body = snapshots.packed(kind(1), None, || async { Ok(at(seq)) }).await.unwrap();
            assert_eq!(body, packed(seq));
        }
    }

    /// I-22: one that was asked for by somebody who knew less is not for whoever was told more since.
    #[tokio::test]
    async fn nobody_is_given_one_from_before_what_they_were_told() {
        let snapshots = Snapshots::default();
        let gate = tokio::sync::Semaphore::new(0);
        let held = || async {
            gate.acquire().await.expect("the gate stands").forget();
            Ok(at(3))
        };
        let later = || async { Ok(at(5)) };
        // The two others come while the first is made; what the second asks for would serve the third.
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
    async fn who_goes_away_while_waiting_holds_up_nobody() {
        let snapshots = Snapshots::default();
        let gone = snapshots.packed(kind(1), None, pending);
        tokio::time::timeout(Duration::from_secs(1), gone).await.unwrap_err();
        let body = snapshots.packed(kind(1), None, || async { Ok(at(3)) }).await.unwrap();
        assert_eq!(body, packed(3));
    }

    #[tokio::test]
    async fn only_so_many_kinds_are_kept() {
        let snapshots = Snapshots::default();
        for room in 0..100 {
            snapshots.packed(kind(room), None, || async { Ok(at(1)) }).await.unwrap();
        }
        assert_eq!(snapshots.kept.lock().unwrap().len(), KEPT_MAX);
        snapshots.packed(kind(99), None, || async { Ok(at(1)) }).await.unwrap();
        assert_eq!(snapshots.counts(), (101, 100));
    }
}
