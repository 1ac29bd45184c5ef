//! The rows of a file, one by one, whatever kind of file it is. Never more than one row is held.
//!
//! The lists of `intake` are read by readers of their own. Those hold a sheet whole, with its formulas, merged
//! cells and hidden rows, because a person's list is a few hundred rows that people formatted. A file of the
//! regulator is a hundred thousand rows that a program wrote: nothing stands about its cells, and whole it
//! would fill the memory. What both need alike, encodings and separated text, is in `intake` alone.

use std::io::Cursor;

use proto::limit::{
    DIRECTORY_BYTES_MAX, DIRECTORY_CELL_BYTES_MAX, DIRECTORY_COLUMNS_MAX, DIRECTORY_ROWS_MAX,
};
use zip::ZipArchive;

use super::{
    csv,
    fault::Fault,
    guard::{self, Book},
    ods, xlsx,
};

/// How zipped spreadsheets begin.
const ZIP: &[u8] = b"PK\x03\x04";
/// How old Excel files begin.
const OLD_EXCEL: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

/// What is to be read next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The next row.
    Row,
    /// The first row of the next sheet.
    Sheet,
    /// Nothing more.
    End,
}

/// Takes the rows.
pub(super) trait Reader {
    /// Begins a sheet.
    fn sheet(&mut self);

    /// Takes a row by its number, from 1. Blank rows, and blank cells behind the last filled one, do not
    /// come.
    fn row(&mut self, number: u32, cells: &[String]) -> Result<Next, Fault>;
}

/// A row being put together, within the bounds.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    cells: Vec<String>,
    filled: usize,
    rows: u32,
}

/// Reads a file to its end, or as far as the reader wants it.
pub(super) fn read(bytes: &[u8], reader: &mut dyn Reader) -> Result<(), Fault> {
    if bytes.len() > DIRECTORY_BYTES_MAX {
        return Err(Fault::TooLarge);
    }
    if bytes.starts_with(OLD_EXCEL) {
        return Err(Fault::OldExcel);
    }
    if !bytes.starts_with(ZIP) {
        return csv::read(bytes, reader);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Damaged)?;
    match guard::kind(&archive)? {
        Book::Ods => ods::read(&mut archive, reader),
        Book::Xlsx => {
            guard::probe(&mut archive)?;
            xlsx::read(bytes, reader)
        }
    }
}

impl Gathering {
    /// Begins a row. Its cells are made anew, within the memory of the last.
    pub(super) fn begin(&mut self) {
        self.cells.iter_mut().take(self.filled).for_each(String::clear);
        self.filled = 0;
    }

    /// Puts words into a cell, by its column from 0.
    pub(super) fn put(&mut self, row: u32, column: usize, words: &str) -> Result<(), Fault> {
        if words.is_empty() {
            return Ok(());
        }
        if column >= DIRECTORY_COLUMNS_MAX {
            return Err(Fault::TooManyColumns(row));
        }
        if self.cells.len() <= column {
            self.cells.resize_with(column + 1, String::new);
        }
        self.filled = self.filled.max(column + 1);
        if let Some(cell) = self.cells.get_mut(column) {
            cell.push_str(cut(words));
        }
        Ok(())
    }

    /// Tells whether nothing stands in the row.
    pub(super) const fn is_blank(&self) -> bool {
        self.filled == 0
    }

    /// Hands the row on, unless it is blank.
    pub(super) fn give(&mut self, row: u32, reader: &mut dyn Reader) -> Result<Next, Fault> {
        if self.filled == 0 {
            return Ok(Next::Row);
        }
        self.rows += 1;
        if self.rows > DIRECTORY_ROWS_MAX {
            return Err(Fault::TooManyRows);
        }
        reader.row(row, self.cells.get(..self.filled).unwrap_or_default())
    }
}

/// Returns the beginning of words that are too long: they are somebody's notes, which are not kept.
fn cut(words: &str) -> &str {
    words.get(..words.floor_char_boundary(DIRECTORY_CELL_BYTES_MAX)).unwrap_or_default()
}
