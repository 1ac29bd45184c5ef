//! Snapshots, packed once: a storm of reconnects costs one encode for each room, audience and entry (I-28).

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use proto::{
    id::{Cursor, RoomId},
    role::Audience,
};
use tokio::sync::OnceCell;

use super::{encoding::Encoding, error::Failure};

/// Packed snapshots that are kept: the audiences of a few busy rooms, in two encodings.
const KEPT_MAX: usize = 32;

/// Which snapshot, packed how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) room: RoomId,
    pub(crate) audience: Audience,
    pub(crate) cursor: Cursor,
    pub(crate) encoding: Encoding,
}

type Packed = Arc<OnceCell<Bytes>>;

/// The packed snapshots, the latest last.
#[derive(Debug, Default)]
pub(crate) struct Snapshots(Mutex<VecDeque<(Name, Packed)>>);

impl Snapshots {
    /// Returns the snapshot packed; of many who ask at once, one does the work.
    pub(crate) async fn packed(&self, name: Name, plain: Bytes) -> Result<Bytes, Failure> {
        if name.encoding == Encoding::Plain {
            return Ok(plain);
        }
        let place = self.place(name);
        let pack = || async move {
            let packed = tokio::task::spawn_blocking(move || name.encoding.pack(&plain)).await;
            match packed {
                Ok(Ok(packed)) => Ok(Bytes::from(packed)),
                Ok(Err(_)) | Err(_) => Err(Failure::Fault),
            }
        };
        place.get_or_try_init(pack).await.cloned()
    }

    /// Returns the place where this one is kept, or will be.
    fn place(&self, name: Name) -> Packed {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, packed)) = kept.iter().find(|(there, _)| *there == name) {
            return Arc::clone(packed);
        }
        // An older one of the same kind is of no use to anybody who asks from here on.
        let is_older = |there: &Name| {
            (there.room, there.audience, there.encoding)
                == (name.room, name.audience, name.encoding)
        };
        kept.retain(|(there, _)| !is_older(there));
        if kept.len() >= KEPT_MAX {
            kept.pop_front();
        }
        let packed = Packed::default();
        kept.push_back((name, Arc::clone(&packed)));
        packed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::id::Seq;

    fn name(room: u128, seq: u64) -> Name {
        Name {
            room: RoomId(uuid::Uuid::from_u128(room)),
            audience: Audience::Desk,
            cursor: Cursor { seq: Seq(seq), ..Cursor::default() },
            encoding: Encoding::Gzip,
        }
    }

    #[tokio::test]
    async fn a_storm_costs_one_encode() {
        let snapshots = Snapshots::default();
        let first = snapshots.packed(name(1, 5), Bytes::from_static(b"rows")).await.unwrap();
        let again = snapshots.packed(name(1, 5), Bytes::from_static(b"not packed")).await.unwrap();
        assert_eq!(first.as_ptr(), again.as_ptr());
    }

    #[tokio::test]
    async fn only_the_latest_of_each_kind_is_kept_and_not_too_many() {
        let snapshots = Snapshots::default();
        for seq in 1..10 {
            snapshots.packed(name(1, seq), Bytes::from_static(b"rows")).await.unwrap();
        }
        assert_eq!(snapshots.0.lock().unwrap().len(), 1);
        for room in 0..100 {
            snapshots.packed(name(room, 1), Bytes::from_static(b"rows")).await.unwrap();
        }
        assert_eq!(snapshots.0.lock().unwrap().len(), KEPT_MAX);
    }
}
