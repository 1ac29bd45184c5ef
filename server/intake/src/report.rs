//! The report of a dry run, for people: what was read, the faults of each row, the commands to send.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{Result, Write},
};

use proto::{command::Command, nouns, register};

use super::{
    cell::{Cell, capital, fold, is_invisible},
    column::Field,
    draft::{Fault, Reading},
    mapping::{Because, Column},
    people::Fate,
    plan::{Plan, RowReport},
    table::Form,
    value::UNEXPLAINED,
};

/// Rows listed for a fault that many rows share.
const ROWS_LISTED_MAX: usize = 12;
/// Characters shown of a cell.
const CELL_CHARS_MAX: usize = 60;

/// Returns the report.
pub(super) fn text(plan: &Plan) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let written = [head, columns, faults, readings, nobody, records, decisions, foot]
        .into_iter()
        .try_for_each(|part| part(plan, &mut out));
    debug_assert!(written.is_ok(), "a string takes everything");
    out
}

/// Writes the summary of what was read.
fn head(plan: &Plan, out: &mut String) -> Result {
    let table = &plan.table;
    let blank = table.blank_rows;
    writeln!(out, "{}", plan.file)?;
    writeln!(
        out,
        "  {} rows read, {} with people, {blank} blank",
        plan.rows_read, plan.people_rows
    )?;
    let merged = plan.people_rows.saturating_sub(plan.people);
    writeln!(out, "  {} people on the register after {} merged", plan.people, rows(merged))?;
    writeln!(out, "  {}, column names in row {}", form(&table.form), table.header_row)?;
    if let Form::Book { sheets, sheet, has_macros, .. } = &table.form {
        for other in sheets.iter().filter(|other| other.name != *sheet) {
            let hidden = if other.is_hidden { ", hidden" } else { "" };
            writeln!(out, "  NOT READ: the sheet {:?}{hidden}, {} rows", other.name, other.rows)?;
        }
        if *has_macros {
            writeln!(out, "  The file carries a program (macros); nothing of it was run")?;
        }
    }
    Ok(())
}

/// Describes the format of a file.
fn form(form: &Form) -> String {
    match form {
        Form::Text { encoding, separator } => {
            let separator = match separator {
                ',' => "commas",
                ';' => "semicolons",
                '\t' => "tabs",
                _ => "bars",
            };
            format!("{encoding}, separated by {separator}")
        }
        Form::Book { kind, sheet, .. } => format!("{kind}, the sheet {sheet:?}"),
    }
}

/// Formats a count of rows.
fn rows(count: usize) -> String {
    if count == 1 { "1 row is".to_owned() } else { format!("{count} rows are") }
}

/// Writes the column mapping.
fn columns(plan: &Plan, out: &mut String) -> Result {
    writeln!(out, "\nColumns")?;
    let width = plan.mapping.columns.iter().map(|c| c.name.chars().count()).max().unwrap_or(0);
    for Column { name, field, because } in &plan.mapping.columns {
        let fills = if *because == Because::Hidden {
            "NOT TAKEN: hidden in the spreadsheet (map it with --map)"
        } else {
            field.map_or("NOT TAKEN: fills no field (map it with --map)", Field::word)
        };
        writeln!(out, "  {name:width$}  {fills}")?;
    }
    Ok(())
}

/// Writes the faults, grouped by kind and cell.
fn faults(plan: &Plan, out: &mut String) -> Result {
    let mut groups: BTreeMap<String, (&Fault, Vec<usize>)> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    for (row, fault) in plan.faults() {
        let key = group(row, fault);
        if !groups.contains_key(&key) {
            order.push(key.clone());
        }
        groups.entry(key).or_insert((fault, Vec::new())).1.push(row.row);
    }
    let open = |fault: &Fault| fault.decided.is_none() && !fault.kind.only_tells();
    let count = plan.faults().filter(|(_, fault)| open(fault)).count();
    let settled = plan.faults().filter(|(_, fault)| fault.decided.is_some()).count();
    writeln!(out, "\nFaults: {count} for a person to settle, {settled} decided")?;
    // Unexplained words are many and alike; faults of a single person come first.
    order.sort_by_key(|key| groups.get(key).is_some_and(|(fault, _)| fault.what == UNEXPLAINED));
    for (fault, rows) in order.iter().filter_map(|key| groups.get(key)) {
        let sent = shown(&fault.as_sent);
        writeln!(out, "  {}  {}: {sent} {}", listed(rows), fault.column, fault.what)?;
        if let Some(decided) = &fault.decided {
            let (reason, by) = (decided.reason.as_str(), decided.by.as_str());
            writeln!(out, "      Decided by {by}: {reason}")?;
        } else {
            writeln!(out, "      To do: {}", fault.advice)?;
        }
    }
    Ok(())
}

/// Returns the grouping key of a fault: many rows may use the same word.
fn group(row: &RowReport, fault: &Fault) -> String {
    let own = if fault.decided.is_some() { row.row } else { 0 };
    format!("{:?} {} {} {} {own}", fault.kind, fault.column, fault.as_sent.as_str(), fault.what)
}

