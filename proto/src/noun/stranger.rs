//! Facts about somebody whom the room does not know: kept for the desk (4.1.3).

use crate::{id::PersonId, kinds::kinds, text::Short};

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// A fact about somebody whom this room does not know; kept for the desk.
        "unknown_person_reported/1" => Reported { person: PersonId, fact: Short },
    }
}
