//! Columns: each table is a list of them, so a file's header and its rows always agree.

use proto::id::Time;

use super::{
    cell::{Cell, harmless},
    error::Error,
    when::When,
};

/// One column of a table of `T`.
#[derive(Debug)]
pub(crate) struct Column<T> {
    /// The name in the header row; it never changes, because programs read the files.
    pub(crate) head: &'static str,
    /// The display width in a spreadsheet, in characters.
    pub(crate) width: u16,
    /// The content of the cell.
    pub(crate) cell: fn(&T) -> Cell,
}

/// Writes CSV: UTF-8, commas, CRLF, quotation marks where needed.
#[derive(Debug)]
pub(crate) struct Csv {
    when: When,
}

/// The byte order mark, without which Excel does not read a file as UTF-8.
const MARK: &[u8] = "\u{FEFF}".as_bytes();

impl Csv {
    pub(crate) const fn new(when: When) -> Self {
        Self { when }
    }

    /// Returns the header row, after the byte order mark.
    pub(crate) fn head<T>(columns: &[Column<T>]) -> Result<Vec<u8>, Error> {
        let mut lines = writer(MARK.to_vec());
        lines.write_record(columns.iter().map(|column| column.head))?;
        lines.into_inner().map_err(|error| Error::Csv(error.into_error().into()))
    }

    /// Returns one line for each row.
    pub(crate) fn lines<T>(&self, columns: &[Column<T>], rows: &[T]) -> Result<Vec<u8>, Error> {
        let mut lines = writer(Vec::new());
        for row in rows {
            lines.write_record(columns.iter().map(|column| self.text(&(column.cell)(row))))?;
        }
        lines.into_inner().map_err(|error| Error::Csv(error.into_error().into()))
    }

    fn text(&self, cell: &Cell) -> String {
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(words) => harmless(words).into_owned(),
            Cell::Number(number) => number.to_string(),
            Cell::Day(day) => day.as_str().to_owned(),
            Cell::At(time) => self.at(*time),
        }
    }

    fn at(&self, time: Time) -> String {
        self.when.iso(time)
    }
}

fn writer(start: Vec<u8>) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column<String>] = &[
        Column { head: "name", width: 10, cell: |text| Cell::text(text.as_str()) },
        Column { head: "recorded", width: 10, cell: |_| Cell::At(Time(1_795_321_800_000)) },
    ];

    fn read(bytes: &[u8]) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
        rows.collect()
    }

    #[test]
    fn quotes_commas_line_breaks_and_direction_marks_survive_a_round_trip() {
        let csv = Csv::new(When::london());
        let long = "x".repeat(10_000);
        let names = ["O'Brien, \"Peg\"", "two\nlines", "cr\r\nlf", "\u{202E}yraM\u{202C}", &long];
        let names = names.map(str::to_owned);
        let bytes = csv.lines(COLUMNS, &names).unwrap();
        let rows = read(&bytes);
        let back: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(back, names);
        assert!(rows.iter().all(|row| row[1] == "2026-11-22T04:30:00+00:00"), "{rows:?}");
    }

    #[test]
    fn a_file_starts_with_a_byte_order_mark_and_uses_crlf() {
        let csv = Csv::new(When::london());
        let head = Csv::head(COLUMNS).unwrap();
        assert_eq!(head, b"\xEF\xBB\xBFname,recorded\r\n");
        assert!(csv.lines(COLUMNS, &["a".to_owned()]).unwrap().ends_with(b"\r\n"));
    }
}
