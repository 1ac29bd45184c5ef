//! Why the directory cannot take a file. The messages are for the sender; they name rows and columns and
//! never quote a cell.

use proto::limit::{
    DIRECTORY_BYTES_MAX, DIRECTORY_COLUMNS_MAX, DIRECTORY_PLACES_MAX, DIRECTORY_ROWS_MAX,
};

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An empty file.
    #[error("The file is empty.")]
    Empty,
    /// Larger than the limit.
    #[error("The file is larger than {} MB; is it the right one?", DIRECTORY_BYTES_MAX / (1024 * 1024))]
    TooLarge,
    /// A decompression bomb.
    #[error("The file unpacks to more than any list of homes holds, so it was not read.")]
    Bomb,
    /// Neither a spreadsheet nor CSV.
    #[error(
        "This is not a file that can be read here. Send the regulator's file as it was downloaded \
         (.csv, .ods or .xlsx)."
    )]
    NotAList,
    /// An old Excel file.
    #[error("This is an old Excel file (.xls). Open it, save it as .xlsx or .ods, and send that.")]
    OldExcel,
    /// A spreadsheet that is damaged.
    #[error("The spreadsheet is damaged and cannot be read to its end; download it again.")]
    Damaged,
    /// Text with invalid characters.
    #[error("Some characters of the file cannot be read; download it again.")]
    Garbled,
    /// A quotation mark that is never closed.
    #[error("Row {0} has a cell that begins with a quotation mark which is never closed.")]
    OpenQuote(u32),
    /// Too many rows.
    #[error("The file has more than {DIRECTORY_ROWS_MAX} rows; is it the right one?")]
    TooManyRows,
    /// Too many columns.
    #[error("Row {0} has more than {DIRECTORY_COLUMNS_MAX} columns; is it the right file?")]
    TooManyColumns(u32),
    /// Too many places.
    #[error("The file lists more than {DIRECTORY_PLACES_MAX} places; is it the right one?")]
    TooManyPlaces,
    /// An unknown layout.
    #[error(
        "No row with the column names of a CQC file was found. Accepted files are the care directory, the \
         directory with filters, the latest ratings, the deactivated locations, and lists with the \
         columns name and cqc_id."
    )]
    NoLayout,
    /// A header row with no places below it.
    #[error("The file has the right column names, and no home or home care agency below them.")]
    NoPlaces,
    /// The file has no date.
    #[error(
        "Neither the file nor its name gives a date. Enter the date of the file, or keep \
         the name that it was downloaded under, such as 16_September_2026_CQC_directory.csv."
    )]
    NoDay,
    /// A date in the future.
    #[error("The date of the file is in the future; enter the date that the file was made.")]
    FutureDay,
    /// A later file of the same kind is stored.
    #[error("A later file of this kind is already stored, of {0}. Nothing was changed.")]
    Older(String),
    /// Another upload is in progress.
    #[error("Another file is being read at this moment; send this one again in a minute.")]
    Busy,
}
