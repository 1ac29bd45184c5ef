//! A row while it is read: the values taken, the values converted, and the faults found.

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

/// The kind of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// No NHS number.
    NhsNumberMissing,
    /// An NHS number that fails the check digit.
    NhsNumber,
    /// A birth date that is missing or cannot be parsed.
    BirthDate,
    /// The funding source: unknown words, or a conflict with the records.
    Funding,
    /// An unknown word for the kind of care.
    Care,
    /// An unknown word for mobility.
    Mobility,
    /// A name that is missing or too long.
    Name,
    /// Two people in one row.
    TwoPeople,
    /// Possibly the same person as another row.
    Duplicate,
    /// A bedroom that is missing or taken by another row.
    Bedroom,
    /// Invisible characters, or more text than fits.
    Text,
    /// A telephone number that lost its leading zero.
    Telephone,
    /// Fewer cells than columns.
    ShortRow,
    /// No council record, or a record of a different person.
    CouncilRecord,
    /// Similar to another row, but treated as a different person.
    LookAlike,
    /// A value computed by a formula.
    Formula,
    /// A two-digit year, or another value with only one possible reading.
    Form,
}

impl FaultKind {
    /// Returns whether this fault only informs and needs no action.
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

/// Something for a person to check. Its text never quotes a cell; `as_sent` does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The kind of fault.
    pub kind: FaultKind,
    /// The column.
    pub column: String,
    /// The cell, as sent.
    pub as_sent: Cell,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub advice: String,
    /// The other row, if two rows may be one person.
    pub other: Option<usize>,
    /// The decision about it.
    pub decided: Option<Decided>,
}

/// A decision, as recorded.
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

    /// Formats the reason and who decided as one line for the log.
    pub fn line(&self) -> Option<Line> {
        let reason = self.reason.as_str().trim_end_matches('.');
        Line::parse(&format!("{reason}. Decided by: {}", self.by.as_str())).ok()
    }
}

/// A value that was converted when read. Not a fault; listed so that nothing changes silently.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reading {
    /// The column.
    pub column: String,
    /// The cell, as sent.
    pub as_sent: Cell,
    /// The value as taken.
    pub taken: Cell,
    /// Whether it is a word with a meaning, rather than a value in another format.
    pub is_word: bool,
}

/// The context that a row is read against.
#[derive(Clone, Copy)]
pub(super) struct Against<'a> {
    pub(super) table: &'a Table,
    pub(super) mapping: &'a Mapping,
    pub(super) decisions: &'a Decisions,
    pub(super) council: Option<&'a CouncilRecords>,
    pub(super) dates: Style,
}

/// A row while it is read.
pub(super) struct Draft<'a> {
    pub(super) sheet: Against<'a>,
    pub(super) source: &'a Row,
    pub(super) details: PersonChange,
    pub(super) questions: BTreeSet<OpenQuestion>,
    pub(super) faults: Vec<Fault>,
    pub(super) readings: Vec<Reading>,
    /// Lines for the notes: values that have no field of their own.
    pub(super) kept: Vec<String>,
    /// Questions answered by decisions.
    pub(super) settled: Vec<(OpenQuestion, Line)>,
    /// Whether the birth date is also valid with the month first, as another day.
    pub(super) both_ways: bool,
}

impl<'a> Draft<'a> {
    /// Returns an empty draft.
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

    /// Returns the text of a cell without invisible characters; `lines` keeps line breaks.
    pub(super) fn clean(&mut self, field: Field, lines: bool) -> String {
        let raw = self.raw(field);
        let is_hidden = |c: char| is_invisible(c) || (c.is_control() && c != '\n' && c != '\t');
        let column = self.sheet.mapping.title(field);
        let is_told = self.faults.iter().any(|f| f.kind == FaultKind::Text && f.column == column);
        if raw.contains(is_hidden) && !is_told {
            let what = "contains characters that are invisible or change the reading direction; \
                 they were removed";
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

    /// Records a fault in a cell.
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

    /// Attaches a decision to the last fault, and records the question that it answers.
    pub(super) fn decide(&mut self, question: OpenQuestion, decided: Decided) {
        self.settled.extend(decided.line().map(|line| (question, line)));
        if let Some(fault) = self.faults.last_mut() {
            fault.decided = Some(decided);
        }
    }

    /// Records that a cell was converted, if its value changed.
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

    /// Keeps text in the notes under its column name.
    pub(super) fn keep(&mut self, field: Field, text: &str) {
        if !text.is_empty() {
            self.kept.push(format!("{}: {text}", self.sheet.mapping.title(field)));
        }
    }
}
