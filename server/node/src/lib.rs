//! The door: HTTP, sockets, logins, settings, and what an operator does.
//!
//! Invariant of this crate: it knows no rule of a room. It finds out who asks, hands on what was asked,
//! and hands out what it is given; nothing is read or done here without a login or the operator's token.

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
