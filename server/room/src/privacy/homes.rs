//! Detection of home names in free text, word by word, in any spelling of case and punctuation.

use std::collections::{BTreeMap, BTreeSet};

use super::letters::plain;
use crate::noun::person::Person;

/// Replaces a home's name.
const A_HOME: &str = "a home";
/// Suffixes of home names that people omit in speech.
const KINDS: [&str; 9] =
    ["care", "nursing", "residential", "home", "homes", "centre", "ltd", "limited", "the"];
/// The minimum letters of a name: shorter ones are ordinary words.
const LETTERS_MIN: usize = 3;
/// The minimum letters of a word that identifies a name by itself: `van` is also a vehicle.
const TELLING_MIN: usize = 4;

/// Home names as lower-case word sequences, by their first word.
#[derive(Debug, Clone, Default)]
pub(crate) struct HomeNames {
    by_first: BTreeMap<String, BTreeSet<Vec<String>>>,
}

impl HomeNames {
    /// Adds a name in its written and spoken forms: `The Limes Nursing Home` is also `Limes`.
    pub(crate) fn add(&mut self, name: &str) {
        let whole: Vec<String> = words(name).map(|word| word.2).collect();
        let is_kind = |word: &&String| KINDS.contains(&word.as_str());
        let head = whole.iter().skip_while(is_kind);
        let mut said: Vec<String> = head.cloned().collect();
        while said.last().as_ref().is_some_and(is_kind) {
            said.pop();
        }
        for name in [whole, said] {
            let letters: usize = name.iter().map(|word| word.chars().count()).sum();
            let Some(first) = name.first().filter(|_| letters >= LETTERS_MIN).cloned() else {
                continue;
            };
            let article = "the".to_owned();
            let with_article = std::iter::once(article.clone()).chain(name.iter().cloned());
            self.by_first.entry(article).or_default().insert(with_article.collect());
            self.by_first.entry(first).or_default().insert(name);
        }
    }

    /// Returns whether the text names a home.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        let said: Vec<_> = words(text).collect();
        (0..said.len()).any(|from| self.length_at(&said, from).is_some())
    }

    /// Returns the text with home names redacted.
    pub(crate) fn left_out(&self, text: &str) -> String {
        self.replaced(text, A_HOME)
    }

    /// Returns the text with each home name replaced.
    pub(crate) fn replaced(&self, text: &str, by: &str) -> String {
        let said: Vec<_> = words(text).collect();
        let (mut told, mut kept_to, mut at) = (String::with_capacity(text.len()), 0, 0);
        while let Some((begins, ends, _)) = said.get(at) {
            let Some(length) = self.length_at(&said, at) else {
                at += 1;
                continue;
            };
            let last = said.get(at + length - 1).map_or(*ends, |(_, ends, _)| *ends);
            told.push_str(text.get(kept_to..*begins).unwrap_or_default());
            told.push_str(by);
            (kept_to, at) = (last, at + length);
        }
        told.push_str(text.get(kept_to..).unwrap_or_default());
        told
    }

    /// Returns the length, in words, of the longest name that begins at a word.
    fn length_at(&self, said: &[(usize, usize, String)], from: usize) -> Option<usize> {
        let here = said.get(from..)?;
        let names = self.by_first.get(&here.first()?.2)?;
        let begins = |name: &&Vec<String>| {
            name.len() <= here.len() && name.iter().zip(here).all(|(word, (.., is))| word == is)
        };
        names.iter().filter(begins).map(Vec::len).max()
    }
}

/// Returns each run of letters and digits: its start, its end, and its normalised form.
fn words(text: &str) -> impl Iterator<Item = (usize, usize, String)> {
    let mut from = 0;
    let parts = text.split_inclusive(|c: char| !c.is_alphanumeric()).map(move |part| {
        let begins = from;
        from += part.len();
        (begins, part.trim_end_matches(|c: char| !c.is_alphanumeric()))
    });
    let words = parts.filter(|(_, word)| !word.is_empty());
    words.map(|(begins, word)| (begins, begins + word.len(), plain(word)))
}

/// Returns the normalised words of a text, including references.
pub(crate) fn lower_words(text: &str) -> BTreeSet<String> {
    words(text).map(|(.., word)| word).collect()
}

/// Returns the lower-case words of a text that could be names: three letters or more.
pub(crate) fn name_words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphabetic());
    words.filter(|word| word.chars().count() >= LETTERS_MIN).map(str::to_lowercase)
}

/// Returns whether lower-case words mention a person by one of their names: by a distinctive word of it, or by the
/// whole name if it has none.
pub(crate) fn is_named_in(person: &Person, said: &BTreeSet<String>) -> bool {
    let details = &person.details;
    let mut names = details.name.iter().chain(&details.known_as).chain(&person.aliases);
    names.any(|name| {
        let name = lower_words(name.as_str());
        let telling = |word: &&String| word.chars().count() >= TELLING_MIN;
        if name.iter().any(|word| telling(&word)) {
            name.iter().filter(telling).any(|word| said.contains(word))
        } else {
            name.is_subset(said)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> HomeNames {
        let mut all = HomeNames::default();
        for name in names {
            all.add(name);
        }
        all
    }

    #[test]
    fn a_home_is_redacted_in_any_spelling() {
        let homes = names(&["The Limes Nursing Home", "Ashlea", "St Mary's Court"]);
        for (said, told) in [
            ("K7F left for Ashlea.", "K7F left for a home."),
            ("bed at THE LIMES, rung", "bed at a home, rung"),
            ("the limes nursing home says yes", "a home says yes"),
            ("Ashlea's manager, by telephone", "a home's manager, by telephone"),
            ("St. Mary's Court, then Ashlea", "a home, then a home"),
            ("nothing of the kind", "nothing of the kind"),
            ("Ashleaf is another word", "Ashleaf is another word"),
            ("éü Ashlea é", "éü a home é"),
            ("", ""),
        ] {
            assert_eq!(homes.left_out(said), told);
            assert_eq!(homes.are_in(said), said != told, "{said}");
        }
    }

    #[test]
    fn a_name_of_generic_words_is_redacted_only_as_a_whole() {
        let homes = names(&["Care Home"]);
        assert_eq!(homes.left_out("the home says no"), "the home says no");
        assert_eq!(homes.left_out("the Care Home says no"), "a home says no");
        assert_eq!(names(&["", "No"]).left_out("No room"), "No room");
    }
}
