//! The ring buffer of one audience: frames encoded once, shared by every connection. A connection
//! is a position in it, never a queue of its own (I-26).

use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError, RwLock},
};

use bytes::Bytes;
use proto::{
    id::{Cursor, Seq},
    limit::{RING_BYTES_MAX, RING_FRAMES_MAX, STEP_BYTES_MAX},
};
use tokio::time::Instant;

use crate::delivery::Delivery;

/// An encoded frame.
#[derive(Debug, Clone)]
pub(crate) struct Framed {
    /// The entry the reader must hold.
    pub(crate) from: Seq,
    /// The reader's cursor afterwards.
    pub(crate) to: Cursor,
    /// The JSON text.
    pub(crate) text: Bytes,
}

/// A published frame.
#[derive(Debug)]
pub(crate) struct Told {
    /// The frame.
    pub(crate) frame: Framed,
    /// When it became durable, as this node knows it.
    pub(crate) durable: Instant,
    /// Its delivery counter, if there is a witness.
    pub(crate) delivery: Option<Arc<Delivery>>,
}

/// Frames that follow a position.
#[derive(Debug)]
pub(crate) struct Run {
    /// The frames.
    pub(crate) frames: Vec<Bytes>,
    /// The position after them.
    pub(crate) to: Cursor,
    /// When the first of them became durable.
    pub(crate) durable: Instant,
    /// The delivery counters of entries with a witness.
    pub(crate) deliveries: Vec<Arc<Delivery>>,
}

/// The result of reading the ring at a position.
#[derive(Debug)]
pub(crate) enum Slice {
    /// The frames from the position on.
    Frames(Run),
    /// Nothing: the position is the ring's end.
    End,
    /// The position is older than the ring, or not the start of a frame.
    Behind,
}

/// The buffered frames.
#[derive(Debug, Default)]
struct Kept {
    frames: VecDeque<Told>,
    bytes: usize,
    /// The ring's end; `None` while this audience has no followers and frames are not encoded.
    end: Option<Cursor>,
}

/// The ring. The lock is held while a few references are copied, never across an await.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    kept: RwLock<Kept>,
}

impl Ring {
    /// Starts the ring at a cursor, unless it is running.
    pub(crate) fn start(&self, at: Cursor) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.end.get_or_insert(at);
    }

    /// Stops the ring: there are no followers.
    pub(crate) fn stop(&self) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Kept::default();
    }

    /// Returns whether frames are encoded for this audience.
    pub(crate) fn runs(&self) -> bool {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).end.is_some()
    }

    /// Appends a frame, and drops the oldest beyond the limits.
    pub(crate) fn push(&self, told: Told) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.end = Some(told.frame.to);
        kept.bytes += told.frame.text.len();
        kept.frames.push_back(told);
        while kept.frames.len() > RING_FRAMES_MAX || kept.bytes > RING_BYTES_MAX {
            let Some(oldest) = kept.frames.pop_front() else { break };
            kept.bytes -= oldest.frame.text.len();
        }
    }

    /// Returns the frames from a position on: at most one step's bytes, but at least one frame.
    pub(crate) fn slice(&self, at: Cursor) -> Slice {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        if kept.end.is_some_and(|end| end.seq == at.seq) {
            return Slice::End;
        }
        let first = kept.frames.partition_point(|told| told.frame.from < at.seq);
        let next = kept.frames.get(first).filter(|told| told.frame.from == at.seq);
        let Some(&Told { durable, .. }) = next else { return Slice::Behind };
        let (mut frames, mut bytes, mut to) = (Vec::new(), 0, at);
        let mut deliveries = Vec::new();
        for Told { frame, delivery, .. } in kept.frames.range(first..) {
            if !frames.is_empty() && bytes + frame.text.len() > STEP_BYTES_MAX {
                break;
            }
            bytes += frame.text.len();
            frames.push(frame.text.clone());
            to = frame.to;
            if let Some(delivery) = delivery {
                deliveries.push(Arc::clone(delivery));
            }
        }
        Slice::Frames(Run { frames, to, durable, deliveries })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn at(seq: u64) -> Cursor {
        Cursor { seq: Seq(seq), ..Cursor::default() }
    }

    fn told(from: u64, to: u64, bytes: usize, durable: Instant) -> Told {
        let text = Bytes::from(vec![b'x'; bytes]);
        Told { frame: Framed { from: Seq(from), to: at(to), text }, durable, delivery: None }
    }

    #[test]
    fn a_position_gets_every_frame_after_it_once_and_in_order() {
        let ring = Ring::default();
        ring.start(at(3));
        let began = Instant::now();
        ring.push(told(3, 5, 10, began));
        ring.push(told(5, 6, 20, began + Duration::from_secs(1)));
        let Slice::Frames(run) = ring.slice(at(3)) else { panic!("no frames") };
        assert_eq!(run.frames.iter().map(Bytes::len).collect::<Vec<_>>(), [10, 20]);
        assert_eq!((run.to, run.durable), (at(6), began));
        // Without a witness, nothing is allocated for it.
        assert_eq!(run.deliveries.capacity(), 0);
        assert!(matches!(ring.slice(at(6)), Slice::End));
        assert!(matches!(ring.slice(at(4)), Slice::Behind));
        assert!(matches!(ring.slice(at(2)), Slice::Behind));
    }

    #[test]
    fn the_ring_is_bounded_in_frames_and_bytes() {
        let ring = Ring::default();
        for seq in 0..5_000 {
            ring.push(told(seq, seq + 1, 1_000, Instant::now()));
        }
        let kept = ring.kept.read().unwrap();
        assert!(kept.frames.len() <= RING_FRAMES_MAX && kept.bytes <= RING_BYTES_MAX);
    }

    #[test]
    fn a_step_is_bounded_but_never_empty() {
        let ring = Ring::default();
        ring.push(told(0, 1, STEP_BYTES_MAX + 1, Instant::now()));
        ring.push(told(1, 2, 1, Instant::now()));
        let Slice::Frames(run) = ring.slice(at(0)) else { panic!("no frames") };
        assert_eq!((run.frames.len(), run.to), (1, at(1)));
    }
}
