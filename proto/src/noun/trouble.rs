//! Trouble: a deviation from plan (PROCEDURE 3.7).

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Seq, Time},
    kinds::kinds,
    text::{Line, RowText},
};

/// The kind of deviation (PROCEDURE 3.7).
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
    /// The person was not found. This is also a fact about their whereabouts.
    NotFound,
}

/// An unanswered report of trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "trouble.ts"))]
pub struct OpenTrouble {
    /// The entry that reported it.
    pub report: Seq,
    /// The kind.
    pub trouble: Trouble,
    /// Details.
    pub words: Option<RowText>,
    /// When.
    pub at: Time,
}

kinds! {
    /// The facts.
    wire enum Fact as "TroubleFacts" in "trouble.ts" {
        /// Reports trouble; `not_found` puts the person under "being confirmed".
        "report_trouble" => Report {
            person: PersonId,
            trouble: Trouble,
            #[cfg_attr(test, ts(type = "string | null"))]
            words: Option<Line>,
        },
        /// Answers a report.
        "answer_trouble" => Answer { person: PersonId, report: Seq },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// Trouble was reported.
        "trouble_reported/1" => Reported { person: PersonId, trouble: Trouble, words: Option<Line> },
        /// A report was answered.
        "trouble_answered/1" => Answered { person: PersonId, report: Seq },
    }
}
