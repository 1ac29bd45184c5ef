//! The import: a provider's list, as it comes, becomes commands for a room.
//!
//! Pure: bytes in, a [`plan::Plan`] out, with a report for people and the commands to send. Nothing is
//! silently fixed: what was read otherwise than it was sent is listed, what cannot be settled is marked
//! on the person and blocks nobody else (PROCEDURE 3.5, G1). Ids are derived from the room, the file and
//! the row, so that running it again changes nothing.

pub mod cell;
pub mod column;
pub mod council;
mod date;
pub mod decisions;
pub mod demo;
mod draft;
mod encoding;
pub mod error;
mod funding;
pub mod homes;
mod id;
pub mod labels;
pub mod mapping;
mod name;
pub mod people;
pub mod plan;
mod record;
mod report;
pub mod staff;
pub mod table;
mod twin;
mod value;

pub use error::{Error, Why};
