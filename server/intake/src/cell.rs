//! A cell: text as the file has it. It may hold personal data, so a cell prints as "…".

use serde::Deserialize;

/// The text of one cell, as sent.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub struct Cell(String);

impl Cell {
    /// Returns a cell with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the cell holds only white space.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl std::fmt::Debug for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("\"…\"")
    }
}

/// Normalises text for comparison: lower case, single spaces.
pub fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Normalises a column name for comparison: letters and digits, single spaces.
pub fn fold_name(text: &str) -> String {
    fold(&text.replace(|c: char| !c.is_alphanumeric(), " "))
}

/// Returns the text with its first letter in upper case.
pub fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Returns whether a character is invisible or changes the text direction.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_never_prints_itself() {
        assert_eq!(format!("{:?}", Cell::new("Mary")), "\"…\"");
    }

    #[test]
    fn column_names_are_compared_without_punctuation() {
        assert_eq!(fold_name(" D.O.B. "), "d o b");
        assert_eq!(fold_name("EOL / DNACPR"), "eol dnacpr");
        assert_eq!(fold("  SCC  +\u{a0}FNC"), "scc + fnc");
    }
}
