//! A table: the column names and the rows below them, parsed from the bytes of a file.

use std::collections::BTreeSet;

use proto::limit::IMPORT_ROWS_MAX;

use super::{
    book::{self, Book},
    cell::{Cell, fold_name},
    couple::Part,
    encoding::decode,
    error::Why,
    heading::{self, HEADER_ROWS_MAX, Heading, known_cells},
    pace::Pace,
    record::{Grid, Record, Records},
    sheet::{Listed, Marks},
};

/// Possible separators between cells.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// The location of a list in its file, as stated by a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// The sheet that holds the list.
    pub sheet: Option<String>,
    /// The header row.
    pub header_row: Option<usize>,
    /// Whether to include rows that the file hides.
    pub take_hidden: bool,
}

/// The format of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Text.
    Text {
        /// The display name of the encoding.
        encoding: &'static str,
        /// The separator.
        separator: char,
    },
    /// A spreadsheet.
    Book {
        /// The display name of the spreadsheet format.
        kind: &'static str,
        /// The sheet that was read.
        sheet: String,
        /// All sheets.
        sheets: Vec<Listed>,
        /// Whether it contains macros; they were not run.
        has_macros: bool,
    },
}

/// The rows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The column names as sent, joined if they span two lines.
    pub header: Vec<Cell>,
    /// The last row of the header.
    pub header_row: usize,
    /// The number of rows above the header, such as titles.
    pub rows_above: usize,
    /// The rows below the header, without blank ones.
    pub rows: Vec<Row>,
    /// The number of blank rows left out.
    pub blank_rows: usize,
    /// The format of the file.
    pub form: Form,
    /// Hidden columns, from 0.
    pub hidden_columns: BTreeSet<usize>,
    /// The column names, normalised.
    names: Vec<String>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The row, numbered from 1 as in a spreadsheet.
    pub row: usize,
    /// The line of the file where it begins, from 1.
    pub line: usize,
    /// The cells, one per column.
    pub cells: Vec<Cell>,
    /// The number of cells in the file, if fewer than the columns.
    pub short: Option<usize>,
    /// Whether the file hides it and it was not explicitly included.
    pub is_hidden: bool,
    /// Whether its only content is one cell merged over several columns.
    pub is_banner: bool,
    /// Columns whose value is computed by a formula.
    pub formulas: BTreeSet<usize>,
    /// Which of two people the row is, if the file has both in one row.
    pub part: Option<Part>,
}

impl Row {
    /// Returns the text of a cell; empty if there is none.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", Cell::as_str)
    }

    /// Returns the filled cells.
    pub fn filled(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|cell| cell.as_str().trim()).filter(|text| !text.is_empty())
    }
}

/// The rows of a file before the header row is found.
#[derive(Debug)]
pub struct Sheet {
    grid: Grid,
    /// The format of the file.
    pub form: Form,
}

impl Sheet {
    /// Reads a file. `is_known` recognises normalised column names.
    pub fn read(
        bytes: &[u8],
        layout: &Layout,
        pace: Pace<'_>,
        is_known: &dyn Fn(&str) -> bool,
    ) -> Result<Self, Why> {
        if book::is_book(bytes)? {
            return Self::of_book(&Book::open(bytes, pace)?, layout, pace, is_known);
        }
        let (text, encoding) = decode(bytes)?;
        pace.go_on()?;
        let separator = separator(&text, is_known);
        let grid = Grid::of_text(&text, separator)?;
        Ok(Self { grid, form: Form::Text { encoding, separator } })
    }

