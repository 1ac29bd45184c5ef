//! Why a file cannot be imported at all. The words are for whoever has to put the file right; they name
//! rows and columns and never quote a cell.

use proto::limit::{
    IMPORT_BYTES_MAX, IMPORT_CELL_CHARS_MAX, IMPORT_COLUMNS_MAX, IMPORT_ROWS_MAX, PEOPLE_MAX,
};

/// A file that cannot be imported, and why. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {why}")]
pub struct Error {
    /// The file's name.
    pub file: String,
    /// What is wrong with it.
    #[source]
    pub why: Why,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// More bytes than an import takes.
    #[error("the file is larger than {} MB; is it the right one?", IMPORT_BYTES_MAX / (1024 * 1024))]
    TooLarge,
    /// A spreadsheet program's own format.
    #[error(
        "this is a spreadsheet file; open it and save it as CSV (\"CSV UTF-8\"), then send that"
    )]
    Spreadsheet,
    /// Not a text.
    #[error("this is not a text file; save the list as CSV (\"CSV UTF-8\"), then send that")]
    Binary,
    /// A text with broken characters.
    #[error("some characters cannot be read; save the list as CSV (\"CSV UTF-8\"), then send that")]
    Garbled,
    /// No row with column names.
    #[error(
        "no row with column names was found in the first {0} rows; the list needs one, such as \
         Room, Surname, Date of birth, NHS number"
    )]
    NoHeader(usize),
    /// A column that must be there.
    #[error("there is no column {0:?}")]
    NoColumn(&'static str),
    /// Column names and nothing below.
    #[error("row {0} has the column names, and there are no rows below it")]
    NoRows(usize),
    /// Too many rows.
    #[error("there are more than {IMPORT_ROWS_MAX} rows; is it the right file?")]
    TooManyRows,
    /// Too many people for one register.
    #[error("there are more than {PEOPLE_MAX} people, which is more than a room holds")]
    TooManyPeople,
    /// Too many columns.
    #[error("row {0} has more than {IMPORT_COLUMNS_MAX} columns; is it the right file?")]
    TooManyColumns(usize),
    /// Too long a cell.
    #[error(
        "row {row} (line {line} of the file), column {column}: the cell has more than \
         {IMPORT_CELL_CHARS_MAX} characters; shorten it, or look for a quotation mark that is not closed"
    )]
    CellTooLong {
        /// The row.
        row: usize,
        /// The line of the file where the row begins.
        line: usize,
        /// The number of the column, from 1.
        column: usize,
    },
    /// A quotation mark that never closes.
    #[error(
        "row {row} (line {line} of the file): a cell begins with a quotation mark that is never closed"
    )]
    OpenQuote {
        /// The row.
        row: usize,
        /// The line of the file where the row begins.
        line: usize,
    },
    /// A row with more cells than there are columns: everything in it may be in the wrong place.
    #[error(
        "row {row} (line {line} of the file) has {cells} cells, but there are {columns} columns; \
         probably a cell holds the separator and has no quotation marks. Put the row right and send \
         the file again"
    )]
    Ragged {
        /// The row.
        row: usize,
        /// The line of the file where the row begins.
        line: usize,
        /// The cells in the row.
        cells: usize,
        /// The columns.
        columns: usize,
    },
    /// A value that cannot be what its column says.
    #[error("row {row}, column {column:?}: {what}")]
    Value {
        /// The row.
        row: usize,
        /// The column.
        column: String,
        /// What is wrong.
        what: String,
    },
    /// A column mapping that cannot be followed.
    #[error("{0}")]
    Mapping(String),
    /// Decisions that cannot be read, or do not fit the list.
    #[error("{0}")]
    Decisions(String),
}

impl Why {
    /// Returns the error for a file.
    pub(crate) fn of(self, file: &str) -> Error {
        Error { file: file.to_owned(), why: self }
    }
}
