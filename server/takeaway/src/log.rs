//! The log as people read it: its columns. A struck line stays, and says what took its place.

use proto::export::LogEntry;

use super::{cell::Cell, column::Column, people::words};

/// The columns of the log.
pub(crate) const LOG: &[Column<LogEntry>] = &[
    Column { head: "entry_no", width: 9, cell: |l| Cell::Number(l.line.seq.0) },
    Column { head: "happened", width: 17, cell: |l| Cell::At(l.line.at) },
    Column { head: "recorded", width: 17, cell: |l| Cell::At(l.line.recorded) },
    Column { head: "late_reason", width: 24, cell: |l| words(l.line.late_reason.as_ref()) },
    Column { head: "claimed_time", width: 17, cell: |l| Cell::at(l.line.claimed_at) },
    Column { head: "by", width: 22, cell: |l| Cell::text(l.by.as_str()) },
    Column { head: "person_ref", width: 11, cell: reference },
    Column { head: "text", width: 60, cell: |l| Cell::text(l.line.text.as_str()) },
    Column { head: "alarm", width: 8, cell: |l| Cell::yes(l.line.alarm.is_some()) },
    Column { head: "struck", width: 8, cell: |l| Cell::yes(l.line.corrected_by.is_some()) },
    Column { head: "corrected_by_entry", width: 9, cell: |l| entry(l.line.corrected_by) },
    Column { head: "correction", width: 60, cell: |l| correction(l) },
    Column { head: "corrects_entry", width: 9, cell: |l| entry(l.line.corrects) },
];

fn reference(line: &LogEntry) -> Cell {
    line.reference.as_ref().map_or(Cell::Empty, |reference| Cell::text(reference.as_str()))
}

fn correction(line: &LogEntry) -> Cell {
    line.correction.as_ref().map_or(Cell::Empty, |words| Cell::text(words.as_str()))
}

fn entry(seq: Option<proto::id::Seq>) -> Cell {
    seq.map_or(Cell::Empty, |seq| Cell::Number(seq.0))
}
