//! Turns a provider's list, in the form in which it arrives, into commands for a room.
//!
//! Invariant of this crate: it is pure. Bytes go in; a [`plan::Plan`] comes out, with a report for people and
//! the commands to send. Nothing is fixed silently: every converted value is listed, and anything that cannot
//! be settled is marked on the person and holds up nobody else (PROCEDURE 3.5, G1). Ids are derived from the
//! room, the file and the row, so a repeated import changes nothing.

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
