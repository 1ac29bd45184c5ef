//! The pure rules of the room: a command becomes events or a refusal, an entry changes the state, and a projection
//! renders rows for an audience.
//!
//! Invariant of this crate: no clock, no randomness, no disk, no task. The same entries produce the same rows on
//! every machine (I-14), and [`Room::apply`] cannot fail.

mod apply;
mod context;
mod decide;
mod gates;
mod noun;
mod nouns;
mod privacy;
mod rights;
mod room;
mod show;
pub mod tables;

pub use context::Context;
pub use room::{Room, Touched};

#[cfg(test)]
#[expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one variant")]
#[expect(clippy::needless_pass_by_value, reason = "a scene reads like its story")]
mod proof;
