//! Muster's language: what may be asked, what may happen, what a screen shows.
//!
//! Invariant of this crate: a value that exists is right. Bytes become commands, frames and texts here, at
//! the edge, once; nothing behind it checks a length or a form again.

pub mod class;
pub mod close;
pub mod command;
pub mod directory;
pub mod entrance;
pub mod entry;
pub mod field;
pub mod frame;
pub mod http;
pub mod id;
pub mod intake;
pub mod key;
mod kinds;
pub mod limit;
pub mod noun;
pub mod nouns;
pub mod outcome;
pub mod presence;
pub mod refusal;
pub mod role;
pub mod row;
pub mod text;

pub use noun::*;

#[cfg(test)]
mod typescript;
