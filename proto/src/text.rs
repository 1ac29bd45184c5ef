//! Typed text: bounded, cleaned once at the edge, and never printed by accident.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Why typed text was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// Longer than the field allows.
    #[error("is longer than {0} characters")]
    TooLong(usize),
    /// A control character; it could hide or reorder the displayed text.
    #[error("contains a control character")]
    Control,
    /// Not in the field's format.
    #[error("{0}")]
    Form(&'static str),
}

/// Direction marks and invisible characters: they make two names look alike, or one line look like another.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}')
}

/// Returns the text in Unicode's composed form, trimmed, without invisible characters.
fn clean(text: &str, chars_max: usize, lines: bool) -> Result<String, TextError> {
    let cleaned: String = text.nfc().filter(|c| !is_invisible(*c)).collect();
    let trimmed = cleaned.trim();
    if trimmed.is_empty() {
        return Err(TextError::Empty);
    }
    if trimmed.chars().any(|c| c.is_control() && !(lines && (c == '\n' || c == '\t'))) {
        return Err(TextError::Control);
    }
    if trimmed.chars().count() > chars_max {
        return Err(TextError::TooLong(chars_max));
    }
    Ok(trimmed.to_owned())
}

/// Text of at most `N` characters, on one line if `N` is below 500.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text<const N: usize>(String);

impl<const N: usize> Text<N> {
    /// The longest such words, in characters.
    pub const CHARS_MAX: usize = N;

    /// Returns the cleaned words, or why they cannot be taken.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        clean(text, N, N >= 500).map(Self)
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> AsRef<str> for Text<N> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> std::fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("\"…\"")
    }
}

impl<'de, const N: usize> Deserialize<'de> for Text<N> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Declares words that were cleared for those who are shown them. The room's privacy makes them, and nothing else.
macro_rules! cleared {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "text.ts", type = "string"))]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes words that were cleared.
            pub fn cleared(words: impl Into<String>) -> Self {
                Self(words.into())
            }

            /// Returns the words.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("\"…\"")
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    )*};
}

cleared! {
    /// Words in a row of desks and phones: about somebody protected they name no home (R35).
    RowText;
    /// Words for the wall and directors: they name nobody (P-31).
    BoardText;
}

/// A word or a few: a role's shift, a vehicle, a bedroom's floor.
pub type Short = Text<80>;
/// A title, an address, a reason in one line.
pub type Line = Text<300>;
/// A log line or a note, with line breaks.
pub type Note = Text<2000>;

/// A person's name. It prints as "…" in diagnostics.
pub type PersonName = Text<120>;

/// A telephone number as people write it.
pub type Telephone = Text<30>;

/// Declares a short text with a format of its own.
macro_rules! formed {
    ($($(#[$doc:meta])* $name:ident = $parse:path;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "text.ts", type = "string"))]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Parses the value into its canonical form.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                $parse(text).map(Self)
            }

            /// Returns the value as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("\"…\"")
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

formed! {
    /// A service user's reference: letter, digit, letter (`K7F`), without I O S Z B and 0 1; in a large room one
    /// more digit (`K7F4`).
    Reference = parse_reference;
    /// A bedroom of the failing home: `7`, `12A`, `GF3`.
    Bedroom = parse_bedroom;
    /// An NHS number: ten digits whose last is the modulus 11 check (FORMATS 7.3).
    NhsNumber = parse_nhs_number;
    /// A birth date, `YYYY-MM-DD`.
    BirthDate = parse_birth_date;
}

/// The letters of a reference: none that looks like a digit or another letter at 4 m.
pub const REFERENCE_LETTERS: &str = "ACDEFGHJKLMNPQRTUVWXY";
/// The digits of a reference.
pub const REFERENCE_DIGITS: &str = "23456789";

fn parse_reference(text: &str) -> Result<String, TextError> {
    let upper = text.trim().to_ascii_uppercase();
    let fits = |set: &str, c: Option<char>| c.is_some_and(|c| set.contains(c));
    let mut chars = upper.chars();
    let good = fits(REFERENCE_LETTERS, chars.next())
        && fits(REFERENCE_DIGITS, chars.next())
        && fits(REFERENCE_LETTERS, chars.next())
        && chars.next().is_none_or(|digit| REFERENCE_DIGITS.contains(digit))
        && chars.next().is_none();
    if good { Ok(upper) } else { Err(TextError::Form("is not a reference such as K7F")) }
}

fn parse_bedroom(text: &str) -> Result<String, TextError> {
    clean(text, 12, false).map(|bedroom| bedroom.to_uppercase())
}

fn parse_nhs_number(text: &str) -> Result<String, TextError> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if digits.len() != 10 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(TextError::Form("is not ten digits"));
    }
    let values: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = values.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    let check = (11 - sum % 11) % 11;
    if check == 10 || values.last() != Some(&check) {
        return Err(TextError::Form("fails the check digit (modulus 11)"));
    }
    Ok(digits)
}

fn parse_birth_date(text: &str) -> Result<String, TextError> {
    let date: jiff::civil::Date =
        text.trim().parse().map_err(|_| TextError::Form("is not a date YYYY-MM-DD"))?;
    if !(1890..=2100).contains(&date.year()) {
        return Err(TextError::Form("is not a possible birth date"));
    }
    Ok(date.to_string())
}

#[cfg(test)]
impl<const N: usize> ts_rs::TS for Text<N> {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;
    fn name(_: &ts_rs::Config) -> String {
        "string".to_owned()
    }
    fn inline(_: &ts_rs::Config) -> String {
        "string".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_direction_marks_reads_as_what_it_is() {
        let name = PersonName::parse("  Ma\u{202E}ry \u{200B}E\u{0301}llis ").unwrap();
        assert_eq!(name.as_str(), "Mary Éllis");
    }

    #[test]
    fn a_name_never_prints_itself() {
        assert_eq!(format!("{:?}", PersonName::parse("Mary Ellis").unwrap()), "\"…\"");
    }

    #[test]
    fn control_characters_empty_words_and_long_words_are_refused() {
        assert_eq!(Short::parse("a\u{7}b"), Err(TextError::Control));
        assert_eq!(Short::parse("two\nlines"), Err(TextError::Control));
        assert_eq!(Short::parse(" \u{200B} "), Err(TextError::Empty));
        assert_eq!(Short::parse(&"x".repeat(81)), Err(TextError::TooLong(80)));
        assert!(Note::parse("two\nlines").is_ok());
    }

    #[test]
    fn nhs_numbers_are_checked_by_modulus_11() {
        assert_eq!(NhsNumber::parse("999 823 4328").unwrap().as_str(), "9998234328");
        assert!(NhsNumber::parse("999 551 7977").is_err());
        assert!(NhsNumber::parse("99982343").is_err());
        assert!(NhsNumber::parse("999823432X").is_err());
    }

    #[test]
    fn a_reference_is_letter_digit_letter_and_perhaps_a_digit_without_look_alikes() {
        assert_eq!(Reference::parse("k7f").unwrap().as_str(), "K7F");
        assert_eq!(Reference::parse("k7f4").unwrap().as_str(), "K7F4");
        for bad in ["K1F", "I7F", "K7O", "12A", "K7", "K7FF", "K7F1", "K7F44", "7"] {
            assert!(Reference::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn birth_dates_are_real_days() {
        assert!(BirthDate::parse("1938-04-03").is_ok());
        assert!(BirthDate::parse("1938-02-30").is_err());
        assert!(BirthDate::parse("1066-10-14").is_err());
    }
}
