//! Why a file for the directory cannot be taken in. The words are for whoever sends it; they name rows and
//! columns and never quote a cell.

use proto::limit::{
    DIRECTORY_BYTES_MAX, DIRECTORY_COLUMNS_MAX, DIRECTORY_PLACES_MAX, DIRECTORY_ROWS_MAX,
};

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing in it.
    #[error("The file is empty.")]
    Empty,
    /// More bytes than are taken.
    #[error("The file is larger than {} MB; is it the right one?", DIRECTORY_BYTES_MAX / (1024 * 1024))]
    TooLarge,
    /// A spreadsheet that unpacks to more than anybody's list.
    #[error("The file unpacks to more than any list of homes holds, so it was not read.")]
    Bomb,
    /// No spreadsheet and no CSV.
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
    /// A text with broken characters.
    #[error("Some characters of the file cannot be read; download it again.")]
    Garbled,
    /// A quotation mark that never closes.
    #[error("Row {0} has a cell that begins with a quotation mark which is never closed.")]
    OpenQuote(u32),
    /// Too many rows.
    #[error("The file has more than {DIRECTORY_ROWS_MAX} rows; is it the right one?")]
    TooManyRows,
    /// Too many columns.
    #[error("Row {0} has more than {DIRECTORY_COLUMNS_MAX} columns; is it the right file?")]
    TooManyColumns(u32),
    /// Too many places.
    #[error("The file tells of more than {DIRECTORY_PLACES_MAX} places; is it the right one?")]
    TooManyPlaces,
    /// None of the known layouts.
    #[error(
        "No row with the column names of a CQC file was found. Known are the care directory, the \
         directory with filters, the latest ratings, the deactivated locations, and lists with the \
         columns name and cqc_id."
    )]
    NoLayout,
    /// Column names and no place below them.
    #[error("The file has the right column names, and no home or home care agency below them.")]
    NoPlaces,
    /// Nothing says of which day the file is.
    #[error(
        "Nothing in the file or its name says of which day it is. Give the day of the file, or keep \
         the name that it was downloaded under, such as 16_September_2026_CQC_directory.csv."
    )]
    NoDay,
    /// A day that cannot be.
    #[error("The day of the file lies in the future; give the day that the file was made.")]
    FutureDay,
    /// A later file of the same kind is kept already.
    #[error("A later file of this kind is kept already: of {0}. Nothing was changed.")]
    Older(String),
    /// Somebody else's file is being read.
    #[error("Another file is being read at this moment; send this one again in a minute.")]
    Busy,
}
