//! The journey: vehicle, crew, times (G23).

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Time},
    kinds::kinds,
    text::{RowText, Short},
};

/// The plan of a journey (G23).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "journey.ts"))]
#[serde(deny_unknown_fields)]
pub struct Journey {
    /// The vehicle.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub vehicle: Option<Short>,
    /// The crew.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub crew: Option<Short>,
    /// Planned departure.
    pub leaves_at: Option<Time>,
    /// Expected arrival.
    pub arrives_at: Option<Time>,
}

/// A booked journey, as rows show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "journey.ts"))]
pub struct BookedJourney {
    /// The vehicle.
    pub vehicle: Option<RowText>,
    /// The crew.
    pub crew: Option<RowText>,
    /// Planned departure.
    pub leaves_at: Option<Time>,
    /// Expected arrival.
    pub arrives_at: Option<Time>,
}

kinds! {
    /// The plans.
    wire enum Plan as "JourneyPlans" in "journey.ts" {
        /// Books the journey (G23).
        "book_journey" => Book { person: PersonId, journey: Journey },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// A journey was booked.
        "journey_booked/1" => Booked { person: PersonId, journey: Journey },
    }
}
