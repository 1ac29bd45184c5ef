//! What the door counts: answers, resyncs, how sockets ended. Counts alone, about no room and no person.

use hub::Counts;
use proto::{close::Close, frame::Why};

/// What is counted for a socket that its client ended, or whose line broke.
pub(crate) const GONE: u16 = 0;
/// RFC 6455: the bytes are no frames.
pub(crate) const PROTOCOL_ERROR: u16 = 1002;
/// RFC 6455: the text is no UTF-8.
pub(crate) const NO_TEXT: u16 = 1007;

/// What the door counted since the node began.
#[derive(Debug)]
pub(crate) struct Tally {
    /// Answers by the first digit of their status.
    pub(crate) answers: Counts<u16, 5>,
    /// Screens told to fetch a snapshot, by why.
    pub(crate) resyncs: Counts<Why, 4>,
    /// Sockets that ended, by their close code.
    pub(crate) ends: Counts<u16, 14>,
}

impl Default for Tally {
    fn default() -> Self {
        let others = [PROTOCOL_ERROR, NO_TEXT, GONE];
        let mut codes = Close::ALL.map(Close::code).into_iter().chain(others);
        let ends = std::array::from_fn(|_| codes.next().unwrap_or(GONE));
        Self {
            answers: Counts::of([1, 2, 3, 4, 5]),
            resyncs: Counts::of(Why::ALL),
            ends: Counts::of(ends),
        }
    }
}
