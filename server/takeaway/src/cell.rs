//! A cell of an exported table, and what keeps it from being taken for a formula.

use std::borrow::Cow;

use proto::{id::Time, text::BirthDate};

/// What stands in one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Nothing: not known, not recorded by this release, or not this reader's.
    Empty,
    /// Words. Numbers that are names (an NHS number, a telephone) are words too.
    Text(String),
    /// A count or an entry's number.
    Number(u64),
    /// A day.
    Day(BirthDate),
    /// A moment.
    At(Time),
}

impl Cell {
    /// Returns words, or an empty cell for none.
    pub(crate) fn text(words: impl Into<String>) -> Self {
        let words = words.into();
        if words.is_empty() { Self::Empty } else { Self::Text(words) }
    }

    /// Returns a moment, or an empty cell for none.
    pub(crate) fn at(time: Option<Time>) -> Self {
        time.map_or(Self::Empty, Self::At)
    }

    /// Returns "yes", or an empty cell.
    pub(crate) fn yes(is: bool) -> Self {
        if is { Self::Text("yes".to_owned()) } else { Self::Empty }
    }
}

/// Returns a text as a CSV cell: one that a spreadsheet could take for a formula has an apostrophe before
/// it. A telephone with its `+` has one too: without it a spreadsheet makes a number of it, without the `+`.
///
/// Whoever reads the file with a program takes one leading apostrophe off where what follows, past further
/// apostrophes and what cannot be seen, begins like a formula; that gives every text back exactly.
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

/// Tells whether a spreadsheet may pass a character over before it looks for a formula.
fn is_passed_over(c: char) -> bool {
    let is_invisible = matches!(c, '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}');
    c.is_whitespace() || c.is_control() || is_invisible
}

/// Tells whether a formula begins with a character, or with one that looks and may be read like it.
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

    /// Takes off what `harmless` put on, as the documentation tells programs to.
    fn taken_off(cell: &str) -> &str {
        match cell.strip_prefix('\'') {
            Some(rest) if harmless(rest) != rest => rest,
            _ => cell,
        }
    }

    #[test]
    fn what_begins_like_a_formula_is_words() {
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
    fn names_and_plain_words_stay_as_they_are() {
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
