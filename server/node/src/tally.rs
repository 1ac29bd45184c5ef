//! The node's counters: responses, resyncs, close codes. They identify no room and no person.

use hub::Counts;
use proto::{close::Close, frame::Why};

/// The code for a socket that its client closed, or whose connection broke.
pub(crate) const GONE: u16 = 0;
/// RFC 6455: the bytes are not valid frames.
pub(crate) const PROTOCOL_ERROR: u16 = 1002;
/// RFC 6455: the text is not valid UTF-8.
pub(crate) const NO_TEXT: u16 = 1007;

/// Counts since the node started.
#[derive(Debug)]
pub(crate) struct Tally {
    /// Responses by the first digit of their status.
    pub(crate) answers: Counts<u16, 5>,
    /// Resyncs, by reason.
    pub(crate) resyncs: Counts<Why, 4>,
    /// Closed sockets, by close code.
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
