//! Whether the needs of a person are assessed (G4).

use crate::{id::PersonId, kinds::kinds};

kinds! {
    /// What may be asked.
    wire enum Plan as "NeedsPlans" in "needs.ts" {
        /// Records that needs are assessed (G4).
        "assess_needs" => Assess { person: PersonId },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// Needs were assessed.
        "needs_assessed/1" => Assessed { person: PersonId },
    }
}
