//! The level of concern about a person (R46).

use serde::{Deserialize, Serialize};

use crate::{id::PersonId, kinds::kinds, text::Line};

/// The level of concern about a person. A rating has a reason (R46).
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
    /// The plans.
    wire enum Plan as "RatingPlans" in "rating.ts" {
        /// Rates a person, with the reason (R46).
        "rate" => Rate {
            person: PersonId,
            rating: Rating,
            #[cfg_attr(test, ts(type = "string"))]
            reason: Line,
        },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// A person was rated.
        "service_user_rated/1" => Rated { person: PersonId, rating: Rating, reason: Line },
    }
}
