//! The rules of the room, pure: a command becomes events or a refusal, an entry changes the state, a row
//! shows it to an audience.
//!
//! Invariant of this crate: no clock, no randomness, no disk, no task. The same entries give the same rows
//! on every machine (I-14), and [`Room::apply`] cannot fail.

mod apply;
mod card;
mod census;
mod context;
mod cover;
mod decide;
mod door;
mod export;
mod fact;
mod gate;
mod help;
mod incident;
mod letters;
mod likeness;
mod log;
mod movement;
mod names;
mod naming;
mod ordinary;
mod pack;
mod people;
mod person;
mod place;
mod plan;
mod post;
mod presence;
mod protection;
mod reference;
mod register;
mod rights;
mod roster;
mod row;
mod shown;
mod site;
mod stage;
mod state;
mod timer;
mod word;

pub use context::Context;
pub use state::{Room, Touched};
