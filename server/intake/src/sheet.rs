//! The structure of a sheet around its cell values. It is read before any value, so that a sheet over its
//! limits is never loaded into memory.

use std::collections::BTreeSet;

use proto::limit::{
    IMPORT_CELLS_MAX, IMPORT_COLUMNS_MAX, IMPORT_MERGES_MAX, IMPORT_SHEET_ROWS_MAX,
};

use super::error::Why;

/// A merged cell, counted from 0, inclusive.
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
    /// Returns whether the merged cell covers a cell.
    pub(super) const fn holds(&self, row: usize, column: usize) -> bool {
        self.top <= row && row <= self.bottom && self.left <= column && column <= self.right
    }
}

/// The structure of a sheet. Rows and columns count from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) hidden_rows: BTreeSet<usize>,
    pub(super) hidden_columns: BTreeSet<usize>,
    pub(super) formulas: BTreeSet<(usize, usize)>,
    pub(super) merges: Vec<Merge>,
    /// The number of rows that are not blank.
    pub(super) filled_rows: usize,
    filled: usize,
    last_filled: Option<usize>,
}

impl Marks {
    /// Counts a run of filled cells, repeated over consecutive rows.
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

    /// Returns the rows with a cell that spans three columns or more.
    pub(super) fn banners(&self) -> BTreeSet<usize> {
        let wide = self.merges.iter().filter(|merge| merge.right > merge.left.saturating_add(1));
        wide.map(|merge| merge.top).collect()
    }

    /// Records a merged cell.
    pub(super) fn merge(&mut self, merge: Merge) -> Result<(), Why> {
        if self.merges.len() >= IMPORT_MERGES_MAX {
            return Err(Why::TooManyCells);
        }
        self.merges.push(merge);
        Ok(())
    }
}

/// A sheet in the list of sheets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Whether it is hidden.
    pub is_hidden: bool,
    /// The number of rows that are not blank.
    pub rows: usize,
}
