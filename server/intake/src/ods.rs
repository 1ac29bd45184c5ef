//! ODS: the sheets of a document and the structure around their cells.

use std::collections::BTreeSet;

use proto::limit::IMPORT_COLUMNS_MAX;
use quick_xml::events::BytesStart;

use super::{
    error::Why,
    pace::Pace,
    sheet::{Marks, Merge},
    unpack::Parts,
    xml::{Met, attribute, number, walk},
};

/// The entry with the content.
const CONTENT: &str = "content.xml";
/// The manifest, which also marks encrypted entries.
const MANIFEST: &str = "META-INF/manifest.xml";

/// The position of the parser in the document.
#[derive(Default)]
struct Place {
    hidden_styles: BTreeSet<String>,
    style: Option<String>,
    sheets: Vec<(String, bool, Marks)>,
    row: usize,
    rows: usize,
    column: usize,
    columns: usize,
    is_filled: bool,
    in_cell: bool,
    column_styles: usize,
}

/// Returns whether the document is password-protected.
pub(super) fn is_protected(parts: &Parts) -> Result<bool, Why> {
    Ok(parts.xml(MANIFEST)?.is_some_and(|manifest| manifest.contains("encryption-data")))
}

/// Returns each sheet with its marks, in document order.
pub(super) fn sheets(parts: &Parts, pace: Pace<'_>) -> Result<Vec<(String, bool, Marks)>, Why> {
    let content = parts.xml(CONTENT)?.ok_or(Why::Damaged)?;
    let mut place = Place::default();
    walk(content, pace, |met| {
        match met {
            Met::Open(start) => place.open(start)?,
            Met::Close(name) => place.close(name)?,
            Met::Words => place.is_filled |= place.in_cell,
        }
        Ok(())
    })?;
    Ok(place.sheets)
}

impl Place {
    /// Handles the start of an element.
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), Why> {
        match start.local_name().as_ref() {
            "style" => self.style = attribute(start, "name")?,
            "table-properties" => {
                let is_hidden = attribute(start, "display")?.as_deref() == Some("false");
                self.hidden_styles.extend(self.style.take().filter(|_| is_hidden));
            }
            "table" => {
                let name = attribute(start, "name")?.ok_or(Why::Damaged)?;
                let style = attribute(start, "style-name")?;
                let is_hidden = style.is_some_and(|style| self.hidden_styles.contains(&style));
                self.sheets.push((name, is_hidden, Marks::default()));
                (self.row, self.rows, self.column_styles) = (0, 0, 0);
            }
            "table-column" => self.columns(start)?,
            "table-row" => {
                self.row = self.row.saturating_add(self.rows);
                self.rows = repeated(start, "number-rows-repeated")?;
                (self.column, self.columns) = (0, 0);
                if is_collapsed(start)? {
                    let rows = self.row..self.row.saturating_add(self.rows.min(10_000));
                    self.marks()?.hidden_rows.extend(rows);
                }
            }
            "table-cell" | "covered-table-cell" => self.cell(start)?,
            _ => {}
        }
        Ok(())
    }

    /// Records the columns that an element covers.
    fn columns(&mut self, start: &BytesStart<'_>) -> Result<(), Why> {
        let first = self.column_styles;
        let count = repeated(start, "number-columns-repeated")?;
        self.column_styles = first.saturating_add(count);
        if is_collapsed(start)? {
            let last = self.column_styles.min(IMPORT_COLUMNS_MAX + 1);
            self.marks()?.hidden_columns.extend(first..last);
        }
        Ok(())
    }

    /// Records the start of a cell.
    fn cell(&mut self, start: &BytesStart<'_>) -> Result<(), Why> {
        self.column = self.column.saturating_add(self.columns);
        self.columns = repeated(start, "number-columns-repeated")?;
        self.in_cell = true;
        self.is_filled = attribute(start, "value-type")?.is_some();
        let (row, column) = (self.row, self.column);
        if attribute(start, "formula")?.is_some() {
            self.is_filled = true;
            self.marks()?.formulas.insert((row, column));
        }
        let across = number(start, "number-columns-spanned")?.unwrap_or(1);
        let down = number(start, "number-rows-spanned")?.unwrap_or(1);
        if across > 1 || down > 1 {
            let reach = |from: usize, count: u32| {
                from.saturating_add(usize::try_from(count).unwrap_or(1).saturating_sub(1))
            };
            let (bottom, right) = (reach(row, down), reach(column, across));
            self.marks()?.merge(Merge { top: row, bottom, left: column, right })?;
        }
        Ok(())
    }

    /// Handles the end of an element.
    fn close(&mut self, name: &str) -> Result<(), Why> {
        if name == "table-cell" || name == "covered-table-cell" {
            self.in_cell = false;
            if self.is_filled {
                let (rows, columns) = ((self.row, self.rows), (self.column, self.columns));
                self.marks()?.fill(rows, columns)?;
            }
        }
        Ok(())
    }

    /// Returns the marks of the current sheet.
    fn marks(&mut self) -> Result<&mut Marks, Why> {
        self.sheets.last_mut().map(|(_, _, marks)| marks).ok_or(Why::Damaged)
    }
}

/// Returns the repeat count of an element.
fn repeated(start: &BytesStart<'_>, name: &str) -> Result<usize, Why> {
    let count = number(start, name)?.unwrap_or(1);
    Ok(usize::try_from(count).unwrap_or(usize::MAX).max(1))
}

/// Returns whether rows or columns are hidden.
fn is_collapsed(start: &BytesStart<'_>) -> Result<bool, Why> {
    let visible = attribute(start, "visibility")?;
    Ok(visible.is_some_and(|word| word == "collapse" || word == "filter"))
}
