//! Builds the preview that a screen shows.

use std::collections::BTreeMap;

use proto::{
    id::Seq,
    intake::{
        Enrolled, IntakeBecause, IntakeColumn, IntakeCounts, IntakeFate, IntakeNote, IntakePair,
        IntakePerson, IntakePreview, IntakeRow, IntakeSheet, IntakeTop,
    },
};

use super::{List, Mapping, Table};
use crate::{
    cell::is_invisible,
    column::Field,
    decisions::Decisions,
    draft::{Fault, FaultKind},
    mapping::Because,
    people::Fate,
    plan::RowReport,
    table::Form,
    value::UNEXPLAINED,
};

/// Characters shown of a cell; the file has the rest.
const CELL_CHARS_MAX: usize = 120;
/// Values shown of a column.
const SAMPLES: usize = 3;

/// Converts a count to its wire type.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Returns the text of a cell for display: short, and without invisible characters.
pub(super) fn shown(text: &str) -> String {
    let visible = |c: char| if c.is_control() || is_invisible(c) { '·' } else { c };
    let text: String = text.trim().chars().map(visible).collect();
    if text.chars().count() <= CELL_CHARS_MAX {
        return text;
    }
    text.chars().take(CELL_CHARS_MAX).chain(['…']).collect()
}

/// Returns what is known from the file alone.
pub(super) fn of_file(list: &List, head: Seq) -> IntakePreview {
    let mut preview = IntakePreview { head, ..IntakePreview::default() };
    match &list.form {
        Form::Text { encoding, separator } => {
            let between = match separator {
                ',' => "commas",
                ';' => "semicolons",
                '\t' => "tabs",
                _ => "bars",
            };
            preview.form = format!("Text ({encoding}), separated by {between}");
        }
        Form::Book { kind, sheet, sheets, has_macros } => {
            (*kind).clone_into(&mut preview.form);
            preview.has_macros = *has_macros;
            preview.sheets = sheets
                .iter()
                .map(|listed| IntakeSheet {
                    name: shown(&listed.name),
                    is_hidden: listed.is_hidden,
                    rows: number(listed.rows),
                    is_taken: listed.name == *sheet,
                })
                .collect();
        }
    }
    let top =
        list.top.iter().map(|(row, cells)| IntakeTop { row: number(*row), cells: cells.clone() });
    preview.top = top.collect();
    preview
}

/// Adds the columns.
pub(super) fn columns(preview: &mut IntakePreview, table: &Table, mapping: &Mapping) {
    preview.header_row = Some(number(table.header_row));
    preview.top.retain(|top| top.row <= number(table.header_row));
    let columns = mapping.columns.iter().enumerate().map(|(place, column)| {
        let cells =
            table.rows.iter().map(|row| row.cell(place)).filter(|cell| !cell.trim().is_empty());
        let formulas = table.rows.iter().filter(|row| row.formulas.contains(&place)).count();
        let because = match column.because {
            Because::Said if preview.is_remembered => IntakeBecause::Remembered,
            Because::Said => IntakeBecause::Said,
            Because::Name => IntakeBecause::Name,
            Because::Contents => IntakeBecause::Contents,
            Because::NotKnown => IntakeBecause::NotKnown,
            Because::Taken => IntakeBecause::Taken,
            Because::Hidden => IntakeBecause::Hidden,
        };
        IntakeColumn {
            name: shown(&column.name),
            field: column.field.map(|field| field.word().to_owned()),
            because,
            samples: cells.take(SAMPLES).map(shown).collect(),
            formulas: number(formulas),
        }
    });
    preview.columns = columns.collect();
}

/// Returns a row before it is compared with the room.
pub(super) fn row(report: &RowReport, mapping: &Mapping) -> IntakeRow {
    let (details, questions) = match &report.fate {
        Fate::Taken { details, questions, .. } | Fate::Merged { details, questions, .. } => {
            (Some(details), questions.clone())
        }
        Fate::NotAPerson { .. } => (None, Vec::new()),
    };
    IntakeRow {
        row: number(report.row),
        is_second: report.is_second,
        name: details.and_then(|details| details.name.clone()),
        date_of_birth: details.and_then(|details| details.date_of_birth.clone()),
        bedroom: details.and_then(|details| details.bedroom.clone()),
        fate: IntakeFate::New,
        notes: report
            .faults
            .iter()
            .filter(|fault| is_told(fault))
            .map(|fault| note(fault, mapping))
            .collect(),
        questions,
        pair: None,
        asks: false,
    }
}

/// Returns whether a fault is shown at its row: unexplained words are listed once for the whole list, and
/// pairs are shown side by side.
fn is_told(fault: &Fault) -> bool {
    fault.what != UNEXPLAINED
        && fault.decided.is_none()
        && !matches!(fault.kind, FaultKind::Duplicate | FaultKind::LookAlike)
        && !(fault.kind == FaultKind::Funding && fault.as_sent.is_blank())
        && !(fault.kind == FaultKind::Care && fault.as_sent.is_blank())
}

