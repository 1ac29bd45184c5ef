//! An arrival and its confirmation (G24).

use crate::{id::PersonId, identity::SecondIdentifier, kinds::kinds, text::Line};

kinds! {
    /// What may be asked.
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
    /// What happened, as the journal keeps it.
    enum Event {
        /// An arrival was confirmed; the lead is told by this entry (G25).
        "arrival_confirmed/1" => Confirmed { person: PersonId, identifier: SecondIdentifier, on_word_of: Option<Line> },
    }
}
