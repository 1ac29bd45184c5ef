//! A sheet of a spreadsheet: what stands about its cells beside their values. Read before any value is,
//! so that a sheet beyond its limits is never laid out in memory.

use std::collections::BTreeSet;

use proto::limit::{
    IMPORT_CELLS_MAX, IMPORT_COLUMNS_MAX, IMPORT_MERGES_MAX, IMPORT_SHEET_ROWS_MAX,
};

use super::error::Why;

/// Cells merged into one, from 0, the last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// The first row.
    pub top: usize,
    /// The last row.
    pub bottom: usize,
    /// The first column.
    pub left: usize,
    /// The last column.
    pub right: usize,
}

impl Merge {
    /// Tells whether a cell is one of them.
    pub(super) const fn holds(&self, row: usize, column: usize) -> bool {
        self.top <= row && row <= self.bottom && self.left <= column && column <= self.right
    }
}

/// What stands about a sheet's cells. Rows and columns count from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) hidden_rows: BTreeSet<usize>,
    pub(super) hidden_columns: BTreeSet<usize>,
    pub(super) formulas: BTreeSet<(usize, usize)>,
    pub(super) merges: Vec<Merge>,
    /// Rows with something in them.
    pub(super) filled_rows: usize,
    filled: usize,
    last_filled: Option<usize>,
}

impl Marks {
    /// Counts filled cells that stand side by side, in rows alike that follow each other.
    pub(super) fn fill(
        &mut self,
        (row, rows): (usize, usize),
        (column, columns): (usize, usize),
    ) -> Result<(), Why> {
        if column.saturating_add(columns) > IMPORT_COLUMNS_MAX {
            return Err(Why::TooManyColumns(row.saturating_add(1)));
        }
        let end = row.saturating_add(rows);
        if end > IMPORT_SHEET_ROWS_MAX {
            return Err(Why::TooLong(end));
        }
        self.filled = self.filled.saturating_add(rows.saturating_mul(columns));
        if self.filled > IMPORT_CELLS_MAX {
            return Err(Why::TooManyCells);
        }
        if self.last_filled.is_none_or(|last| row > last) {
            self.filled_rows = self.filled_rows.saturating_add(rows);
            self.last_filled = end.checked_sub(1);
        }
        Ok(())
    }

    /// Returns the rows in which a cell is spread over three columns or more.
    pub(super) fn banners(&self) -> BTreeSet<usize> {
        let wide = self.merges.iter().filter(|merge| merge.right > merge.left.saturating_add(1));
        wide.map(|merge| merge.top).collect()
    }

    /// Keeps merged cells.
    pub(super) fn merge(&mut self, merge: Merge) -> Result<(), Why> {
        if self.merges.len() >= IMPORT_MERGES_MAX {
            return Err(Why::TooManyCells);
        }
        self.merges.push(merge);
        Ok(())
    }
}

/// A sheet as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Whether the file hides it.
    pub is_hidden: bool,
    /// Rows with something in them.
    pub rows: usize,
}
