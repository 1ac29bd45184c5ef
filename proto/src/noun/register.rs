//! The register of service users (PROCEDURE 3.5).

use serde::{Deserialize, Serialize};

use crate::{
    details::PersonChange,
    id::PersonId,
    identity::IdentifiedBy,
    kinds::kinds,
    text::{Line, Reference},
};

/// A question that an import could not resolve; it is marked and blocks nobody else (G1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "register.ts"))]
#[serde(rename_all = "snake_case")]
pub enum OpenQuestion {
    /// A possible duplicate of another row; a person decides.
    Duplicate,
    /// The NHS number as sent fails its check digit.
    NhsNumber,
    /// No NHS number.
    NhsNumberMissing,
    /// The birth date cannot be parsed.
    BirthDate,
    /// The funding text is unknown or contradicts the records.
    Funding,
    /// The kind of care is unknown.
    Care,
    /// The bedroom is missing, or belongs to another person.
    Bedroom,
}

kinds! {
    /// The plans.
    wire enum Plan as "RegisterPlans" in "register.ts" {
        /// Adds a service user to the register.
        "register_service_user" => Register {
            person: PersonId,
            details: Box<PersonChange>,
            questions: Vec<OpenQuestion>,
        },
        /// Resolves a question left open by the import.
        "settle_question" => SettleQuestion {
            person: PersonId,
            question: OpenQuestion,
            #[cfg_attr(test, ts(type = "string"))]
            why: Line,
        },
        /// Merges two rows of the same person: the only operation that shrinks the register.
        "merge_service_users" => Merge {
            from: PersonId,
            into: PersonId,
            #[cfg_attr(test, ts(type = "string"))]
            why: Line,
        },
        /// Confirms a person on the register by two identifiers (G1).
        "confirm_on_register" => Confirm { person: PersonId, identified_by: Vec<IdentifiedBy> },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// A person was added to the register.
        "service_user_registered/1" => Registered {
            person: PersonId,
            reference: Reference,
            details: Box<PersonChange>,
            questions: Vec<OpenQuestion>,
        },
        /// A question left open by the import was resolved.
        "question_settled/1" => QuestionSettled { person: PersonId, question: OpenQuestion, why: Line },
        /// Two rows were merged; the register shrinks by one.
        "service_users_merged/1" => Merged { from: PersonId, into: PersonId, why: Line },
        /// A person was confirmed on the register.
        "service_user_confirmed/1" => Confirmed { person: PersonId, identified_by: Vec<IdentifiedBy> },
    }
}
