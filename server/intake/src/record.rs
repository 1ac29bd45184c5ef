//! Reads rows of cells from text one by one, within limits.
//!
//! Our own parser rather than a library: the CSV readers we know extend an unclosed quotation mark to the end
//! of the file, which would swallow people, and skip empty lines, which would shift every later row number
//! from the home's spreadsheet.

use std::{iter::Peekable, str::Chars};

use proto::limit::{IMPORT_CELL_CHARS_MAX, IMPORT_COLUMNS_MAX, IMPORT_ROWS_MAX};

use super::{cell::Cell, error::Why, sheet::Marks};

/// Rows allowed above a full list.
const ROWS_ABOVE_MAX: usize = 40;

/// The contents of a file or sheet: its filled rows, and the numbers of the blank ones.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// The rows that are not blank, in order.
    pub(super) records: Vec<Record>,
    /// The numbers of the blank rows between them.
    pub(super) blank: Vec<usize>,
    /// The structure around the cells of a sheet.
    pub(super) marks: Marks,
}

impl Grid {
    /// Parses text.
    pub(super) fn of_text(text: &str, separator: char) -> Result<Self, Why> {
        let mut grid = Self::default();
        for record in Records::new(text, separator) {
            let record = record?;
            if record.cells.iter().all(Cell::is_blank) {
                grid.blank.push(record.row);
            } else if grid.records.len() >= IMPORT_ROWS_MAX + ROWS_ABOVE_MAX {
                return Err(Why::TooManyRows);
            } else {
                grid.records.push(record);
            }
        }
        Ok(grid)
    }
}

/// One row of the file.
#[derive(Debug, Clone)]
pub struct Record {
    /// The row, numbered from 1 as in a spreadsheet: a cell with line breaks counts once.
    pub row: usize,
    /// The line of the file where it begins, from 1.
    pub line: usize,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// The limits of a row.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The maximum number of cells.
    pub columns_max: usize,
    /// The maximum number of characters in a cell.
    pub chars_max: usize,
}

/// A row reader.
#[expect(missing_debug_implementations, reason = "it holds what people wrote")]
pub struct Records<'a> {
    chars: Peekable<Chars<'a>>,
    separator: char,
    bounds: Bounds,
    row: usize,
    line: usize,
}

/// The end of a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Cell,
    Row,
}

impl<'a> Records<'a> {
    /// Returns a reader with the default limits.
    pub(super) fn new(text: &'a str, separator: char) -> Self {
        let bounds = Bounds { columns_max: IMPORT_COLUMNS_MAX, chars_max: IMPORT_CELL_CHARS_MAX };
        Self::within(text, separator, bounds)
    }

    /// Returns a reader with these limits.
    pub fn within(text: &'a str, separator: char, bounds: Bounds) -> Self {
        Self { chars: text.chars().peekable(), separator, bounds, row: 0, line: 1 }
    }

    /// Returns the next row.
    fn record(&mut self) -> Result<Record, Why> {
        self.row += 1;
        let mut record = Record { row: self.row, line: self.line, cells: Vec::new() };
        loop {
            let column = record.cells.len() + 1;
            if column > self.bounds.columns_max {
                return Err(Why::TooManyColumns(record.row));
            }
            let (cell, after) = self.cell(record.line, column)?;
            record.cells.push(Cell::new(cell));
            if after == After::Row {
                return Ok(record);
            }
        }
    }

    /// Returns the next cell.
    fn cell(&mut self, line: usize, column: usize) -> Result<(String, After), Why> {
        let row = self.row;
        let mut cell = String::new();
        let mut chars_count = 0;
        let mut is_quoted = self.chars.next_if_eq(&'"').is_some();
        while let Some(c) = self.chars.next() {
            let is_break = c == '\n' || c == '\r';
            if is_break {
                if c == '\r' {
                    self.chars.next_if_eq(&'\n');
                }
                self.line += 1;
            }
            if is_quoted {
                if c == '"' && self.chars.next_if_eq(&'"').is_none() {
                    is_quoted = false;
                    continue;
                }
            } else if is_break {
                return Ok((cell, After::Row));
            } else if c == self.separator {
                return Ok((cell, After::Cell));
            }
            chars_count += 1;
            if chars_count > self.bounds.chars_max {
                return Err(Why::CellTooLong { row, line, column });
            }
            cell.push(if is_break { '\n' } else { c });
        }
        if is_quoted { Err(Why::OpenQuote { row, line }) } else { Ok((cell, After::Row)) }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, Why>;

    fn next(&mut self) -> Option<Self::Item> {
        self.chars.peek()?;
        let record = self.record();
        if record.is_err() {
            // After a broken row, the boundaries of later rows are unknown.
            self.chars = "".chars().peekable();
        }
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(usize, usize, Vec<String>)> {
        Records::new(text, ',')
            .map(|record| record.unwrap())
            .map(|r| (r.row, r.line, r.cells.iter().map(|c| c.as_str().to_owned()).collect()))
            .collect()
    }

    #[test]
    fn a_cell_with_line_breaks_is_one_row_and_several_lines() {
        let all = rows("a,b\r\n\"1\r\n2\",\"say \"\"so\"\"\"\n\nz,\n");
        let cells = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            all,
            [
                (1, 1, cells(&["a", "b"])),
                (2, 2, cells(&["1\n2", "say \"so\""])),
                (3, 4, cells(&[""])),
                (4, 5, cells(&["z", ""])),
            ]
        );
    }

    #[test]
    fn a_quotation_mark_inside_a_word_is_a_letter() {
        assert_eq!(rows("5\" nail,x")[0].2, ["5\" nail", "x"]);
    }

    #[test]
    fn limits_are_enforced_while_reading() {
        let last = |text: &str| Records::new(text, ',').last().unwrap().err();
        assert_eq!(last("a\n\"b"), Some(Why::OpenQuote { row: 2, line: 2 }));
        let long = format!("a\nb,{}", "x".repeat(IMPORT_CELL_CHARS_MAX + 1));
        assert_eq!(last(&long), Some(Why::CellTooLong { row: 2, line: 2, column: 2 }));
        assert_eq!(last(&",".repeat(IMPORT_COLUMNS_MAX)), Some(Why::TooManyColumns(1)));
        assert_eq!(last(&",".repeat(IMPORT_COLUMNS_MAX - 1)), None);
    }
}
