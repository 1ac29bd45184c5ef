//! The register: who is on it (PROCEDURE 3.5).

use serde::{Deserialize, Serialize};

use crate::{
    details::PersonChange,
    id::PersonId,
    identity::IdentifiedBy,
    kinds::kinds,
    text::{Line, Reference},
};

/// What an import could not settle; it is marked and blocks nobody else (G1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "register.ts"))]
#[serde(rename_all = "snake_case")]
pub enum OpenQuestion {
    /// May be the same person as another row: a person decides.
    Duplicate,
    /// The NHS number as sent fails its check.
    NhsNumber,
    /// No NHS number.
    NhsNumberMissing,
    /// The birth date cannot be read.
    BirthDate,
    /// The funding words are unknown, or contradict the records.
    Funding,
    /// The kind of care is unknown.
    Care,
    /// The bedroom is missing, or somebody else's.
    Bedroom,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "RegisterPlans" in "register.ts" {
        /// Puts a service user on the register.
        "register_service_user" => Register {
            person: PersonId,
            details: Box<PersonChange>,
            questions: Vec<OpenQuestion>,
        },
        /// Answers a question the import left open.
        "settle_question" => SettleQuestion {
            person: PersonId,
            question: OpenQuestion,
            #[cfg_attr(test, ts(type = "string"))]
            why: Line,
        },
        /// Records that two rows are one person: the only thing that lowers the register.
        "merge_service_users" => Merge {
            from: PersonId,
            into: PersonId,
            #[cfg_attr(test, ts(type = "string"))]
            why: Line,
        },
        /// Confirms somebody on the register by two identifiers (G1).
        "confirm_on_register" => Confirm { person: PersonId, identified_by: Vec<IdentifiedBy> },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// Somebody was put on the register.
        "service_user_registered/1" => Registered {
            person: PersonId,
            reference: Reference,
            details: Box<PersonChange>,
            questions: Vec<OpenQuestion>,
        },
        /// A question the import left open was answered.
        "question_settled/1" => QuestionSettled { person: PersonId, question: OpenQuestion, why: Line },
        /// Two rows were one person; the register is one lower.
        "service_users_merged/1" => Merged { from: PersonId, into: PersonId, why: Line },
        /// Somebody was confirmed on the register.
        "service_user_confirmed/1" => Confirmed { person: PersonId, identified_by: Vec<IdentifiedBy> },
    }
}
