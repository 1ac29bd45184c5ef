//! The demo: Harbour Rise, a fictional home, and the day of its closure, played by real clients.
//!
//! Invariant of this crate: the node has no code for it. Every player has their own login and acts over HTTP
//! and sockets, as people do.

pub mod entrance;
pub mod harbour_rise;
pub mod play;
