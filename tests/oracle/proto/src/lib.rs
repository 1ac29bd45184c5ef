//! Muster's language: what may be asked, what may happen, what a screen shows.
//!
//! Invariant of this crate: a value that exists is right. Bytes become commands, frames and texts here, at
//! the edge, once; nothing behind it checks a length or a form again.

pub mod card;
pub mod close;
pub mod command;
pub mod directory;
pub mod door;
pub mod entrance;
pub mod entry;
pub mod era;
pub mod event;
pub mod export;
pub mod frame;
pub mod gate;
pub mod help;
pub mod home;
pub mod http;
pub mod id;
pub mod incident;
pub mod intake;
pub mod key;
pub mod limit;
pub mod member;
pub mod outcome;
pub mod pack;
pub mod person;
pub mod presence;
pub mod protection;
pub mod refusal;
pub mod role;
pub mod row;
pub mod site;
pub mod text;
pub mod transfer;
