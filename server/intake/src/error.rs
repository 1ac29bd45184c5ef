//! Why a file cannot be imported at all. The words are for whoever has to put the file right; they name
//! rows and columns and never quote a cell.

use proto::limit::{
    IMPORT_BYTES_MAX, IMPORT_CELL_CHARS_MAX, IMPORT_CELLS_MAX, IMPORT_COLUMNS_MAX,
    IMPORT_ENTRIES_MAX, IMPORT_ROWS_MAX, IMPORT_SHEET_ROWS_MAX, PEOPLE_MAX,
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
    /// Locked with a password.
    #[error(
        "the file is locked with a password; open it, save it without a password, then send that"
    )]
    Protected,
    /// The format of Excel before 2007, or a binary one.
    #[error("this is an older or binary Excel file; open it and save it as .xlsx, then send that")]
    OldExcel,
    /// A letter and no list.
    #[error(
        "this is a document and no spreadsheet; copy the table into a spreadsheet, then send that"
    )]
    Document,
    /// Apple's own format.
    #[error("this is a file of Numbers; export it as Excel (.xlsx), then send that")]
    Numbers,
    /// A folder in one file.
    #[error("this is a zipped folder; open it and send the list that is in it")]
    Zip,
    /// A web page under another name.
    #[error(
        "this is a web page and no spreadsheet; open it in a spreadsheet and save it as .xlsx, then send that"
    )]
    WebPage,
    /// A spreadsheet that its own program would not open either.
    #[error("the spreadsheet is damaged; open it, save it again as .xlsx, then send that")]
    Damaged,
    /// A file made to fill the memory.
    #[error(
        "the file becomes far too large when it is unpacked; copy the list into a new spreadsheet, then send that"
    )]
    Bomb,
    /// A file with very many parts.
    #[error(
        "the file has more than {IMPORT_ENTRIES_MAX} parts; copy the list into a new spreadsheet, then send that"
    )]
    TooManyEntries,
    /// XML that refers to itself, or nests without end.
    #[error(
        "the spreadsheet is written in a way that could harm; copy the list into a new one, then send that"
    )]
    Entities,
    /// Every sheet is hidden.
    #[error(
        "every sheet of the file is hidden; show the one with the list, save the file, then send it"
    )]
    OnlyHidden,
    /// The sheet that was chosen is not there.
    #[error("the file has no such sheet; choose another")]
    NoSheet,
    /// The row that was chosen for the column names is blank or not there.
    #[error("row {0} holds no column names; choose another")]
    NoSuchHeader(usize),
    /// Something far below.
    #[error(
        "something stands in row {0}, and a list ends above row {IMPORT_SHEET_ROWS_MAX}; clear what is below the list and send it again"
    )]
    TooLong(usize),
    /// Too many cells.
    #[error("the sheet has more than {IMPORT_CELLS_MAX} cells; is it the right file?")]
    TooManyCells,
    /// Reading took longer than anybody waits.
    #[error("the file took too long to read; copy the list into a new spreadsheet, then send that")]
    TooSlow,
    /// Not a text.
    #[error(
        "this is neither a spreadsheet nor a list as text; save it as .xlsx or CSV, then send that"
    )]
    Binary,
    /// A text with broken characters.
    #[error(
        "some characters cannot be read; save the list as .xlsx or as \"CSV UTF-8\", then send that"
    )]
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
    pub fn of(self, file: &str) -> Error {
        Error { file: file.to_owned(), why: self }
    }
}
