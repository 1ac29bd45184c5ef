//! A row on its way to a person: what was taken, what was read otherwise than sent, what is wrong.

use std::collections::BTreeSet;

use proto::{
    details::PersonChange,
    register::OpenQuestion,
    text::{Line, Short},
};

use super::{
    cell::{Cell, is_invisible},
    column::Field,
    council::CouncilRecords,
    date::Style,
    decisions::{Decisions, Reason},
    mapping::Mapping,
    table::{Row, Table},
};

/// What is wrong with a cell or a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// No NHS number.
    NhsNumberMissing,
    /// An NHS number that fails its check.
    NhsNumber,
    /// A birth date missing or not to be read.
    BirthDate,
    /// Who pays: unknown words, or the records say otherwise.
    Funding,
    /// An unknown word for the kind of care.
    Care,
    /// An unknown word for how somebody moves.
    Mobility,
    /// No name, or one that does not fit.
    Name,
    /// Two people in one row.
    TwoPeople,
    /// The same person as another row, perhaps.
    Duplicate,
    /// No bedroom, or somebody else's.
    Bedroom,
    /// Characters that cannot be seen, or more of them than fit.
    Text,
    /// A telephone number that lost its first digit.
    Telephone,
    /// Fewer cells than columns.
    ShortRow,
    /// The council has no record, or one of somebody else.
    CouncilRecord,
    /// Like another row's person, and taken for somebody else.
    LookAlike,
    /// A value that the spreadsheet works out by a formula.
    Formula,
    /// A year of two digits, or another value of which one reading alone is possible.
    Form,
}

impl FaultKind {
    /// Tells whether this only tells how something was read, and asks nothing of anybody.
    pub const fn only_tells(self) -> bool {
        match self {
            Self::LookAlike | Self::Formula | Self::Form => true,
            Self::NhsNumberMissing
            | Self::NhsNumber
            | Self::BirthDate
            | Self::Funding
            | Self::Care
            | Self::Mobility
            | Self::Name
            | Self::TwoPeople
            | Self::Duplicate
            | Self::Bedroom
            | Self::Text
            | Self::Telephone
            | Self::ShortRow
            | Self::CouncilRecord => false,
        }
    }
}

/// Something a person should look at. Its words never quote a cell; `as_sent` does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault.
    pub kind: FaultKind,
    /// The column.
    pub column: String,
    /// The cell, as sent.
    pub as_sent: Cell,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub advice: String,
    /// The other row, where two may be one.
    pub other: Option<usize>,
    /// What people decided about it.
    pub decided: Option<Decided>,
}

/// A decision of people, as the record keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Who decided.
    pub by: Short,
    /// Why.
    pub reason: Reason,
}

impl Decided {
    /// Returns a decision.
    pub(super) fn of(by: &Short, reason: &Reason) -> Self {
        Self { by: by.clone(), reason: reason.clone() }
    }

    /// Returns the reason with who decided, as one line for the log.
    pub fn line(&self) -> Option<Line> {
        let reason = self.reason.as_str().trim_end_matches('.');
        Line::parse(&format!("{reason}. Decided by: {}", self.by.as_str())).ok()
    }
}

/// Something read otherwise than it was sent. Not a fault; listed so that nothing changes in silence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reading {
    /// The column.
    pub column: String,
    /// The cell, as sent.
    pub as_sent: Cell,
    /// What it was taken as.
    pub taken: Cell,
    /// Whether it is a word with a meaning, and not a value in another form.
    pub is_word: bool,
}

/// Everything a row is read against.
#[derive(Clone, Copy)]
pub(super) struct Against<'a> {
    pub(super) table: &'a Table,
    pub(super) mapping: &'a Mapping,
    pub(super) decisions: &'a Decisions,
    pub(super) council: Option<&'a CouncilRecords>,
    pub(super) dates: Style,
}

/// A row on its way to a person.
pub(super) struct Draft<'a> {
    pub(super) sheet: Against<'a>,
    pub(super) source: &'a Row,
    pub(super) details: PersonChange,
    pub(super) questions: BTreeSet<OpenQuestion>,
    pub(super) faults: Vec<Fault>,
    pub(super) readings: Vec<Reading>,
    /// Lines for the notes: what has no field of its own.
    pub(super) kept: Vec<String>,
    /// Questions that people answered.
    pub(super) settled: Vec<(OpenQuestion, Line)>,
    /// Whether the birth date could be read month first, as another day.
    pub(super) both_ways: bool,
}

impl<'a> Draft<'a> {
    /// Returns a draft with nothing taken.
    pub(super) fn new(sheet: Against<'a>, source: &'a Row) -> Self {
        Self {
            sheet,
            source,
            details: PersonChange::default(),
            questions: BTreeSet::new(),
            faults: Vec::new(),
            readings: Vec::new(),
            kept: Vec::new(),
            settled: Vec::new(),
            both_ways: false,
        }
    }

    /// Returns a cell as sent.
    pub(super) fn raw(&self, field: Field) -> &'a str {
        self.sheet.mapping.text(self.source, field)
    }

    /// Returns the words of a cell without what cannot be seen; `lines` keeps line breaks.
    pub(super) fn clean(&mut self, field: Field, lines: bool) -> String {
        let raw = self.raw(field);
        let is_hidden = |c: char| is_invisible(c) || (c.is_control() && c != '\n' && c != '\t');
        let column = self.sheet.mapping.title(field);
        let is_told = self.faults.iter().any(|f| f.kind == FaultKind::Text && f.column == column);
        if raw.contains(is_hidden) && !is_told {
            let what = "holds characters that cannot be seen or that turn the reading direction; \
                 taken without them";
            self.fault(
                FaultKind::Text,
                field,
                what,
                "Check the words against the provider's papers.",
            );
        }
        let seen = raw.chars().filter(|c| !is_hidden(*c));
        let text: String = seen.map(|c| if c.is_control() && !lines { ' ' } else { c }).collect();
        text.trim().to_owned()
    }

    /// Records a fault of a cell.
    pub(super) fn fault(
        &mut self,
        kind: FaultKind,
        field: Field,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.faults.push(Fault {
            kind,
            column: self.sheet.mapping.title(field).to_owned(),
            as_sent: Cell::new(self.raw(field)),
            what: what.into(),
            advice: advice.into(),
            other: None,
            decided: None,
        });
    }

    /// Records that people decided about the last fault, and the question it answers.
    pub(super) fn decide(&mut self, question: OpenQuestion, decided: Decided) {
        self.settled.extend(decided.line().map(|line| (question, line)));
        if let Some(fault) = self.faults.last_mut() {
            fault.decided = Some(decided);
        }
    }

    /// Records that a cell was read otherwise than sent, when it was.
    pub(super) fn reading(&mut self, field: Field, taken: &str, is_word: bool) {
        let raw = self.raw(field);
        if raw != taken {
            self.readings.push(Reading {
                column: self.sheet.mapping.title(field).to_owned(),
                as_sent: Cell::new(raw),
                taken: Cell::new(taken),
                is_word,
            });
        }
    }

    /// Keeps words in the notes, under their column's name.
    pub(super) fn keep(&mut self, field: Field, text: &str) {
        if !text.is_empty() {
            self.kept.push(format!("{}: {text}", self.sheet.mapping.title(field)));
        }
    }
}
