//! A spreadsheet file: its format, its sheets, and the cells of one sheet as text.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{Data, DataRef, ExcelDateTime, Ods, Range, Reader, Xlsx};
use proto::limit::{IMPORT_BYTES_MAX, IMPORT_CELL_CHARS_MAX};

use super::{
    cell::Cell,
    error::Why,
    ods,
    pace::Pace,
    record::{Grid, Record},
    sheet::{Listed, Marks},
    unpack::Parts,
    xlsx,
};

/// The first bytes of a ZIP file.
const ZIP: &[u8] = b"PK\x03\x04";
/// The first bytes of an OLE file: Excel before 2007, or the wrapper of an encrypted later file.
const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// The format of a spreadsheet file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Xlsx,
    Ods,
}

/// A spreadsheet file whose sheets are listed and within their limits.
#[derive(Debug)]
pub(super) struct Book<'a> {
    bytes: &'a [u8],
    kind: Kind,
    /// Whether it contains macros; they are never run.
    pub(super) has_macros: bool,
    sheets: Vec<(Listed, Marks)>,
}

/// Returns whether a file is a spreadsheet (rather than text), or an error for one that is unsupported.
pub(super) fn is_book(bytes: &[u8]) -> Result<bool, Why> {
    if bytes.len() > IMPORT_BYTES_MAX {
        return Err(Why::TooLarge);
    }
    if bytes.starts_with(OLE) {
        let is_encrypted = holds(bytes, "EncryptedPackage");
        return Err(if is_encrypted { Why::Protected } else { Why::OldExcel });
    }
    Ok(bytes.starts_with(ZIP))
}

/// Returns whether an OLE file has a part of this name, which it writes in two bytes per letter.
fn holds(bytes: &[u8], name: &str) -> bool {
    let wanted: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

impl<'a> Book<'a> {
    /// Opens a file and checks all of it once.
    pub(super) fn open(bytes: &'a [u8], pace: Pace<'_>) -> Result<Self, Why> {
        let parts = Parts::read(bytes, pace)?;
        let kind = kind(&parts)?;
        let sheets = match kind {
            Kind::Xlsx => xlsx::sheets(&parts, pace)?,
            Kind::Ods if ods::is_protected(&parts)? => return Err(Why::Protected),
            Kind::Ods => ods::sheets(&parts, pace)?,
        };
        let listed = sheets.into_iter().map(|(name, is_hidden, marks)| {
            (Listed { name, is_hidden, rows: marks.filled_rows }, marks)
        });
        let has_macros = parts
            .names
            .iter()
            .any(|name| name.ends_with("vbaproject.bin") || name.starts_with("basic/"));
        Ok(Self { bytes, kind, has_macros, sheets: listed.collect() })
    }

    /// Returns the display name of the format.
    pub(super) const fn spoken(&self) -> &'static str {
        match self.kind {
            Kind::Xlsx => "Excel workbook",
            Kind::Ods => "OpenDocument spreadsheet",
        }
    }

    /// Returns the sheets in file order.
    pub(super) fn sheets(&self) -> impl Iterator<Item = &Listed> {
        self.sheets.iter().map(|(listed, _)| listed)
    }

    /// Returns the cells of a sheet.
    pub(super) fn grid(&self, name: &str, pace: Pace<'_>) -> Result<Grid, Why> {
        let (_, marks) =
            self.sheets.iter().find(|(listed, _)| listed.name == name).ok_or(Why::NoSheet)?;
        pace.go_on()?;
        let cells = match self.kind {
            Kind::Xlsx => self.xlsx(name, pace)?,
            Kind::Ods => self.ods(name)?,
        };
        let mut grid = Grid { marks: marks.clone(), ..Grid::default() };
        let last = cells.last_key_value().map_or(0, |(row, _)| row.saturating_add(1));
        grid.blank = (0..last).filter(|row| !cells.contains_key(row)).map(|row| row + 1).collect();
        for (row, filled) in cells {
            grid.records.push(record(row, filled)?);
        }
        Ok(grid)
    }

    /// Reads the cells of an XLSX sheet one by one: the dimensions that the sheet declares are not trusted.
    fn xlsx(&self, name: &str, pace: Pace<'_>) -> Result<Cells, Why> {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(self.bytes)).map_err(|_| Why::Damaged)?;
        let mut reader = book.worksheet_cells_reader(name).map_err(|_| Why::Damaged)?;
        let mut cells = Cells::new();
        while let Some(cell) = reader.next_cell().map_err(|_| Why::Damaged)? {
            pace.go_on()?;
            let (row, column) = cell.get_position();
            put(&mut cells, row, column, text_of(cell.get_value()));
        }
        Ok(cells)
    }

    /// Reads the cells of an ODS sheet.
    fn ods(&self, name: &str) -> Result<Cells, Why> {
        let mut book: Ods<_> = Ods::new(Cursor::new(self.bytes)).map_err(|_| Why::Damaged)?;
        let range: Range<Data> = book.worksheet_range(name).map_err(|_| Why::Damaged)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut cells = Cells::new();
        for (row, column, value) in range.used_cells() {
            let place =
                |from: u32, by: usize| from.saturating_add(u32::try_from(by).unwrap_or(u32::MAX));
            put(&mut cells, place(top, row), place(left, column), words(value));
        }
        Ok(cells)
    }
}

