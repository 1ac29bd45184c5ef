//! How worried the room is about somebody (R46).

use serde::{Deserialize, Serialize};

use crate::{id::PersonId, kinds::kinds, text::Line};

/// How worried the room is about somebody. A rating has a reason (R46).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "rating.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// At risk.
    AtRisk,
    /// Watch.
    Watch,
    /// On track.
    OnTrack,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "RatingPlans" in "rating.ts" {
        /// Rates somebody, with the reason (R46).
        "rate" => Rate {
            person: PersonId,
            rating: Rating,
            #[cfg_attr(test, ts(type = "string"))]
            reason: Line,
        },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// Somebody was rated.
        "service_user_rated/1" => Rated { person: PersonId, rating: Rating, reason: Line },
    }
}
