//! Whereabouts: facts about where a person is (PROCEDURE 4.1.3).

use serde::{Deserialize, Serialize};

use crate::{
    id::{HomeId, PersonId},
    kinds::kinds,
    text::{Line, Short},
};

/// Where a person was found, or was taken back to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "whereabouts.ts"))]
#[serde(tag = "place", rename_all = "snake_case", deny_unknown_fields)]
pub enum FoundAt {
    /// At the failing home.
    AtTheHome,
    /// On the way.
    OnTheWay,
    /// At a receiving home.
    Arrived {
        /// The home.
        home: HomeId,
    },
    /// In hospital.
    InHospital,
    /// With family.
    WithFamily,
    /// Dead.
    Died,
}

kinds! {
    /// The facts.
    wire enum Fact as "WhereaboutsFacts" in "whereabouts.ts" {
        /// Left the home.
        "depart_service_user" => Depart {
            person: PersonId,
            home: Option<HomeId>,
            #[cfg_attr(test, ts(type = "string | null"))]
            vehicle: Option<Short>,
        },
        /// Arrived at a home.
        "arrive_service_user" => Arrive { person: PersonId, home: Option<HomeId> },
        /// Came back to the failing home, or turned back on the way.
        "return_service_user" => Return { person: PersonId },
        /// Was taken to hospital.
        "take_to_hospital" => TakeToHospital {
            person: PersonId,
            #[cfg_attr(test, ts(type = "string | null"))]
            hospital: Option<Short>,
        },
        /// Has gone with family.
        "go_with_family" => GoWithFamily {
            person: PersonId,
            #[cfg_attr(test, ts(type = "string | null"))]
            with: Option<Short>,
        },
        /// Died.
        "record_death" => Die { person: PersonId },
        /// The family was informed of a death (R51).
        "tell_family_of_death" => TellFamily { person: PersonId },
        /// Was found; also resolves contradicting facts.
        "find_service_user" => Find {
            person: PersonId,
            at: FoundAt,
            #[cfg_attr(test, ts(type = "string | null"))]
            words: Option<Line>,
        },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// Left the home.
        "service_user_departed/1" => Departed { person: PersonId, home: Option<HomeId>, vehicle: Option<Short> },
        /// Arrived.
        "service_user_arrived/1" => Arrived { person: PersonId, home: Option<HomeId> },
        /// Came back to the home, or turned back.
        "service_user_returned/1" => Returned { person: PersonId },
        /// Taken to hospital.
        "taken_to_hospital/1" => TakenToHospital { person: PersonId, hospital: Option<Short> },
        /// Gone with family.
        "gone_with_family/1" => GoneWithFamily { person: PersonId, with: Option<Short> },
        /// Died.
        "service_user_died/1" => Died { person: PersonId },
        /// The family was informed of the death.
        "family_told_of_death/1" => FamilyTold { person: PersonId },
        /// Was found; also resolves contradicting facts.
        "service_user_found/1" => Found { person: PersonId, at: FoundAt, words: Option<Line> },
    }
}