/// The text of a sheet's cells, by row and column.
type Cells = BTreeMap<usize, Vec<(usize, String)>>;

/// Stores the text of a cell unless it is empty.
fn put(cells: &mut Cells, row: u32, column: u32, text: String) {
    let (Ok(row), Ok(column)) = (usize::try_from(row), usize::try_from(column)) else { return };
    if !text.trim().is_empty() {
        cells.entry(row).or_default().push((column, text));
    }
}

/// Returns a row of cells, with empty cells in the gaps.
fn record(row: usize, filled: Vec<(usize, String)>) -> Result<Record, Why> {
    let width = filled.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
    let mut cells = vec![Cell::default(); width];
    for (column, text) in filled {
        if text.chars().count() > IMPORT_CELL_CHARS_MAX {
            return Err(Why::CellTooLong { row: row + 1, line: row + 1, column: column + 1 });
        }
        if let Some(place) = cells.get_mut(column) {
            *place = Cell::new(text);
        }
    }
    Ok(Record { row: row + 1, line: row + 1, cells })
}

/// Formats an ODS value like [`text_of`].
fn words(value: &Data) -> String {
    text_of(&match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(is) => DataRef::Bool(*is),
        Data::DateTime(date) => DataRef::DateTime(*date),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    })
}

/// Formats a value as a person would write it: a whole number without a decimal point, a date as a date.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => format!("{number}"),
        DataRef::String(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(is) => if *is { "Yes" } else { "No" }.to_owned(),
        DataRef::DateTime(date) => date_of(*date),
        DataRef::DateTimeIso(text) => {
            text.split_once('T').map_or(text.as_str(), |(date, _)| date).to_owned()
        }
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// Formats a spreadsheet date, in either date system (1900 or 1904).
fn date_of(date: ExcelDateTime) -> String {
    if !date.is_datetime() || date.as_f64() < 1.0 {
        return format!("{}", date.as_f64());
    }
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}

/// Detects the format of a ZIP file from its entries.
fn kind(parts: &Parts) -> Result<Kind, Why> {
    if parts.has("xl/workbook.xml") {
        Ok(Kind::Xlsx)
    } else if parts.has("xl/workbook.bin") {
        Err(Why::OldExcel)
    } else if parts.has("word/document.xml") {
        Err(Why::Document)
    } else if parts.has("content.xml") {
        let is_sheet =
            parts.xml("content.xml")?.is_some_and(|xml| xml.contains("office:spreadsheet"));
        if is_sheet { Ok(Kind::Ods) } else { Err(Why::Document) }
    } else if parts.names.iter().any(|name| name.starts_with("index/")) {
        Err(Why::Numbers)
    } else if parts.xml_names().next().is_some() {
        Err(Why::Damaged)
    } else {
        Err(Why::Zip)
    }
}
