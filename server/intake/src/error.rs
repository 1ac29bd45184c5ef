//! Why a file cannot be imported at all. The messages are for the person who has to fix the file; they name
//! rows and columns and never quote a cell.

use proto::limit::{
    IMPORT_BYTES_MAX, IMPORT_CELL_CHARS_MAX, IMPORT_CELLS_MAX, IMPORT_COLUMNS_MAX,
    IMPORT_ENTRIES_MAX, IMPORT_ROWS_MAX, IMPORT_SHEET_ROWS_MAX, PEOPLE_MAX,
};

/// An error that stops the import of a file. Nothing was sent.
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
    /// An empty file.
    #[error("the file is empty")]
    Empty,
    /// Larger than the import limit.
    #[error("the file is larger than {} MB; is it the right one?", IMPORT_BYTES_MAX / (1024 * 1024))]
    TooLarge,
    /// Password-protected.
    #[error(
        "the file is locked with a password; open it, save it without a password, then send that"
    )]
    Protected,
    /// Excel before 2007, or a binary format.
    #[error("this is an older or binary Excel file; open it and save it as .xlsx, then send that")]
    OldExcel,
    /// A word-processor document.
    #[error(
        "this is a document, not a spreadsheet; copy the table into a spreadsheet, then send that"
    )]
    Document,
    /// Apple Numbers.
    #[error("this is an Apple Numbers file; export it as Excel (.xlsx), then send that")]
    Numbers,
    /// A ZIP archive of files.
    #[error("this is a zipped folder; open it and send the list that is in it")]
    Zip,
    /// A web page with a spreadsheet's file name.
    #[error(
        "this is a web page, not a spreadsheet; open it in a spreadsheet and save it as .xlsx, then send that"
    )]
    WebPage,
    /// A spreadsheet that its own program could not open either.
    #[error("the spreadsheet is damaged; open it, save it again as .xlsx, then send that")]
    Damaged,
    /// A decompression bomb.
    #[error(
        "the file becomes far too large when it is unpacked; copy the list into a new spreadsheet, then send that"
    )]
    Bomb,
    /// Too many entries.
    #[error(
        "the file has more than {IMPORT_ENTRIES_MAX} parts; copy the list into a new spreadsheet, then send that"
    )]
    TooManyEntries,
    /// XML with recursive entities or unbounded nesting.
    #[error(
        "the spreadsheet contains XML that is not safe to read; copy the list into a new one, then send that"
    )]
    Entities,
    /// Every sheet is hidden.
    #[error(
        "every sheet of the file is hidden; show the one with the list, save the file, then send it"
    )]
    OnlyHidden,
    /// The chosen sheet does not exist.
    #[error("the file has no such sheet; choose another")]
    NoSheet,
    /// The row chosen as the header row is blank or does not exist.
    #[error("row {0} holds no column names; choose another")]
    NoSuchHeader(usize),
    /// Content far below the list.
    #[error(
        "there is something in row {0}, but a list must end above row {IMPORT_SHEET_ROWS_MAX}; clear everything below the list and send it again"
    )]
    TooLong(usize),
    /// Too many cells.
    #[error("the sheet has more than {IMPORT_CELLS_MAX} cells; is it the right file?")]
    TooManyCells,
    /// Reading took too long.
    #[error("the file took too long to read; copy the list into a new spreadsheet, then send that")]
    TooSlow,
    /// Not text.
    #[error(
        "this is neither a spreadsheet nor a list as text; save it as .xlsx or CSV, then send that"
    )]
    Binary,
    /// Text with invalid characters.
    #[error(
        "some characters cannot be read; save the list as .xlsx or as \"CSV UTF-8\", then send that"
    )]
    Garbled,
    /// No header row.
    #[error(
        "no row with column names was found in the first {0} rows; the list needs one, such as \
         Room, Surname, Date of birth, NHS number"
    )]
    NoHeader(usize),
    /// A required column is missing.
    #[error("there is no column {0:?}")]
    NoColumn(&'static str),
    /// A header row with no rows below it.
    #[error("row {0} has the column names, and there are no rows below it")]
    NoRows(usize),
    /// Too many rows.
    #[error("there are more than {IMPORT_ROWS_MAX} rows; is it the right file?")]
    TooManyRows,
    /// More people than one register holds.
    #[error("there are more than {PEOPLE_MAX} people, which is more than a room holds")]
    TooManyPeople,
    /// Too many columns.
    #[error("row {0} has more than {IMPORT_COLUMNS_MAX} columns; is it the right file?")]
    TooManyColumns(usize),
    /// A cell that is too long.
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
    /// A quotation mark that is never closed.
    #[error(
        "row {row} (line {line} of the file): a cell begins with a quotation mark that is never closed"
    )]
    OpenQuote {
        /// The row.
        row: usize,
        /// The line of the file where the row begins.
        line: usize,
    },
    /// A row with more cells than columns: every value in it may be in the wrong column.
    #[error(
        "row {row} (line {line} of the file) has {cells} cells, but there are {columns} columns; \
         a cell probably contains the separator without quotation marks. Correct the row and send \
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
    /// A value that is invalid for its column.
    #[error("row {row}, column {column:?}: {what}")]
    Value {
        /// The row.
        row: usize,
        /// The column.
        column: String,
        /// What is wrong.
        what: String,
    },
    /// An invalid column mapping.
    #[error("{0}")]
    Mapping(String),
    /// Decisions that are invalid or do not match the list.
    #[error("{0}")]
    Decisions(String),
}

impl Why {
    /// Returns the error with the name of the file.
    pub fn of(self, file: &str) -> Error {
        Error { file: file.to_owned(), why: self }
    }
}
