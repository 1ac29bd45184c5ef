//! Cover: one member acts in the roles of another (R43).

use crate::{id::MemberId, kinds::kinds};

kinds! {
    /// The plans.
    wire enum Plan as "CoverPlans" in "cover.ts" {
        /// Covers for a member: grants their roles until they return or twelve hours have passed (R43).
        "take_cover" => Take { member: MemberId },
        /// Ends a cover.
        "end_cover" => End { member: MemberId, by: MemberId },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// A member covers for another.
        "cover_taken/1" => Taken { member: MemberId, by: MemberId },
        /// A cover ended; `timed_out` if it expired.
        "cover_ended/1" => Ended { member: MemberId, by: MemberId, timed_out: bool },
    }
}
