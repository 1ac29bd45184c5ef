//! Names of homes within words that people type: found word by word, however they are written.

use std::collections::{BTreeMap, BTreeSet};

use super::letters::plain;
use crate::noun::person::Person;

/// What stands in words where a home's name stood.
const A_HOME: &str = "a home";
/// Words at the end of a home's name that people leave out when they speak of it.
const KINDS: [&str; 9] =
    ["care", "nursing", "residential", "home", "homes", "centre", "ltd", "limited", "the"];
/// Letters that a name has at least: shorter ones are ordinary words.
const LETTERS_MIN: usize = 3;
/// Letters of a word that stands for a whole name: `van` is a vehicle too.
const TELLING_MIN: usize = 4;

/// The names of homes, as sequences of words in lower case by their first word.
#[derive(Debug, Clone, Default)]
pub(crate) struct HomeNames {
    by_first: BTreeMap<String, BTreeSet<Vec<String>>>,
}

impl HomeNames {
    /// Adds a name, as it is written and as people say it: `The Limes Nursing Home` is `Limes` too.
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

    /// Tells whether the words name a home.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        let said: Vec<_> = words(text).collect();
        (0..said.len()).any(|from| self.length_at(&said, from).is_some())
    }

    /// Returns the words with no home's name in them.
    pub(crate) fn left_out(&self, text: &str) -> String {
        self.replaced(text, A_HOME)
    }

    /// Returns the words with each home's name replaced.
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

    /// Returns of how many words the longest name is that begins at a word.
    fn length_at(&self, said: &[(usize, usize, String)], from: usize) -> Option<usize> {
        let here = said.get(from..)?;
        let names = self.by_first.get(&here.first()?.2)?;
        let begins = |name: &&Vec<String>| {
            name.len() <= here.len() && name.iter().zip(here).all(|(word, (.., is))| word == is)
        };
        names.iter().filter(begins).map(Vec::len).max()
    }
}

/// Returns each run of letters and digits: where it begins, where it ends, and itself in plain small
/// letters.
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

/// Returns the words of a text in plain small letters, references among them.
pub(crate) fn lower_words(text: &str) -> BTreeSet<String> {
    words(text).map(|(.., word)| word).collect()
}

/// Returns the words of a text that could be names: three letters or more, in lower case.
pub(crate) fn name_words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphabetic());
    words.filter(|word| word.chars().count() >= LETTERS_MIN).map(str::to_lowercase)
}

/// Tells whether words, in lower case, speak of somebody by one of their names: by a telling word of it, or
/// by all of a name that has none.
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
    fn a_home_is_left_out_however_it_is_written() {
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
    fn a_name_of_kinds_alone_is_left_out_only_whole() {
        let homes = names(&["Care Home"]);
        assert_eq!(homes.left_out("the home says no"), "the home says no");
        assert_eq!(homes.left_out("the Care Home says no"), "a home says no");
        assert_eq!(names(&["", "No"]).left_out("No room"), "No room");
    }
}
