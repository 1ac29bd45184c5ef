//! Readiness: declared ready, cleared to leave (G22, G23).

use crate::{id::PersonId, kinds::kinds};

kinds! {
    /// The plans.
    wire enum Plan as "ReadinessPlans" in "readiness.ts" {
        /// Declares the person ready; requires G22.
        "declare_ready" => Declare { person: PersonId },
        /// The door check: requires G22 at the door and G23.
        "clear_to_leave" => Clear { person: PersonId },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// A person was declared ready.
        "service_user_ready/1" => Declared { person: PersonId },
        /// A person was cleared to leave.
        "cleared_to_leave/1" => Cleared { person: PersonId },
    }
}
