//! The named social worker (G3).

use crate::{
    id::{MemberId, PersonId},
    kinds::kinds,
};

kinds! {
    /// The plans.
    wire enum Plan as "WorkerPlans" in "worker.ts" {
        /// Names the social worker, or nobody (G3).
        "name_worker" => Name { person: PersonId, worker: Option<MemberId> },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// The named social worker was set.
        "worker_named/1" => Named { person: PersonId, worker: Option<MemberId> },
    }
}
