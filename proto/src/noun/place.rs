//! The accepted place: the destination home.

use crate::{
    id::{HomeId, PersonId},
    kinds::kinds,
    text::Line,
};

kinds! {
    /// The plans.
    wire enum Plan as "PlacePlans" in "place.ts" {
        /// Accepts a place for the person; requires G1 and G3.
        "accept_place" => Accept { person: PersonId, home: HomeId },
        /// Gives up the place.
        "give_up_place" => GiveUp {
            person: PersonId,
            #[cfg_attr(test, ts(type = "string"))]
            why: Line,
        },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// A place was accepted for a person.
        "place_accepted/1" => Accepted { person: PersonId, home: HomeId },
        /// A place was given up.
        "place_given_up/1" => GivenUp { person: PersonId, why: Line },
    }
}