/// Formats row numbers.
fn listed(rows: &[usize]) -> String {
    let shown: Vec<String> = rows.iter().take(ROWS_LISTED_MAX).map(ToString::to_string).collect();
    let more = rows.len().saturating_sub(shown.len());
    match (rows.len(), more) {
        (1, _) => format!("row {}", shown.join("")),
        (_, 0) => format!("rows {}", shown.join(", ")),
        (_, more) => format!("rows {} and {more} more", shown.join(", ")),
    }
}

/// Formats a cell for the report.
fn shown(cell: &Cell) -> String {
    if cell.is_blank() {
        return "(empty)".to_owned();
    }
    let visible = |c: char| if c.is_control() || is_invisible(c) { '·' } else { c };
    let all: String = cell.as_str().trim().chars().map(visible).collect();
    let head: String = all.chars().take(CELL_CHARS_MAX).collect();
    if head == all { format!("\"{all}\"") } else { format!("\"{head}…\"") }
}

/// Writes the converted values: each word with its meaning, each format once.
fn readings(plan: &Plan, out: &mut String) -> Result {
    writeln!(out, "\nConverted when read")?;
    let all = || plan.rows.iter().flat_map(|row| &row.readings);
    let mut words: BTreeMap<&Reading, usize> = BTreeMap::new();
    let mut forms: BTreeMap<&str, (&Reading, usize)> = BTreeMap::new();
    for reading in all() {
        if reading.is_word {
            *words.entry(reading).or_default() += 1;
        } else {
            forms.entry(&reading.column).or_insert((reading, 0)).1 += 1;
        }
    }
    for (reading, count) in &words {
        let (sent, taken) = (shown(&reading.as_sent), reading.taken.as_str());
        writeln!(out, "  {}: {sent} means {taken} ({count})", reading.column)?;
    }
    for (column, (reading, count)) in &forms {
        let (sent, taken) = (shown(&reading.as_sent), shown(&reading.taken));
        writeln!(out, "  {column}: {count} converted, such as {sent} as {taken}")?;
    }
    let both = plan.rows.iter().filter(|row| row.both_ways).count();
    if both > 0 {
        writeln!(
            out,
            "  Dates are read day first; {both} could be read month first, as another day"
        )?;
    }
    Ok(())
}

/// Writes the rows that are not people.
fn nobody(plan: &Plan, out: &mut String) -> Result {
    let rows = plan.rows.iter().filter_map(|row| match row.fate {
        Fate::NotAPerson { why } => Some((row, why)),
        Fate::Taken { .. } | Fate::Merged { .. } => None,
    });
    for (place, (row, why)) in rows.enumerate() {
        if place == 0 {
            writeln!(
                out,
                "\nRows not treated as people; if one is a person, correct it and send the list again"
            )?;
        }
        writeln!(out, "  row {}  {why}", row.row)?;
    }
    Ok(())
}

/// Writes the council's records that are not on the list.
fn records(plan: &Plan, out: &mut String) -> Result {
    if !plan.has_council {
        return writeln!(
            out,
            "\nNo council records were given: who pays is the provider's word alone"
        );
    }
    match plan.unlisted.as_slice() {
        [] => writeln!(out, "\nEverybody in the council's records is on the list"),
        rows => {
            writeln!(out, "\nIn the council's records and NOT ON THE LIST: {}", listed(rows))?;
            writeln!(out, "  To do: ask the home where they are.")
        }
    }
}

/// Writes the decisions that no fault shows, and the unused words.
fn decisions(plan: &Plan, out: &mut String) -> Result {
    let decisions = &plan.decisions;
    for distinct in &decisions.distinct {
        let (by, reason) = (distinct.decided_by.as_str(), distinct.reason.as_str());
        writeln!(
            out,
            "\n{} are different people\n      Decided by {by}: {reason}",
            capital(&listed(&distinct.rows))
        )?;
    }
    let words = &decisions.words;
    let all = [
        (Field::Funding, words.funding.keys().collect::<Vec<_>>()),
        (Field::Care, words.care.keys().collect()),
        (Field::Mobility, words.mobility.keys().collect()),
    ];
    let sent = |field| {
        let cells = plan.table.rows.iter().map(move |row| plan.mapping.text(row, field));
        cells.map(fold).collect::<BTreeSet<_>>()
    };
    for (field, words) in all {
        let sent = sent(field);
        let unused: Vec<&String> =
            words.into_iter().filter(|word| !sent.contains(&fold(word))).collect();
        if !unused.is_empty() {
            writeln!(out, "\nWords for {} that the list does not use: {unused:?}", field.word())?;
        }
    }
    Ok(())
}

/// Writes what will be sent.
fn foot(plan: &Plan, out: &mut String) -> Result {
    let count = |is: fn(&Command) -> bool| plan.commands.iter().filter(|e| is(&e.command)).count();
    let register = count(|command| {
        matches!(command, Command::Plan(nouns::Plan::Register(register::Plan::Register { .. })))
    });
    let merge = count(|command| {
        matches!(command, Command::Plan(nouns::Plan::Register(register::Plan::Merge { .. })))
    });
    let settle = count(|command| {
        matches!(
            command,
            Command::Plan(nouns::Plan::Register(register::Plan::SettleQuestion { .. }))
        )
    });
    writeln!(out, "\nTo be sent")?;
    writeln!(out, "  to register:       {register}")?;
    writeln!(out, "  to merge:          {merge}")?;
    writeln!(out, "  answers on record: {settle}")
}
