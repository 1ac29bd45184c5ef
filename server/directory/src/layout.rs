//! Recognises a known file and its columns. Columns move between releases, so they are found by name.

use std::collections::BTreeMap;

use intake::cell::fold_name;
use proto::directory::FileKind;

/// Prefixes of the service type and service user band columns in the file with filters.
const SERVICE_TYPE: &str = "service type ";
const USER_BAND: &str = "service user band ";

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Layout {
    /// The kind of file.
    pub(super) kind: FileKind,
    columns: BTreeMap<String, usize>,
    /// Columns that hold a `Y` for a service type.
    pub(super) services: Vec<(usize, String)>,
    /// Columns that hold a `Y` for a service user band.
    pub(super) bands: Vec<(usize, String)>,
}

/// A row with its column names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    layout: &'a Layout,
    cells: &'a [String],
}

impl Layout {
    /// Recognises a layout by its column names; blank cells may surround them.
    pub(super) fn recognise(cells: &[String]) -> Option<Self> {
        let names: Vec<String> = cells.iter().map(|cell| fold_name(cell)).collect();
        let has = |name: &str| names.iter().any(|known| known == name);
        let is_first = |name: &str| names.first().is_some_and(|first| first == name);
        let location = has("location id");
        let kind = if location && has("domain") && has("latest rating") {
            FileKind::Ratings
        } else if location && (has("location hsca end date") || has("location end date")) {
            FileKind::Deactivated
        } else if location && has("location name") {
            FileKind::Filters
        } else if is_first("name") && names.iter().any(|name| name.starts_with("cqc location id")) {
            FileKind::Directory
        } else if has("name") && has("cqc id") {
            FileKind::Local
        } else {
            return None;
        };
        let mut columns = BTreeMap::new();
        let (mut services, mut bands) = (Vec::new(), Vec::new());
        for (at, name) in names.into_iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if let Some(service) = name.strip_prefix(SERVICE_TYPE) {
                services.push((at, service.to_owned()));
            } else if let Some(band) = name.strip_prefix(USER_BAND) {
                bands.push((at, band.to_owned()));
            }
            columns.entry(name).or_insert(at);
        }
        Some(Self { kind, columns, services, bands })
    }

    /// Returns whether the column exists.
    pub(super) fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    /// Returns a row of this layout.
    pub(super) const fn row<'a>(&'a self, cells: &'a [String]) -> Row<'a> {
        Row { layout: self, cells }
    }
}

impl<'a> Row<'a> {
    /// Returns the text of the first of these columns that exists.
    pub(super) fn text(&self, names: &[&str]) -> &'a str {
        let column = names.iter().find_map(|name| self.layout.columns.get(*name));
        column.map_or("", |column| self.at(*column))
    }

    /// Returns the text of each of these columns.
    pub(super) fn texts(self, names: &'a [&str]) -> impl Iterator<Item = &'a str> {
        names.iter().map(move |name| self.text(&[name]))
    }

    /// Returns the text of a column by index.
    pub(super) fn at(&self, column: usize) -> &'a str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str) -> Vec<String> {
        line.split(',').map(|cell| cell.trim().to_owned()).collect()
    }

    fn kind(line: &str) -> Option<FileKind> {
        Layout::recognise(&cells(line)).map(|layout| layout.kind)
    }

    #[test]
    fn every_file_is_recognised_by_its_columns_in_any_order() {
        let directory = "Name, Also known as, Address, CQC Location ID (for office use only)";
        assert_eq!(kind(directory), Some(FileKind::Directory));
        assert_eq!(kind("Location Name, , , Location ID"), Some(FileKind::Filters));
        let ratings = "Location ID, Location Name, Domain, Latest Rating";
        assert_eq!(kind(ratings), Some(FileKind::Ratings));
        let ended = "Location ID, Location Name, Location HSCA End Date";
        assert_eq!(kind(ended), Some(FileKind::Deactivated));
        assert_eq!(kind("name,cqc_id,type"), Some(FileKind::Local));
        for other in ["CQC Locations data,,", "Provider ID, Domain, Latest Rating", "Name, Phone"] {
            assert_eq!(kind(other), None, "{other}");
        }
    }

    #[test]
    fn services_and_bands_are_separate_columns() {
        let line = "Location ID, Location Name, Service type - Domiciliary care service, \
                    Service user band - Older People";
        let layout = Layout::recognise(&cells(line)).unwrap();
        assert_eq!(layout.services, [(2, "domiciliary care service".to_owned())]);
        assert_eq!(layout.bands, [(3, "older people".to_owned())]);
        let row = cells("1-1, Ashlea, Y");
        assert_eq!(layout.row(&row).text(&["none", "location name"]), "Ashlea");
        assert_eq!(layout.row(&row).at(3), "");
    }
}
