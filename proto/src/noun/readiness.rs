//! Readiness: declared ready, cleared to leave (G22, G23).

use crate::{id::PersonId, kinds::kinds};

kinds! {
    /// What may be asked.
    wire enum Plan as "ReadinessPlans" in "readiness.ts" {
        /// Declares the person ready; asks G22.
        "declare_ready" => Declare { person: PersonId },
        /// The door check: asks G22 at the door and G23.
        "clear_to_leave" => Clear { person: PersonId },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// Somebody was declared ready.
        "service_user_ready/1" => Declared { person: PersonId },
        /// Somebody was cleared to leave.
        "cleared_to_leave/1" => Cleared { person: PersonId },
    }
}
