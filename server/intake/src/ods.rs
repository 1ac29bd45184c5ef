//! ODS: the sheets of a document and what stands about their cells.

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

/// The document's content.
const CONTENT: &str = "content.xml";
/// The list of the file's entries, which also says whether they are encrypted.
const MANIFEST: &str = "META-INF/manifest.xml";

/// Where a walk through the document stands.
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

/// Tells whether the document is locked with a password.
pub(super) fn is_protected(parts: &Parts) -> Result<bool, Why> {
    Ok(parts.xml(MANIFEST)?.is_some_and(|manifest| manifest.contains("encryption-data")))
}

/// Returns each sheet with what stands about its cells, in the order of the document.
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
    /// Takes an element that begins.
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

    /// Takes the columns that an element is about.
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

    /// Takes a cell that begins.
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

    /// Takes an element that ends.
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

    /// Returns the marks of the sheet that is walked through.
    fn marks(&mut self) -> Result<&mut Marks, Why> {
        self.sheets.last_mut().map(|(_, _, marks)| marks).ok_or(Why::Damaged)
    }
}

/// Returns how often an element stands for itself.
fn repeated(start: &BytesStart<'_>, name: &str) -> Result<usize, Why> {
    let count = number(start, name)?.unwrap_or(1);
    Ok(usize::try_from(count).unwrap_or(usize::MAX).max(1))
}

/// Tells whether rows or columns are hidden.
fn is_collapsed(start: &BytesStart<'_>) -> Result<bool, Why> {
    let visible = attribute(start, "visibility")?;
    Ok(visible.is_some_and(|word| word == "collapse" || word == "filter"))
}
