//! The live rooms: one writer task per open room, frames encoded once per audience, and cursors
//! instead of queues.
//!
//! Invariant of this crate: no byte of an entry leaves before its commit returned (I-4), and
//! nothing is shown that was not written.

mod archive;
mod author;
mod clock;
mod delivery;
mod error;
mod figures;
mod follower;
mod frames;
mod heard;
mod hub;
mod inquiry;
mod live;
mod measure;
mod open;
#[cfg(test)]
mod poison;
mod presence;
mod ring;
mod time;
mod timers;
mod unread;
mod witness;
mod write;

pub use archive::{Archive, Folded};
pub use author::Author;
pub use clock::Clock;
pub use delivery::{Delivered, Delivery};
pub use error::{Ended, Error};
pub use figures::{Became, Figures, Lag, Totals};
pub use follower::{Follower, Join, Step};
pub use frames::Snapshot;
pub use hub::Hub;
pub use measure::{Counts, Histogram, Spread};
pub use presence::Attendance;
pub use witness::{Answered, Leg, Sighting, Witness};
