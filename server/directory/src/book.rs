//! Streams the rows of a file in any supported format. At most one row is in memory at a time.
//!
//! The lists of `intake` have separate readers. Those load a whole sheet, with its formulas, merged cells and
//! hidden rows, because a list of people is a few hundred rows formatted by hand. A regulator's file is a
//! hundred thousand rows written by a program: it has no such structure, and would fill the memory. What both
//! need, encodings and separated text, lives only in `intake`.

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

/// The first bytes of a ZIP file.
const ZIP: &[u8] = b"PK\x03\x04";
/// The first bytes of an old Excel file.
const OLD_EXCEL: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

/// What to read next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The next row.
    Row,
    /// The first row of the next sheet.
    Sheet,
    /// Nothing.
    End,
}

/// A consumer of rows.
pub(super) trait Reader {
    /// Starts a sheet.
    fn sheet(&mut self);

    /// Receives a row with its number, from 1. Blank rows and trailing blank cells are skipped.
    fn row(&mut self, number: u32, cells: &[String]) -> Result<Next, Fault>;
}

/// A row under construction, within the limits.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    cells: Vec<String>,
    filled: usize,
    rows: u32,
}

/// Reads a file to its end, or until the reader stops.
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
    /// Starts a row, reusing the memory of the last one.
    pub(super) fn begin(&mut self) {
        self.cells.iter_mut().take(self.filled).for_each(String::clear);
        self.filled = 0;
    }

    /// Stores text in a cell, by its column from 0.
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

    /// Returns whether the row is blank.
    pub(super) const fn is_blank(&self) -> bool {
        self.filled == 0
    }

    /// Passes the row to the reader, unless it is blank.
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

/// Truncates text that is too long: only notes are, and they are not kept.
fn cut(words: &str) -> &str {
    words.get(..words.floor_char_boundary(DIRECTORY_CELL_BYTES_MAX)).unwrap_or_default()
}
