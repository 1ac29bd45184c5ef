//! Normalised words: without accents, capitals or punctuation.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// The normalised word.
    pub(crate) word: String,
    /// It begins with a capital letter.
    pub(crate) is_capital: bool,
    /// Only its first letter is a capital, unlike initials.
    pub(crate) is_title: bool,
    /// A number directly precedes it.
    pub(crate) follows_number: bool,
}

impl Said {
    /// Returns the word and its variants without a plural or possessive s.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &str> {
        let owned = self.word.strip_suffix('s').filter(|word| word.len() >= OWNED_MIN);
        std::iter::once(self.word.as_str()).chain(owned)
    }
}

/// The minimum letters of a name to which people add an s without an apostrophe.
const OWNED_MIN: usize = 4;

/// Returns the words of a text in order: runs of letters.
pub(crate) fn said(text: &str) -> Vec<Said> {
    let apart: Cow<'_, str> =
        if text.is_ascii() { text.into() } else { text.nfkd().collect::<String>().into() };
    let mut all = Vec::new();
    let mut follows_number = false;
    for part in apart.split_inclusive(|c: char| !(c.is_alphabetic() || is_combining_mark(c))) {
        let word = part.trim_end_matches(|c: char| !(c.is_alphabetic() || is_combining_mark(c)));
        if !word.is_empty() {
            all.push(one(word, follows_number));
        }
        // "22 May" and "22nd of May" alike: only a space or a date's connecting words may stand between.
        let between = part.get(word.len()..).unwrap_or_default();
        let goes_on = between.chars().all(char::is_whitespace);
        follows_number = between.contains(|c: char| c.is_ascii_digit())
            || (follows_number && goes_on && (word.is_empty() || is_of_dates(word)));
    }
    all
}

/// Returns the normalised words of a text.
pub(crate) fn plain_words(text: &str) -> Vec<String> {
    said(text).into_iter().map(|said| said.word).collect()
}

/// Returns a normalised word.
pub(crate) fn plain(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let bare = word.nfkd().filter(|c| !is_combining_mark(*c));
    // Upper-cased and then lower-cased, so that ß and SS, ς and σ, ı and i are equal.
    let folded: String = bare.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    let mut plain = String::with_capacity(folded.len());
    for letter in folded.chars().filter(|c| !is_combining_mark(*c)) {
        match letter {
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'ħ' => plain.push('h'),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            other => plain.push(other),
        }
    }
    plain
}

/// Returns one word with its context.
fn one(word: &str, follows_number: bool) -> Said {
    let mut letters = word.chars().filter(|c| !is_combining_mark(*c));
    let is_capital = letters.next().is_some_and(char::is_uppercase);
    let is_title = is_capital && letters.all(|c| !c.is_uppercase());
    Said { word: plain(word), is_capital, is_title, follows_number }
}

/// Returns whether a word may stand between a day and its month.
fn is_of_dates(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "st" | "nd" | "rd" | "th" | "of")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_name_normalises_to_one_word() {
        for (one, other) in [
            ("Siân", "SIAN"),
            ("Müller", "muller"),
            ("Stanisław", "Stanislaw"),
            ("Weiß", "WEISS"),
            ("Søren", "soren"),
            ("Ægir", "Aegir"),
            ("Νίκος", "ΝΙΚΟΣ"),
            ("İbrahim", "ibrahim"),
            ("Zoë\u{308}", "Zoe"),
            ("ﬁona", "Fiona"),
        ] {
            assert_eq!(plain(one), plain(other), "{one}");
            assert_eq!(said(one)[0].word, plain(other), "{one}");
        }
    }

    #[test]
    fn a_word_keeps_its_capitals_and_context() {
        let all = said("O'Rourke: 22nd of May, RA and K7F. May 3 Siân");
        let words: Vec<&str> = all.iter().map(|said| said.word.as_str()).collect();
        let wanted = ["o", "rourke", "nd", "of", "may", "ra", "and", "k", "f", "may", "sian"];
        assert_eq!(words, wanted);
        assert!(all[4].follows_number && !all[9].follows_number);
        assert!(all[1].is_title && all[5].is_capital && !all[5].is_title);
        assert!(!all[6].is_capital && all[10].is_title);
    }

    #[test]
    fn a_trailing_s_hides_no_name() {
        let forms: Vec<String> = said("Haddocks was his")
            .iter()
            .flat_map(|said| said.forms().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        assert_eq!(forms, ["haddocks", "haddock", "was", "his"]);
    }
}
