//! An arrival and its confirmation (G24).

use crate::{id::PersonId, identity::SecondIdentifier, kinds::kinds, text::Line};

kinds! {
    /// The plans.
    wire enum Plan as "ArrivalPlans" in "arrival.ts" {
        /// Confirms an arrival by name, second identifier and spoken handover (G24).
        "confirm_arrival" => Confirm {
            person: PersonId,
            identifier: SecondIdentifier,
            handover_given: bool,
            #[cfg_attr(test, ts(type = "string | null"))]
            on_word_of: Option<Line>,
        },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// An arrival was confirmed; this entry notifies the lead (G25).
        "arrival_confirmed/1" => Confirmed { person: PersonId, identifier: SecondIdentifier, on_word_of: Option<Line> },
    }
}
