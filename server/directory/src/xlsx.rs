//! Streams Excel sheets; `book.rs` explains why.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, Xlsx};

use super::{
    book::{Gathering, Next, Reader},
    fault::Fault,
};

/// Reads the sheets of a file that has passed the limits.
pub(super) fn read(bytes: &[u8], reader: &mut dyn Reader) -> Result<(), Fault> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| Fault::Damaged)?;
    let mut gathering = Gathering::default();
    for name in book.sheet_names() {
        reader.sheet();
        let mut cells = book.worksheet_cells_reader(&name).map_err(|_| Fault::Damaged)?;
        let mut next = Next::Row;
        let mut row = 0;
        gathering.begin();
        while let Some(cell) = cells.next_cell().map_err(|_| Fault::Damaged)? {
            let (at, column) = cell.get_position();
            let at = at.saturating_add(1);
            if at != row {
                next = gathering.give(row, reader)?;
                gathering.begin();
                row = at;
            }
            if next != Next::Row {
                break;
            }
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            put(&mut gathering, row, column, cell.get_value())?;
        }
        if next == Next::Row {
            next = gathering.give(row, reader)?;
        }
        if next == Next::End {
            return Ok(());
        }
    }
    Ok(())
}

/// Stores the text of a cell: a number as written, a date as a calendar date.
fn put(
    gathering: &mut Gathering,
    row: u32,
    column: usize,
    value: &DataRef<'_>,
) -> Result<(), Fault> {
    match value {
        DataRef::Empty | DataRef::Error(_) => Ok(()),
        DataRef::Int(number) => gathering.put(row, column, &number.to_string()),
        DataRef::Float(number) => gathering.put(row, column, &number.to_string()),
        DataRef::String(words) | DataRef::DateTimeIso(words) | DataRef::DurationIso(words) => {
            gathering.put(row, column, words)
        }
        DataRef::SharedString(words) => gathering.put(row, column, words),
        DataRef::Bool(is_true) => gathering.put(row, column, if *is_true { "Y" } else { "N" }),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            gathering.put(row, column, &format!("{year:04}-{month:02}-{day:02}"))
        }
    }
}
