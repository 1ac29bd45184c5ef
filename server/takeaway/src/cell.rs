//! A cell of an exported table, and the escaping that keeps it from being read as a formula.

use std::borrow::Cow;

use proto::{id::Time, text::BirthDate};

/// The content of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Empty: unknown, not recorded by this release, or hidden from this reader.
    Empty,
    /// Text. Numbers that identify something (an NHS number, a telephone) are text too.
    Text(String),
    /// A count or an entry number.
    Number(u64),
    /// A date.
    Day(BirthDate),
    /// A time.
    At(Time),
}

impl Cell {
    /// Returns a text cell, or an empty one for empty text.
    pub(crate) fn text(words: impl Into<String>) -> Self {
        let words = words.into();
        if words.is_empty() { Self::Empty } else { Self::Text(words) }
    }

    /// Returns a time cell, or an empty one.
    pub(crate) fn at(time: Option<Time>) -> Self {
        time.map_or(Self::Empty, Self::At)
    }

    /// Returns "yes", or an empty cell.
    pub(crate) fn yes(is: bool) -> Self {
        if is { Self::Text("yes".to_owned()) } else { Self::Empty }
    }
}

/// Escapes text for a CSV cell: text that a spreadsheet could read as a formula gets a leading apostrophe. A
/// telephone number with `+` gets one too: otherwise a spreadsheet turns it into a number and drops the `+`.
///
/// A program that reads the file strips one leading apostrophe if the rest, after further apostrophes and
/// invisible characters, begins like a formula; that restores every text exactly.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    let seen = text.trim_start_matches(|c: char| c == '\'' || is_passed_over(c));
    let starts_badly = seen.starts_with(is_formula_start);
    let starts_with_control = text.trim_start_matches('\'').starts_with(['\t', '\r']);
    if starts_badly || starts_with_control {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Returns whether a spreadsheet may skip a character before it looks for a formula.
fn is_passed_over(c: char) -> bool {
    let is_invisible = matches!(c, '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}');
    c.is_whitespace() || c.is_control() || is_invisible
}

/// Returns whether a character, or its look-alike, can start a formula.
const fn is_formula_start(c: char) -> bool {
    matches!(
        c,
        '=' | '+'
            | '-'
            | '@'
            | '\u{2212}'
            | '\u{FE62}'
            | '\u{FE63}'
            | '\u{FE66}'
            | '\u{FE6B}'
            | '\u{FF0B}'
            | '\u{FF0D}'
            | '\u{FF1D}'
            | '\u{FF20}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Strips the apostrophe that `harmless` adds, as the documentation instructs programs to.
    fn taken_off(cell: &str) -> &str {
        match cell.strip_prefix('\'') {
            Some(rest) if harmless(rest) != rest => rest,
            _ => cell,
        }
    }

    #[test]
    fn text_that_looks_like_a_formula_is_escaped() {
        for bad in [
            "=1+1",
            "+44 7700 900461",
            "-2",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\ttab",
            "  =cmd|' /C calc'!A0",
            "\u{200B}=1",
            "\u{202E}=1",
            "\u{FEFF} +1",
            "\u{A0}=1",
            "\n=1",
            "\u{FF1D}1+1",
            "\u{2212}1",
            "'=1",
            "''\u{200B}=1",
        ] {
            let cell = harmless(bad);
            assert!(cell.starts_with('\'') && cell.ends_with(bad), "{bad:?} became {cell:?}");
            assert_eq!(taken_off(&cell), bad);
        }
    }

    #[test]
    fn names_and_plain_text_are_unchanged() {
        for good in [
            "Mary Ellis",
            "O'Brien",
            "'Tis",
            "Anne-Marie",
            "a=b",
            "999 823 4328",
            "مريم",
            "\u{200F}مريم",
            "",
            " ",
            "'",
        ] {
            assert_eq!(harmless(good), good);
            assert_eq!(taken_off(good), good);
        }
    }
}
