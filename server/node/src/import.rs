//! The import: a provider's list, as it comes, becomes commands for a room.
//!
//! Pure: bytes in, a [`plan::Plan`] out, with a report for people and the commands to send. Nothing is
//! silently fixed: what was read otherwise than it was sent is listed, what cannot be settled is marked
//! on the person and blocks nobody else (PROCEDURE 3.5, G1). Ids are derived from the room, the file and
//! the row, so that running it again changes nothing.

mod book;
pub mod cell;
pub mod column;
pub mod council;
mod couple;
pub(crate) mod date;
pub mod decisions;
pub mod demo;
mod draft;
pub(crate) mod encoding;
pub mod error;
mod funding;
mod heading;
pub mod homes;
pub(crate) mod id;
pub mod intake;
pub mod labels;
pub mod mapping;
mod name;
mod ods;
pub mod pace;
pub mod people;
pub mod plan;
pub(crate) mod record;
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
pub(crate) fn year(now: proto::id::Time) -> i16 {
    let moment = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default();
    moment.to_zoned(jiff::tz::TimeZone::UTC).year()
}
