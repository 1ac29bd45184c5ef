//! Exports: the files that leave a room. `deploy/EXPORTS.md` documents them column by column.
//!
//! Invariant of this crate: it changes no room, and holds at most one page of a log in memory. Nothing is
//! truncated silently; a file is written completely or not at all.

mod cell;
pub mod chain;
mod column;
pub mod error;
pub mod file;
mod log;
mod movements;
mod people;
mod sheet;
mod taking;
mod when;
mod word;

pub use taking::{Taken, Taking};
pub use when::When;

#[cfg(test)]
mod tests {
    /// The documentation of the files.
    const TOLD: &str = include_str!("../../../deploy/EXPORTS.md");

    /// Returns the columns of one section's table, in documented order.
    fn told(section: &str) -> Vec<&'static str> {
        let rest = TOLD.split_once(section).unwrap().1;
        let rest = rest.split_once("\n## ").map_or(rest, |(section, _)| section);
        let rows = rest.lines().filter_map(|line| line.strip_prefix("| `"));
        let cells = rows.map(|row| row.split(" | ").next().unwrap());
        cells.flat_map(|cell| cell.split(", ").map(|name| name.trim_matches('`'))).collect()
    }

    #[test]
    fn every_column_is_documented_and_every_documented_column_exists() {
        let sorted = |mut names: Vec<&'static str>| {
            names.sort_unstable();
            names
        };
        let people = super::people::PEOPLE.iter().map(|column| column.head).collect();
        assert_eq!(sorted(told("## People")), sorted(people));
        let movements: Vec<_> = super::movements::MOVEMENTS.iter().map(|c| c.head).collect();
        assert_eq!(told("## Movements").len(), movements.len());
        assert_eq!(sorted(told("## Movements")), sorted(movements));
        let log = super::log::LOG.iter().map(|column| column.head).collect();
        assert_eq!(sorted(told("## Log")), sorted(log));
    }
}
