//! XLSX: the sheets of a workbook and the structure around their cells.

use std::collections::BTreeMap;

use proto::limit::IMPORT_COLUMNS_MAX;
use quick_xml::events::BytesStart;

use super::{
    error::Why,
    pace::Pace,
    sheet::{Marks, Merge},
    unpack::Parts,
    xml::{Met, attribute, is_set, number, walk},
};

/// The list of sheets.
const WORKBOOK: &str = "xl/workbook.xml";
/// The relationships, which map sheets to their files.
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";
/// The shared strings.
const STRINGS: &str = "xl/sharedStrings.xml";

/// A sheet as the workbook lists it.
struct Entry {
    name: String,
    is_hidden: bool,
    relation: String,
}

/// Returns each sheet with its marks, in workbook order.
pub(super) fn sheets(parts: &Parts, pace: Pace<'_>) -> Result<Vec<(String, bool, Marks)>, Why> {
    let workbook = parts.xml(WORKBOOK)?.ok_or(Why::Damaged)?;
    let mut entries = Vec::new();
    walk(workbook, pace, |met| {
        if let Met::Open(start) = met
            && start.local_name().as_ref() == "sheet"
        {
            let state = attribute(start, "state")?.unwrap_or_default();
            let is_hidden = state == "hidden" || state == "veryHidden";
            let name = attribute(start, "name")?.ok_or(Why::Damaged)?;
            let relation = attribute(start, "id")?.ok_or(Why::Damaged)?;
            entries.push(Entry { name, is_hidden, relation });
        }
        Ok(())
    })?;
    let targets = targets(parts, pace)?;
    honest_strings(parts, pace)?;
    let mut sheets = Vec::new();
    for entry in entries {
        let Some(xml) = targets.get(&entry.relation).map(|path| parts.xml(path)).transpose()?
        else {
            continue;
        };
        let marks = xml.map(|xml| marks(xml, pace)).transpose()?.unwrap_or_default();
        sheets.push((entry.name, entry.is_hidden, marks));
    }
    Ok(sheets)
}

/// Returns the files of the workbook's parts, by relationship id.
fn targets(parts: &Parts, pace: Pace<'_>) -> Result<BTreeMap<String, String>, Why> {
    let relations = parts.xml(RELATIONS)?.ok_or(Why::Damaged)?;
    let mut targets = BTreeMap::new();
    walk(relations, pace, |met| {
        if let Met::Open(start) = met
            && start.local_name().as_ref() == "Relationship"
        {
            let (id, target) = (attribute(start, "Id")?, attribute(start, "Target")?);
            if let Some((id, target)) = id.zip(target) {
                let path = match target.strip_prefix('/') {
                    Some(whole) => whole.to_owned(),
                    None => format!("xl/{target}"),
                };
                targets.insert(id, path);
            }
        }
        Ok(())
    })?;
    Ok(targets)
}

/// Rejects a shared-string table that declares more strings than it has: the declared count sizes an
/// allocation.
fn honest_strings(parts: &Parts, pace: Pace<'_>) -> Result<(), Why> {
    let Some(strings) = parts.xml(STRINGS)? else { return Ok(()) };
    let (mut declared, mut found) = (0, 0_u32);
    walk(strings, pace, |met| {
        if let Met::Open(start) = met {
            match start.local_name().as_ref() {
                "sst" => declared = number(start, "uniqueCount")?.unwrap_or(0),
                "si" => found = found.saturating_add(1),
                _ => {}
            }
        }
        Ok(())
    })?;
    // Some programs count empty strings too; real files are off by little.
    let is_near = declared <= found.saturating_mul(2).saturating_add(1_000);
    if is_near { Ok(()) } else { Err(Why::Bomb) }
}

/// The position of the parser in a sheet.
#[derive(Default)]
struct Place {
    row: usize,
    next_row: usize,
    column: usize,
    next_column: usize,
    is_filled: bool,
}

/// Reads the structure of a sheet.
fn marks(xml: &str, pace: Pace<'_>) -> Result<Marks, Why> {
    let mut marks = Marks::default();
    let mut place = Place::default();
    walk(xml, pace, |met| {
        match met {
            Met::Open(start) => open(&mut marks, &mut place, start)?,
            Met::Close("c") => {
                if place.is_filled {
                    marks.fill((place.row, 1), (place.column, 1))?;
                }
            }
            Met::Close(_) | Met::Words => {}
        }
        Ok(())
    })?;
    Ok(marks)
}

/// Handles the start of an element.
fn open(marks: &mut Marks, place: &mut Place, start: &BytesStart<'_>) -> Result<(), Why> {
    match start.local_name().as_ref() {
        "col" => {
            let first = at(number(start, "min")?.ok_or(Why::Damaged)?);
            let last = at(number(start, "max")?.ok_or(Why::Damaged)?);
            let is_hidden = is_set(start, "hidden")?;
            let columns = (first..=last.min(IMPORT_COLUMNS_MAX)).filter(|_| is_hidden);
            marks.hidden_columns.extend(columns);
        }
        "row" => {
            place.row = number(start, "r")?.map_or(place.next_row, at);
            place.next_row = place.row.saturating_add(1);
            place.next_column = 0;
            if is_set(start, "hidden")? || is_set(start, "zeroHeight")? {
                marks.hidden_rows.insert(place.row);
            }
        }
        "c" => {
            let cell = attribute(start, "r")?.map(|name| cell(&name)).transpose()?;
            (place.row, place.column) = cell.unwrap_or((place.row, place.next_column));
            place.next_column = place.column.saturating_add(1);
            place.is_filled = false;
        }
        "f" => {
            marks.formulas.insert((place.row, place.column));
            place.is_filled = true;
        }
        "v" | "is" => place.is_filled = true,
        "mergeCell" => {
            let area = attribute(start, "ref")?.ok_or(Why::Damaged)?;
            let (first, last) = area.split_once(':').unwrap_or((&area, &area));
            let ((top, left), (bottom, right)) = (cell(first)?, cell(last)?);
            marks.merge(Merge { top, bottom, left, right })?;
        }
        _ => {}
    }
    Ok(())
}

/// Converts a position that counts from 1 to one that counts from 0.
fn at(number: u32) -> usize {
    usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX)
}

/// Parses a cell reference such as `B3` into (row, column), from 0.
fn cell(name: &str) -> Result<(usize, usize), Why> {
    let name = name.replace('$', "");
    let split = name.find(|c: char| c.is_ascii_digit()).ok_or(Why::Damaged)?;
    let (letters, digits) = name.split_at(split);
    if letters.is_empty() || letters.len() > 3 {
        return Err(Why::Damaged);
    }
    let mut column = 0_usize;
    for letter in letters.bytes() {
        let value = letter.to_ascii_uppercase().checked_sub(b'A').filter(|value| *value < 26);
        column = column * 26 + usize::from(value.ok_or(Why::Damaged)?) + 1;
    }
    let row: u32 = digits.parse().map_err(|_| Why::Damaged)?;
    Ok((at(row), column.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_reference_is_parsed() {
        assert_eq!(cell("A1"), Ok((0, 0)));
        assert_eq!(cell("$AB$12"), Ok((11, 27)));
        assert_eq!(cell("XFD1048576"), Ok((1_048_575, 16_383)));
        for bad in ["", "A", "12", "AAAA1", "A99999999999", "Ä1"] {
            assert_eq!(cell(bad), Err(Why::Damaged), "{bad}");
        }
    }
}
