//! Identity: how it is checked, and when (G1, G22, G24).

use serde::{Deserialize, Serialize};

use crate::{
    id::PersonId,
    kinds::kinds,
    text::{BirthDate, NhsNumber, PersonName, Short},
};

/// When identity is checked (G22).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "identity.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Before "ready".
    Ready,
    /// At the door.
    Door,
    /// On arrival.
    Arrival,
}

/// How a second identifier was checked (G22, G24). Similarity never counts as a match (R42).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "identity.ts"))]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum SecondIdentifier {
    /// The birth date, as stated by the person or a document.
    DateOfBirth {
        /// The date.
        date: BirthDate,
    },
    /// The NHS number.
    NhsNumber {
        /// The number.
        number: NhsNumber,
    },
    /// The code on the wristband.
    Wristband {
        /// The code.
        #[cfg_attr(test, ts(type = "string"))]
        code: Short,
    },
    /// A photograph on the record.
    Photograph,
    /// A carer who knows the person, and the birth date.
    Carer {
        /// The carer's name.
        #[cfg_attr(test, ts(type = "string"))]
        carer: PersonName,
        /// The date.
        date: BirthDate,
    },
}

/// An identifier that confirmed a person on the register (G1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "identity.ts"))]
#[serde(rename_all = "snake_case")]
pub enum IdentifiedBy {
    /// Name.
    Name,
    /// Birth date.
    DateOfBirth,
    /// NHS number.
    NhsNumber,
    /// Wristband.
    Wristband,
    /// Photograph.
    Photograph,
    /// Bedroom.
    Bedroom,
}

kinds! {
    /// The facts.
    wire enum Fact as "IdentityFacts" in "identity.ts" {
        /// Identity was checked; the server determines whether it matched and records either result.
        "check_identity" => Check { person: PersonId, moment: Moment, identifier: SecondIdentifier },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// Identity was checked. A mismatch is a near miss.
        "identity_checked/1" => Checked {
            person: PersonId,
            moment: Moment,
            identifier: SecondIdentifier,
            matched: bool,
        },
    }
}
