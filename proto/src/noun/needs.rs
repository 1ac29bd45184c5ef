//! Whether a person's needs are assessed (G4).

use crate::{id::PersonId, kinds::kinds};

kinds! {
    /// The plans.
    wire enum Plan as "NeedsPlans" in "needs.ts" {
        /// Records that needs are assessed (G4).
        "assess_needs" => Assess { person: PersonId },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// Needs were assessed.
        "needs_assessed/1" => Assessed { person: PersonId },
    }
}
