//! The labels with which a scenario's files refer to people; no screen shows them.

use std::collections::BTreeMap;

use super::{error::Why, table::Table};

/// The file and row of each label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels(BTreeMap<String, (String, usize)>);

impl Labels {
    /// Parses `labels.csv`.
    pub fn read(bytes: &[u8]) -> Result<Self, Why> {
        let table = Table::with_columns(bytes, &["label", "file", "row"])?;
        let mut labels = BTreeMap::new();
        for row in &table.rows {
            let wrong = |column: &str, what: &str| Why::Value {
                row: row.row,
                column: column.to_owned(),
                what: what.to_owned(),
            };
            let named = table.text(row, "row").parse();
            let named = named.map_err(|_| wrong("row", "is not the number of a row"))?;
            let file = table.text(row, "file").to_owned();
            if labels.insert(table.text(row, "label").to_owned(), (file, named)).is_some() {
                return Err(wrong("label", "names two rows"));
            }
        }
        Ok(Self(labels))
    }

    /// Returns the row of a file that a label names.
    pub fn row(&self, label: &str, file: &str) -> Option<usize> {
        self.0.get(label).filter(|(named, _)| named == file).map(|(_, row)| *row)
    }

    /// Returns the labels of a file with their rows, in order.
    pub fn of_file(&self, file: &str) -> impl Iterator<Item = (&str, usize)> {
        let file = file.to_owned();
        let in_file = self.0.iter().filter(move |(_, (named, _))| *named == file);
        in_file.map(|(label, (_, row))| (label.as_str(), *row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_names_one_row_of_one_file() {
        let labels =
            Labels::read(b"label,file,row\nSU01,people.csv,24\nS01,staff.csv,2\n").unwrap();
        assert_eq!(labels.row("SU01", "people.csv"), Some(24));
        assert_eq!(labels.row("SU01", "staff.csv"), None);
        assert_eq!(labels.of_file("staff.csv").collect::<Vec<_>>(), [("S01", 2)]);
        assert!(Labels::read(b"label,file,row\nSU01,a,2\nSU01,a,3\n").is_err());
        assert!(Labels::read(b"label,file,row\nSU01,a,x\n").is_err());
    }
}
