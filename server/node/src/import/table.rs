//! A table: column names, and the rows below them, out of the bytes of a file.

use proto::limit::IMPORT_ROWS_MAX;

use super::{
    cell::{Cell, fold_name},
    encoding::decode,
    error::Why,
    record::{Record, Records},
};

/// What may stand between cells.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];
/// Rows among which the column names are looked for; titles and blank rows stand above them.
const HEADER_ROWS_MAX: usize = 40;
/// Known column names that make a row the one with column names.
const HEADER_CELLS_MIN: usize = 2;

/// A file's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The column names, as sent.
    pub header: Vec<Cell>,
    /// The row that holds them.
    pub header_row: usize,
    /// The rows below; blank ones are left out.
    pub rows: Vec<Row>,
    /// How many blank rows were left out.
    pub blank_rows: usize,
    /// The encoding, as people know it.
    pub encoding: &'static str,
    /// What stands between cells.
    pub separator: char,
    /// The column names, folded.
    names: Vec<String>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The row as a spreadsheet numbers it, from 1.
    pub row: usize,
    /// The line of the file where it begins, from 1.
    pub line: usize,
    /// As many cells as there are columns.
    pub cells: Vec<Cell>,
    /// How many cells the file has for it, where these are fewer.
    pub short: Option<usize>,
}

impl Row {
    /// Returns the text of a cell; nothing where there is none.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", Cell::as_str)
    }

    /// Returns the cells that hold something.
    pub fn filled(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|cell| cell.as_str().trim()).filter(|text| !text.is_empty())
    }
}

impl Table {
    /// Reads a file. `is_known` tells which column names make a header; it gets them folded.
    pub fn read(bytes: &[u8], is_known: &dyn Fn(&str) -> bool) -> Result<Self, Why> {
        let (text, encoding) = decode(bytes)?;
        let separator = separator(&text, is_known);
        let mut above = Vec::new();
        let mut records = Records::new(&text, separator);
        for record in records.by_ref().take(HEADER_ROWS_MAX) {
            above.push(record?);
        }
        let at = header(&above, is_known).ok_or(Why::NoHeader(HEADER_ROWS_MAX))?;
        let mut below = above.split_off(at).into_iter();
        let header = below.next().ok_or(Why::NoHeader(HEADER_ROWS_MAX))?;
        let mut table = Self {
            names: header.cells.iter().map(|cell| fold_name(cell.as_str())).collect(),
            header: header.cells,
            header_row: header.row,
            rows: Vec::new(),
            blank_rows: 0,
            encoding,
            separator,
        };
        for record in below.map(Ok).chain(records) {
            table.push(record?)?;
        }
        if table.rows.is_empty() { Err(Why::NoRows(table.header_row)) } else { Ok(table) }
    }

    /// Reads a list in which also the columns of these sentences `Column=field` are known.
    pub fn read_said(
        bytes: &[u8],
        is_known: &dyn Fn(&str) -> bool,
        said: &[String],
    ) -> Result<Self, Why> {
        let column =
            |sentence: &String| sentence.rsplit_once('=').map(|(column, _)| fold_name(column));
        let columns: Vec<String> = said.iter().filter_map(column).collect();
        Self::read(bytes, &|name| is_known(name) || columns.iter().any(|column| column == name))
    }

    /// Adds a row below the column names.
    fn push(&mut self, record: Record) -> Result<(), Why> {
        let Record { row, line, mut cells } = record;
        if cells.iter().all(Cell::is_blank) {
            self.blank_rows += 1;
            return Ok(());
        }
        if self.rows.len() >= IMPORT_ROWS_MAX {
            return Err(Why::TooManyRows);
        }
        let (count, columns) = (cells.len(), self.header.len());
        if cells.iter().skip(columns).any(|cell| !cell.is_blank()) {
            return Err(Why::Ragged { row, line, cells: count, columns });
        }
        cells.resize(columns, Cell::default());
        self.rows.push(Row { row, line, cells, short: (count < columns).then_some(count) });
        Ok(())
    }

    /// Reads a file of ours, in which these columns must be.
    pub fn with_columns(bytes: &[u8], columns: &[&'static str]) -> Result<Self, Why> {
        let known: Vec<String> = columns.iter().map(|name| fold_name(name)).collect();
        let table = Self::read(bytes, &|name| known.iter().any(|known| known == name))?;
        let missing = columns.iter().find(|name| table.column(name).is_none());
        missing.map_or(Ok(table), |name| Err(Why::NoColumn(name)))
    }

    /// Returns the place of a column by its name.
    pub fn column(&self, name: &str) -> Option<usize> {
        let name = fold_name(name);
        self.names.iter().position(|known| *known == name)
    }

    /// Returns the text below a column of that name, without outer space.
    pub fn text<'a>(&self, row: &'a Row, name: &str) -> &'a str {
        self.column(name).map_or("", |column| row.cell(column)).trim()
    }
}

/// Returns how many cells of a row are known column names.
fn known_cells(record: &Record, is_known: &dyn Fn(&str) -> bool) -> usize {
    record.cells.iter().filter(|cell| is_known(&fold_name(cell.as_str()))).count()
}

/// Returns the place of the row with the column names: the first of those with most known ones.
fn header(records: &[Record], is_known: &dyn Fn(&str) -> bool) -> Option<usize> {
    let counts = || records.iter().map(|record| known_cells(record, is_known));
    let most = counts().max().filter(|most| *most >= HEADER_CELLS_MIN)?;
    counts().position(|count| count == most)
}

/// Returns the separator under which a row reads most like column names; a comma when none does.
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
    fn title_rows_and_blank_rows_above_the_column_names_are_passed_over() {
        let table = read("Harbour Rise\n\nRoom,Surname,Colour\n\n1,Ellis,red\n").unwrap();
        assert_eq!((table.header_row, table.blank_rows), (3, 1));
        assert_eq!((table.rows[0].row, table.rows[0].line), (5, 5));
        assert_eq!(table.text(&table.rows[0], "SURNAME"), "Ellis");
    }

    #[test]
    fn each_separator_is_found() {
        for separator in SEPARATORS {
            let text =
                "Room~Surname~Notes\n1~Ellis~\"a, b; c\"\n".replace('~', &separator.to_string());
            let table = read(&text).unwrap();
            assert_eq!(table.separator, separator);
            assert_eq!(table.rows[0].cell(2), "a, b; c");
        }
    }

    #[test]
    fn a_row_with_too_many_cells_is_named_and_a_short_one_is_marked() {
        let ragged = read("Room,Surname\n1,Ellis\n2,Haddock,Doreen\n");
        assert_eq!(ragged, Err(Why::Ragged { row: 3, line: 3, cells: 3, columns: 2 }));
        assert!(read("Room,Surname\n1,Ellis,,\n").is_ok());
        assert_eq!(read("Room,Surname\n1\n").unwrap().rows[0].short, Some(1));
    }

    #[test]
    fn files_without_names_or_rows_are_told() {
        assert_eq!(read("1,2\n3,4\n"), Err(Why::NoHeader(40)));
        assert_eq!(read("Room,Surname\n\n"), Err(Why::NoRows(1)));
        let many = format!("Room,Surname\n{}", "1,x\n".repeat(IMPORT_ROWS_MAX + 1));
        assert_eq!(read(&many), Err(Why::TooManyRows));
    }
}
