//! Trouble: something that does not go to plan (PROCEDURE 3.7).

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Seq, Time},
    kinds::kinds,
    text::{Line, RowText},
};

/// What is not going to plan (PROCEDURE 3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "trouble.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The person refuses.
    Refuses,
    /// The person is unwell.
    Unwell,
    /// Family is taking them.
    FamilyTakingThem,
    /// The crew has a problem.
    CrewProblem,
    /// The papers are wrong.
    WrongPapers,
    /// The person is not found. This is also a fact about where they are.
    NotFound,
}

/// Something not going to plan that nobody has answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "trouble.ts"))]
pub struct OpenTrouble {
    /// The entry that reported it.
    pub report: Seq,
    /// What.
    pub trouble: Trouble,
    /// In words.
    pub words: Option<RowText>,
    /// When.
    pub at: Time,
}

kinds! {
    /// What may have happened.
    wire enum Fact as "TroubleFacts" in "trouble.ts" {
        /// Something is not going to plan; `not_found` puts the person under "being confirmed".
        "report_trouble" => Report {
            person: PersonId,
            trouble: Trouble,
            #[cfg_attr(test, ts(type = "string | null"))]
            words: Option<Line>,
        },
        /// Somebody is seeing to it.
        "answer_trouble" => Answer { person: PersonId, report: Seq },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// Something is not going to plan.
        "trouble_reported/1" => Reported { person: PersonId, trouble: Trouble, words: Option<Line> },
        /// Somebody sees to it.
        "trouble_answered/1" => Answered { person: PersonId, report: Seq },
    }
}
