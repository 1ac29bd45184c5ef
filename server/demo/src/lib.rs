//! The demo: Harbour Rise, an invented home, and the day of its closure, played by real clients.
//!
//! Invariant of this crate: the node knows nothing of it. Whoever plays the day acts under a login of their
//! own, over HTTP and sockets, as people do.

pub mod entrance;
pub mod harbour_rise;
pub mod play;
