//! Facts about unknown people: kept for the desk (4.1.3).

use crate::{id::PersonId, kinds::kinds, text::Short};

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// A fact about an unknown person, kept for the desk.
        "unknown_person_reported/1" => Reported { person: PersonId, fact: Short },
    }
}
