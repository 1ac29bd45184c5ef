//! Errors of an export.

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The room cannot be read.
    #[error("{0}")]
    Room(#[from] hub::Error),
    /// A cell is too long for a spreadsheet; nothing is truncated silently.
    #[error(
        "{whose}: {column} has {chars} characters, and a spreadsheet's cell holds {most}. Take the \
         CSV, which holds all of it."
    )]
    TooLong {
        /// The row.
        whose: String,
        /// The column.
        column: &'static str,
        /// Its length.
        chars: usize,
        /// The maximum length.
        most: usize,
    },
    /// A line of CSV cannot be written.
    #[error("a line of the file could not be written: {0}")]
    Csv(#[from] csv::Error),
    /// The spreadsheet cannot be written.
    #[error("the spreadsheet could not be written: {0}")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
    /// A line of JSON cannot be written.
    #[error("an entry could not be written: {0}")]
    Json(#[from] serde_json::Error),
    /// The work was cancelled.
    #[error("the export was given up: {0}")]
    GivenUp(#[from] tokio::task::JoinError),
}
