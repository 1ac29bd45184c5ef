//! The shelf: whole documents stored beside the rooms, each replaced as a whole. Not journalled.

use proto::id::Time;
use serde::{Deserialize, Serialize};

/// The kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shelf {
    /// A council's last mapping of columns, by council and headings.
    Mapping,
    /// The directory of homes, and its parts.
    Directory,
    /// A room's door code, keyed by its hash.
    DoorCode,
    /// A device waiting to be let in, keyed by the hash of its secret.
    Asking,
    /// A person who may open rooms, keyed by the hash of the link's secret.
    DutyManager,
    /// A rate counter shared by all nodes.
    Count,
}

/// A count of events within a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The number of events.
    pub times: u32,
    /// The end of the window.
    pub until: Time,
}

impl Count {
    /// Returns the count after one more event; an expired window starts again.
    pub(crate) fn after_one_more(before: Option<Self>, now: Time, window_ms: i64) -> Self {
        match before.filter(|count| now < count.until) {
            Some(count) => Self { times: count.times.saturating_add(1), ..count },
            None => Self { times: 1, until: now.plus_ms(window_ms) },
        }
    }
}

/// A stored document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its bytes.
    pub body: Vec<u8>,
    /// When it was stored.
    pub at: Time,
}

impl Shelf {
    /// Returns the name it is stored under; never changed.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Mapping => "mapping",
            Self::Directory => "directory",
            Self::DoorCode => "door_code",
            Self::Asking => "asking",
            Self::DutyManager => "duty_manager",
            Self::Count => "count",
        }
    }
}