fn note(fault: &Fault, mapping: &Mapping) -> IntakeNote {
    let is_filled = |field| mapping.has(field);
    // A gap in the whole list is shown on each row, but needs no action on each row.
    let is_lacking = match fault.kind {
        FaultKind::NhsNumberMissing => !is_filled(Field::NhsNumber),
        FaultKind::BirthDate => !is_filled(Field::BirthDate),
        FaultKind::Bedroom => !is_filled(Field::Room),
        FaultKind::NhsNumber
        | FaultKind::Funding
        | FaultKind::Care
        | FaultKind::Mobility
        | FaultKind::Name
        | FaultKind::TwoPeople
        | FaultKind::Duplicate
        | FaultKind::Text
        | FaultKind::Telephone
        | FaultKind::ShortRow
        | FaultKind::CouncilRecord
        | FaultKind::LookAlike
        | FaultKind::Formula
        | FaultKind::Form => false,
    };
    IntakeNote {
        column: shown(&fault.column),
        as_sent: shown(fault.as_sent.as_str()),
        what: fault.what.clone(),
        advice: fault.advice.clone(),
        only_tells: is_lacking || fault.kind.only_tells(),
    }
}

/// Returns each row's person, for display beside another row.
pub(super) fn names(reports: &[RowReport]) -> BTreeMap<usize, IntakePair> {
    let firsts = reports.iter().filter(|report| !report.is_second);
    let pairs = firsts.filter_map(|report| {
        let (Fate::Taken { details, .. } | Fate::Merged { details, .. }) = &report.fate else {
            return None;
        };
        let pair = IntakePair {
            row: Some(number(report.row)),
            person: None,
            name: details.name.clone(),
            date_of_birth: details.date_of_birth.clone(),
            bedroom: details.bedroom.clone(),
            why: String::new(),
            is_one: None,
        };
        Some((report.row, pair))
    });
    pairs.collect()
}

/// Returns the other row that may be the same person.
pub(super) fn pair(
    report: &RowReport,
    names: &BTreeMap<usize, IntakePair>,
    decisions: &Decisions,
) -> Option<IntakePair> {
    if let Fate::Merged { into_row, .. } = &report.fate {
        let why = "You said that these rows are one person.".to_owned();
        return Some(IntakePair { why, is_one: Some(true), ..names.get(into_row)?.clone() });
    }
    if let Some(other) = decisions.distinct.iter().find(|d| d.rows.first() == Some(&report.row)) {
        let why = "You said that these rows are two people.".to_owned();
        let row = other.rows.iter().find(|row| **row != report.row)?;
        return Some(IntakePair { why, is_one: Some(false), ..names.get(row)?.clone() });
    }
    let is_pair = |fault: &&Fault| {
        matches!(fault.kind, FaultKind::Duplicate | FaultKind::LookAlike) && fault.decided.is_none()
    };
    let fault = report.faults.iter().find(is_pair)?;
    let other = fault.other?;
    let is_settled = fault.kind == FaultKind::LookAlike;
    let why = if is_settled {
        format!("These rows look alike. They are treated as two people: {}.", fault.what)
    } else {
        format!("This may be one person twice: {}.", fault.what)
    };
    Some(IntakePair { why, ..names.get(&other)?.clone() })
}

/// Returns a person of the room, for display beside a row.
pub(super) fn pair_in_room(person: &Enrolled, why: &str, is_one: Option<bool>) -> IntakePair {
    IntakePair {
        row: None,
        person: Some(person.person),
        name: person.details.name.clone(),
        date_of_birth: person.details.date_of_birth.clone(),
        bedroom: person.details.bedroom.clone(),
        why: why.to_owned(),
        is_one,
    }
}

/// Returns a person of the room for display.
pub(super) fn person(person: &Enrolled) -> IntakePerson {
    IntakePerson {
        person: person.person,
        reference: person.reference.clone(),
        name: person.details.name.clone(),
        date_of_birth: person.details.date_of_birth.clone(),
        bedroom: person.details.bedroom.clone(),
        place: person.place,
    }
}

/// Counts the outcomes of the rows.
pub(super) fn count(preview: &mut IntakePreview, table: &Table) {
    let mut counts = IntakeCounts {
        blank: number(table.blank_rows),
        above: number(table.rows_above),
        ..IntakeCounts::default()
    };
    for row in &preview.rows {
        counts.register += u32::from(row.fate == IntakeFate::New);
        counts.asks += u32::from(row.asks);
        if let IntakeFate::Changed { fields, .. } = &row.fate {
            counts.differences += number(fields.iter().filter(|field| field.take).count());
        }
        if row.is_second {
            counts.seconds += 1;
            continue;
        }
        counts.rows += 1;
        let slot = match &row.fate {
            IntakeFate::New => &mut counts.new,
            IntakeFate::Known { .. } => &mut counts.known,
            IntakeFate::Changed { .. } => &mut counts.changed,
            IntakeFate::Double { .. } => &mut counts.doubles,
            IntakeFate::Nobody { .. } => &mut counts.nobody,
            IntakeFate::LeftOut => &mut counts.left_out,
            IntakeFate::Hidden => &mut counts.hidden,
        };
        *slot += 1;
    }
    preview.counts = counts;
}
