//! The shelf: whole documents kept beside the rooms, each replaced as a whole. Not journalled.

use proto::id::Time;
use serde::{Deserialize, Serialize};

/// What kind of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shelf {
    /// Which column means what, as a council last said; by council and headings.
    Mapping,
    /// The directory of homes, and what belongs to it.
    Directory,
    /// A room's door code, by its hash.
    DoorCode,
    /// A device that waits to be let in, by the hash of its secret.
    Asking,
    /// Somebody who may open rooms, by the hash of the link's secret.
    DutyManager,
    /// How often something happened of late, on all nodes together.
    Count,
}

/// How often something happened since its window began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How often.
    pub times: u32,
    /// When the window ends.
    pub until: Time,
}

impl Count {
    /// Returns the count after one more; a window that has ended begins anew.
    pub(crate) fn after_one_more(before: Option<Self>, now: Time, window_ms: i64) -> Self {
        match before.filter(|count| now < count.until) {
            Some(count) => Self { times: count.times.saturating_add(1), ..count },
            None => Self { times: 1, until: now.plus_ms(window_ms) },
        }
    }
}

/// A document as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its bytes.
    pub body: Vec<u8>,
    /// When it was kept.
    pub at: Time,
}

impl Shelf {
    /// Returns the word under which it is kept; never changed.
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