    /// Reads the chosen sheet, else the visible sheet that looks most like a list.
    fn of_book(
        book: &Book<'_>,
        layout: &Layout,
        pace: Pace<'_>,
        is_known: &dyn Fn(&str) -> bool,
    ) -> Result<Self, Why> {
        let mut best: Option<(usize, String, Grid)> = None;
        let visible = book.sheets().filter(|listed| !listed.is_hidden);
        let names: Vec<String> = match &layout.sheet {
            Some(name) => vec![name.clone()],
            None => visible.map(|listed| listed.name.clone()).collect(),
        };
        if names.is_empty() {
            return Err(if book.sheets().next().is_some() { Why::OnlyHidden } else { Why::Empty });
        }
        for name in names {
            let grid = book.grid(&name, pace)?;
            let top = grid.records.iter().take_while(|record| record.row <= HEADER_ROWS_MAX);
            let known = top.map(|record| known_cells(record, is_known)).max();
            // A sheet with any content ranks above an empty one.
            let score = known.map_or(0, |known| known + 1);
            if best.as_ref().is_none_or(|(most, ..)| score > *most) {
                best = Some((score, name, grid));
            }
        }
        let (_, sheet, grid) = best.ok_or(Why::Empty)?;
        if grid.records.is_empty() {
            return Err(Why::Empty);
        }
        let sheets = book.sheets().cloned().collect();
        let form = Form::Book { kind: book.spoken(), sheet, sheets, has_macros: book.has_macros };
        Ok(Self { grid, form })
    }

    /// Returns the first rows with their numbers, for a person who has to find the header row.
    pub fn top(&self) -> impl Iterator<Item = (usize, &[Cell])> {
        let top = self.grid.records.iter().take_while(|record| record.row <= HEADER_ROWS_MAX);
        top.map(|record| (record.row, record.cells.as_slice()))
    }

    /// Finds the header row and returns the rows below it.
    pub fn table(self, layout: &Layout, is_known: &dyn Fn(&str) -> bool) -> Result<Table, Why> {
        let Self { grid, form } = self;
        let heading = heading::find(&grid, layout.header_row, is_known)?;
        let (below, mut table) = (heading.below, Table::new(heading, form, &grid));
        let Grid { records, marks, .. } = grid;
        let banners = marks.banners();
        for record in records.into_iter().skip(below) {
            let is_banner = banners.contains(&record.row.saturating_sub(1));
            table.push(record, &marks, is_banner, layout.take_hidden)?;
        }
        if table.rows.is_empty() { Err(Why::NoRows(table.header_row)) } else { Ok(table) }
    }
}

impl Table {
    /// Reads a file. `is_known` recognises normalised column names.
    pub fn read(bytes: &[u8], is_known: &dyn Fn(&str) -> bool) -> Result<Self, Why> {
        let layout = Layout::default();
        Sheet::read(bytes, &layout, Pace::default(), is_known)?.table(&layout, is_known)
    }

    /// Returns a table without rows.
    fn new(heading: Heading, form: Form, grid: &Grid) -> Self {
        let above = |row: usize| row < heading.first_row;
        let rows_above = grid.records.iter().filter(|record| above(record.row)).count();
        let blank_rows = grid.blank.iter().filter(|row| **row > heading.last_row).count();
        Self {
            names: heading.cells.iter().map(|cell| fold_name(cell.as_str())).collect(),
            header: heading.cells,
            header_row: heading.last_row,
            rows_above,
            rows: Vec::new(),
            blank_rows,
            form,
            hidden_columns: grid.marks.hidden_columns.clone(),
        }
    }

    /// Adds a row below the header.
    fn push(
        &mut self,
        record: Record,
        marks: &Marks,
        is_banner: bool,
        take_hidden: bool,
    ) -> Result<(), Why> {
        let Record { row, line, mut cells } = record;
        if self.rows.len() >= IMPORT_ROWS_MAX {
            return Err(Why::TooManyRows);
        }
        let (count, columns) = (cells.len(), self.header.len());
        let is_text = matches!(self.form, Form::Text { .. });
        if cells.iter().skip(columns).any(|cell| !cell.is_blank()) {
            if is_text {
                return Err(Why::Ragged { row, line, cells: count, columns });
            }
            // In a sheet nothing has shifted: a value beside the list has no column name, and is reported as
            // such.
            self.header.resize(count, Cell::default());
            self.names.resize(count, String::new());
            self.rows.iter_mut().for_each(|row| row.cells.resize(count, Cell::default()));
        }
        let columns = self.header.len();
        cells.resize(columns, Cell::default());
        let at = row.saturating_sub(1);
        let in_row = marks.formulas.range((at, 0)..=(at, usize::MAX));
        let formulas = in_row.map(|(_, column)| *column).collect();
        self.rows.push(Row {
            row,
            line,
            cells,
            short: (is_text && count < columns).then_some(count),
            is_hidden: !take_hidden && marks.hidden_rows.contains(&at),
            is_banner,
            formulas,
            part: None,
        });
        Ok(())
    }

