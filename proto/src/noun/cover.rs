//! Cover: one member acts in the roles of another (R43).

use crate::{id::MemberId, kinds::kinds};

kinds! {
    /// What may be asked.
    wire enum Plan as "CoverPlans" in "cover.ts" {
        /// Covers for a member: their roles too, until they are back or twelve hours have passed (R43).
        "take_cover" => Take { member: MemberId },
        /// Ends a cover.
        "end_cover" => End { member: MemberId, by: MemberId },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// A member covers for another.
        "cover_taken/1" => Taken { member: MemberId, by: MemberId },
        /// A cover ended; by itself when its time was over.
        "cover_ended/1" => Ended { member: MemberId, by: MemberId, timed_out: bool },
    }
}
