//! Finds the column names among the first rows of a list, and joins those that span two lines.

use super::{
    cell::{Cell, fold_name},
    column::Field,
    error::Why,
    record::{Grid, Record},
    sheet::Merge,
};

/// Rows searched for the column names; titles and blank rows may come first.
pub(super) const HEADER_ROWS_MAX: usize = 40;
/// The minimum number of known column names in a header row.
const HEADER_CELLS_MIN: usize = 2;
/// Group headings that add no meaning: the column names below them are about the person.
const PERSONS: [&str; 12] = [
    "resident",
    "residents",
    "resident details",
    "details",
    "personal details",
    "person",
    "service user",
    "client",
    "client details",
    "name",
    "personal",
    "about the resident",
];

/// The column names of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Heading {
    /// The names, for display.
    pub(super) cells: Vec<Cell>,
    /// The first row of the heading.
    pub(super) first_row: usize,
    /// The last row of the heading.
    pub(super) last_row: usize,
    /// The index of the first record below the heading.
    pub(super) below: usize,
}

/// Returns the number of known column names in a row.
pub(super) fn known_cells(record: &Record, is_known: &dyn Fn(&str) -> bool) -> usize {
    record.cells.iter().filter(|cell| is_known(&fold_name(cell.as_str()))).count()
}

/// Finds the column names: in the given row, else in the first row with the most known names.
pub(super) fn find(
    grid: &Grid,
    said: Option<usize>,
    is_known: &dyn Fn(&str) -> bool,
) -> Result<Heading, Why> {
    let records = grid.records.as_slice();
    let at = match said {
        Some(row) => {
            records.iter().position(|record| record.row == row).ok_or(Why::NoSuchHeader(row))?
        }
        None => best(records, is_known).ok_or(Why::NoHeader(HEADER_ROWS_MAX))?,
    };
    let lines = Lines { grid, is_known };
    let (first, last) = if said.is_none() && lines.is_group_line(at) {
        (at.saturating_sub(1), at)
    } else if lines.goes_on(at) {
        (at, at + 1)
    } else {
        (at, at)
    };
    lines.heading(first, last).ok_or(Why::NoHeader(HEADER_ROWS_MAX))
}

/// Returns the index of the first row with the most known names.
fn best(records: &[Record], is_known: &dyn Fn(&str) -> bool) -> Option<usize> {
    let top = || records.iter().take_while(|record| record.row <= HEADER_ROWS_MAX);
    let counts = || top().map(|record| known_cells(record, is_known));
    let most = counts().max().filter(|most| *most >= HEADER_CELLS_MIN)?;
    counts().position(|count| count == most)
}

/// The lines that may hold column names.
struct Lines<'a> {
    grid: &'a Grid,
    is_known: &'a dyn Fn(&str) -> bool,
}

impl Lines<'_> {
    /// Returns this record and the next, if no blank row separates them.
    fn pair(&self, at: usize) -> Option<(&Record, &Record)> {
        let (one, next) = (self.grid.records.get(at)?, self.grid.records.get(at + 1)?);
        (one.row + 1 == next.row).then_some((one, next))
    }

    /// Returns the cells of a row that are merged across columns.
    fn across(&self, row: usize) -> impl Iterator<Item = &Merge> {
        let merges = self.grid.marks.merges.iter();
        merges.filter(move |merge| merge.top + 1 == row && merge.right > merge.left)
    }

    /// Returns whether the row above holds group headings: more than one, or it would be a title.
    fn is_group_line(&self, at: usize) -> bool {
        let Some((above, names)) = at.checked_sub(1).and_then(|above| self.pair(above)) else {
            return false;
        };
        let filled = above.cells.iter().filter(|cell| !cell.is_blank()).count();
        let is_narrow = |merge: &Merge| merge.right - merge.left + 1 < names.cells.len();
        let groups = self.across(above.row).filter(|merge| is_narrow(merge)).count();
        filled >= 2 && (groups >= 1 || self.combined(above, names) > 0)
    }

    /// Returns whether the row below continues the column names under a group heading.
    fn goes_on(&self, at: usize) -> bool {
        let Some((above, below)) = self.pair(at) else { return false };
        let filled: Vec<&str> =
            below.cells.iter().map(Cell::as_str).filter(|text| !text.trim().is_empty()).collect();
        let has_digits = filled.iter().any(|text| text.contains(|c: char| c.is_ascii_digit()));
        let is_spread = self.across(above.row).next().is_some() || self.combined(above, below) > 0;
        let is_repeated =
            filled.iter().all(|text| above.cells.iter().any(|cell| cell.as_str() == *text));
        filled.len() >= 2
            && !has_digits
            && !is_repeated
            && is_spread
            && self.known_below(above, below) == filled.len()
    }

    /// Returns how many names have a meaning only together with their group heading.
    fn combined(&self, above: &Record, names: &Record) -> usize {
        let groups = self.groups(above, names.cells.len());
        let both = names.cells.iter().zip(&groups);
        both.filter(|(name, group)| {
            !group.is_empty()
                && !name.is_blank()
                && !PERSONS.contains(&fold_name(group).as_str())
                && Field::of(&fold_name(&format!("{group} {}", name.as_str()))).is_some()
        })
        .count()
    }

    /// Returns how many names in the row below are known, alone or with their group heading.
    fn known_below(&self, above: &Record, below: &Record) -> usize {
        let groups = self.groups(above, below.cells.len());
        let both = below.cells.iter().zip(&groups);
        both.filter(|(name, group)| {
            let both = fold_name(&format!("{group} {}", name.as_str()));
            !name.is_blank()
                && ((self.is_known)(&fold_name(name.as_str())) || Field::of(&both).is_some())
        })
        .count()
    }

    /// Returns the group heading of each column: a merged cell covers all its columns; without merged cells,
    /// a heading extends to the next.
    fn groups(&self, above: &Record, columns: usize) -> Vec<String> {
        let merges: Vec<&Merge> = self.across(above.row).collect();
        let text = |column: usize| above.cells.get(column).map_or("", Cell::as_str).trim();
        let mut last = "";
        let mut groups = Vec::with_capacity(columns);
        for column in 0..columns {
            let row = above.row.saturating_sub(1);
            let merge = merges.iter().find(|merge| merge.holds(row, column));
            let group = match merge {
                Some(merge) => text(merge.left),
                None if !text(column).is_empty() => text(column),
                None if merges.is_empty() => last,
                None => "",
            };
            last = group;
            groups.push(group.to_owned());
        }
        groups
    }

    /// Returns the heading made of these lines.
    fn heading(&self, first: usize, last: usize) -> Option<Heading> {
        let (top, bottom) = (self.grid.records.get(first)?, self.grid.records.get(last)?);
        let cells = if first == last {
            bottom.cells.clone()
        } else {
            let columns = top.cells.len().max(bottom.cells.len());
            let groups = self.groups(top, columns).into_iter().enumerate();
            groups.map(|(column, group)| together(top, bottom, column, &group)).collect()
        };
        Some(Heading { cells, first_row: top.row, last_row: bottom.row, below: last + 1 })
    }
}

/// Joins a column name that spans two lines.
fn together(top: &Record, bottom: &Record, column: usize, group: &str) -> Cell {
    let own = bottom.cells.get(column).map_or("", Cell::as_str).trim();
    let above = top.cells.get(column).map_or("", Cell::as_str).trim();
    if own.is_empty() {
        return Cell::new(above);
    }
    if group.is_empty() || PERSONS.contains(&fold_name(group).as_str()) {
        return Cell::new(own);
    }
    Cell::new(format!("{group} {own}"))
}
