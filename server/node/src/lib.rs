//! The node: HTTP, sockets, logins, settings and the operator's tools.
//!
//! Invariant of this crate: it contains no rule of a room. It authenticates callers, passes on their commands
//! and delivers what it is given; nothing is read or done without a login or the operator's token.

pub mod batch;
mod catch_up;
pub mod client;
pub mod clock;
pub mod config;
mod http;
mod listen;
mod login;
mod metrics;
mod node;
pub mod operator;
pub mod say;
pub mod settings;
pub mod stop;
mod tally;
pub mod trace;
mod traces;
pub mod trust;
pub mod wiring;
mod ws;
