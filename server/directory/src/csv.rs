//! Comma separated files.

use intake::{
    encoding::decode_within,
    error::Why,
    record::{Bounds, Records},
};
use proto::limit::{DIRECTORY_BYTES_MAX, DIRECTORY_COLUMNS_MAX};

use super::{
    book::{Gathering, Next, Reader},
    fault::Fault,
};

/// The limits of a row; cells are truncated when stored.
const BOUNDS: Bounds = Bounds { columns_max: DIRECTORY_COLUMNS_MAX, chars_max: usize::MAX };
/// Rows searched for the separator.
const FIRST_ROWS: usize = 40;

/// Reads a file as one sheet.
pub(super) fn read(bytes: &[u8], reader: &mut dyn Reader) -> Result<(), Fault> {
    let (text, _) = decode_within(bytes, DIRECTORY_BYTES_MAX).map_err(|why| fault(&why, 0))?;
    let mut gathering = Gathering::default();
    reader.sheet();
    let mut row = 0;
    for record in Records::within(&text, separator(&text), BOUNDS) {
        row += 1;
        let record = record.map_err(|why| fault(&why, row))?;
        gathering.begin();
        for (column, cell) in record.cells.iter().enumerate() {
            gathering.put(row, column, cell.as_str().trim())?;
        }
        if gathering.give(row, reader)? != Next::Row {
            break;
        }
    }
    Ok(())
}

/// Returns the separator: the candidate that occurs most in the widest of the first rows.
fn separator(text: &str) -> char {
    let widest = |separator: char| {
        let rows = Records::within(text, separator, BOUNDS).take(FIRST_ROWS);
        rows.map_while(Result::ok).map(|row| row.cells.len()).max().unwrap_or(0)
    };
    [';', '\t'].into_iter().fold(
        ',',
        |best, other| {
            if widest(other) > widest(best) { other } else { best }
        },
    )
}

/// Maps an error of the text reader; a file that is not text is not a list.
fn fault(why: &Why, row: u32) -> Fault {
    let known = [
        (matches!(why, Why::Empty), Fault::Empty),
        (matches!(why, Why::TooLarge), Fault::TooLarge),
        (matches!(why, Why::Garbled), Fault::Garbled),
        (matches!(why, Why::TooManyColumns(_)), Fault::TooManyColumns(row)),
        (matches!(why, Why::OpenQuote { .. }), Fault::OpenQuote(row)),
    ];
    let found = known.into_iter().find(|(is_it, _)| *is_it);
    found.map_or(Fault::NotAList, |(_, fault)| fault)
}
