//! Lists: a provider's list, as it comes, becomes commands for a room.
//!
//! Invariant of this crate: it is pure. Bytes in, a [`plan::Plan`] out, with a report for people and the
//! commands to send. Nothing is silently fixed: what was read otherwise than it was sent is listed, what
//! cannot be settled is marked on the person and blocks nobody else (PROCEDURE 3.5, G1). Ids are derived
//! from the room, the file and the row, so that running it again changes nothing.

mod book;
pub mod cell;
pub mod column;
pub mod council;
mod couple;
pub mod date;
pub mod decisions;
mod draft;
pub mod encoding;
pub mod error;
mod funding;
mod heading;
pub mod homes;
pub mod id;
pub mod labels;
pub mod mapping;
mod name;
mod ods;
pub mod pace;
pub mod people;
pub mod plan;
pub mod record;
pub mod register;
mod report;
pub mod sheet;
pub mod staff;
pub mod table;
mod twin;
mod unpack;
mod value;
mod xlsx;
mod xml;

pub use error::{Error, Why};

/// Returns the year of a moment.
pub fn year(now: proto::id::Time) -> i16 {
    let moment = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default();
    moment.to_zoned(jiff::tz::TimeZone::UTC).year()
}