    /// Reads one of our own files, which must have these columns.
    pub fn with_columns(bytes: &[u8], columns: &[&'static str]) -> Result<Self, Why> {
        let known: Vec<String> = columns.iter().map(|name| fold_name(name)).collect();
        let table = Self::read(bytes, &|name| known.iter().any(|known| known == name))?;
        let missing = columns.iter().find(|name| table.column(name).is_none());
        missing.map_or(Ok(table), |name| Err(Why::NoColumn(name)))
    }

    /// Returns the index of a column by its name.
    pub fn column(&self, name: &str) -> Option<usize> {
        let name = fold_name(name);
        self.names.iter().position(|known| *known == name)
    }

    /// Returns the trimmed text in the column of this name.
    pub fn text<'a>(&self, row: &'a Row, name: &str) -> &'a str {
        self.column(name).map_or("", |column| row.cell(column)).trim()
    }
}

/// Returns the separator with which some row looks most like a header; a comma by default.
fn separator(text: &str, is_known: &dyn Fn(&str) -> bool) -> char {
    let best = |separator: char| {
        let records = Records::new(text, separator).take(HEADER_ROWS_MAX);
        records.map_while(Result::ok).map(|record| known_cells(&record, is_known)).max()
    };
    let mut chosen = (',', best(',').unwrap_or(0));
    for candidate in SEPARATORS {
        let count = best(candidate).unwrap_or(0);
        if count > chosen.1 {
            chosen = (candidate, count);
        }
    }
    chosen.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Table, Why> {
        Table::read(text.as_bytes(), &|name| ["room", "surname", "notes"].contains(&name))
    }

    #[test]
    fn title_and_blank_rows_above_the_header_are_skipped() {
        let table = read("Harbour Rise\n\nRoom,Surname,Colour\n\n1,Ellis,red\n").unwrap();
        assert_eq!((table.header_row, table.blank_rows), (3, 1));
        assert_eq!((table.rows[0].row, table.rows[0].line), (5, 5));
        assert_eq!(table.text(&table.rows[0], "SURNAME"), "Ellis");
    }

    #[test]
    fn every_separator_is_detected() {
        for separator in SEPARATORS {
            let text =
                "Room~Surname~Notes\n1~Ellis~\"a, b; c\"\n".replace('~', &separator.to_string());
            let table = read(&text).unwrap();
            let Form::Text { separator: found, .. } = table.form else { panic!("no text") };
            assert_eq!(found, separator);
            assert_eq!(table.rows[0].cell(2), "a, b; c");
        }
    }

    #[test]
    fn a_long_row_is_an_error_and_a_short_one_is_marked() {
        let ragged = read("Room,Surname\n1,Ellis\n2,Haddock,Doreen\n");
        assert_eq!(ragged, Err(Why::Ragged { row: 3, line: 3, cells: 3, columns: 2 }));
        assert!(read("Room,Surname\n1,Ellis,,\n").is_ok());
        assert_eq!(read("Room,Surname\n1\n").unwrap().rows[0].short, Some(1));
    }

    #[test]
    fn files_without_a_header_or_rows_are_reported() {
        assert_eq!(read("1,2\n3,4\n"), Err(Why::NoHeader(40)));
        assert_eq!(read("Room,Surname\n\n"), Err(Why::NoRows(1)));
        let many = format!("Room,Surname\n{}", "1,x\n".repeat(IMPORT_ROWS_MAX + 1));
        assert_eq!(read(&many), Err(Why::TooManyRows));
    }
}
