//! The names of everybody in the room, indexed by word: a lookup takes the same time however many people there are.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    letters::{Said, plain_words, said},
    ordinary::{Weight, weight},
};

/// The minimum letters of a full name matched as a word sequence.
const WHOLE_MIN: usize = 4;
/// The minimum letters of a name written as one word, such as `zebedeequux`.
const JOINED_MIN: usize = 6;

/// A multiset of word sequences.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sequences {
    by_first: BTreeMap<String, BTreeMap<Vec<String>, u32>>,
}

impl Sequences {
    /// Adds a sequence.
    pub(crate) fn add(&mut self, words: &[String]) {
        let Some(first) = words.first() else { return };
        let rows = self.by_first.entry(first.clone()).or_default();
        *rows.entry(words.to_vec()).or_default() += 1;
    }

    /// Removes a sequence.
    fn remove(&mut self, words: &[String]) {
        let Some(first) = words.first() else { return };
        let Some(rows) = self.by_first.get_mut(first) else { return };
        if let Some(times) = rows.get_mut(words) {
            *times -= 1;
            if *times == 0 {
                rows.remove(words);
            }
        }
        if rows.is_empty() {
            self.by_first.remove(first);
        }
    }

    /// Returns the length of the longest sequence that begins at a word.
    fn length_at(&self, all: &[Said], from: usize) -> Option<usize> {
        let here = all.get(from..)?;
        let rows = self.by_first.get(&here.first()?.word)?;
        let begins = |row: &&Vec<String>| {
            row.len() <= here.len() && row.iter().zip(here).all(|(word, said)| *word == said.word)
        };
        rows.keys().filter(begins).map(Vec::len).max()
    }

    /// Returns whether the words contain any sequence.
    pub(crate) fn are_in(&self, all: &[Said]) -> bool {
        (0..all.len()).any(|from| self.length_at(all, from).is_some())
    }

    /// Returns whether the words are exactly one of the sequences.
    fn are_all_of(&self, all: &[Said]) -> bool {
        self.length_at(all, 0).is_some_and(|length| length == all.len())
    }
}

/// Place names. They are public, so a personal name within a place name names nobody.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlaceNames {
    rows: Sequences,
}

impl PlaceNames {
    /// Adds a place name; returns its words.
    pub(crate) fn add(&mut self, name: &str) -> Vec<String> {
        let words = plain_words(name);
        self.rows.add(&words);
        words
    }

    /// Returns whether a text is exactly a place name.
    pub(crate) fn is_one(&self, text: &str) -> bool {
        self.rows.are_all_of(&said(text))
    }

    /// Returns the words that are not part of a place name. A single word never counts as a place name, because it
    /// may be a person's.
    fn others<'a>(&self, all: &'a [Said]) -> Vec<&'a Said> {
        let (mut others, mut at) = (Vec::new(), 0);
        while let Some(said) = all.get(at) {
            let place = self.rows.length_at(all, at).filter(|length| *length > 1);
            if place.is_none() {
                others.push(said);
            }
            at += place.unwrap_or(1);
        }
        others
    }
}

/// The words of names, each with a reference count.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    words: BTreeMap<String, u32>,
    /// Full names: first and last, last and first, all of it.
    whole: Sequences,
}

impl Names {
    /// Adds a name.
    pub(crate) fn add(&mut self, name: &str) {
        for word in words_of(name) {
            *self.words.entry(word).or_default() += 1;
        }
        for row in rows_of(name) {
            self.whole.add(&row);
        }
    }

    /// Removes a name.
    pub(crate) fn remove(&mut self, name: &str) {
        for word in words_of(name) {
            if let Some(times) = self.words.get_mut(&word) {
                *times -= 1;
                if *times == 0 {
                    self.words.remove(&word);
                }
            }
        }
        for row in rows_of(name) {
            self.whole.remove(&row);
        }
    }

    /// Returns the words at least one of which a text must contain to name any of these people.
    pub(crate) fn telling(&self) -> impl Iterator<Item = &str> {
        let words = self.words.keys().map(String::as_str);
        words.filter(|word| weight(word) != Weight::Nothing)
    }

    /// Returns whether a text contains a full name.
    pub(crate) fn are_whole_in(&self, text: &str) -> bool {
        self.are_all_said(&said(text))
    }

    /// Returns whether words contain a full name.
    pub(crate) fn are_all_said(&self, all: &[Said]) -> bool {
        self.whole.are_in(all)
    }

    /// Returns whether a text names a person: by a full name, or by a word of one that is not part of a place name.
    pub(crate) fn are_in(&self, text: &str, places: &PlaceNames) -> bool {
        self.are_said(&said(text), places)
    }

    /// Returns whether words name a person.
    pub(crate) fn are_said(&self, all: &[Said], places: &PlaceNames) -> bool {
        self.whole.are_in(all) || places.others(all).into_iter().any(|said| self.tells(said))
    }

    /// Returns whether a word names a person by itself.
    fn tells(&self, said: &Said) -> bool {
        said.forms().filter(|form| self.words.contains_key(*form)).any(|form| match weight(form) {
            Weight::Name => true,
            Weight::Word => said.is_capital,
            Weight::Month => said.is_capital && !said.follows_number,
            Weight::Short => said.is_title,
            Weight::Nothing => false,
        })
    }
}

/// Returns the words of a name, including its joined forms: `orourke`, `zebedeequux`.
fn words_of(name: &str) -> BTreeSet<String> {
    let apart = name.split_whitespace().map(plain_words);
    let joined = apart.filter(|parts| parts.len() > 1).map(|parts| parts.concat());
    let all = plain_words(name);
    let whole = Some(bare(&all).concat()).filter(|word| word.chars().count() >= JOINED_MIN);
    joined.chain(whole).chain(all.iter().cloned()).collect()
}

/// Returns the word sequences of a full name.
fn rows_of(name: &str) -> BTreeSet<Vec<String>> {
    let all = bare(&plain_words(name));
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return BTreeSet::new() };
    let ends = vec![first.clone(), last.clone()];
    let turned = vec![last.clone(), first.clone()];
    let letters = |row: &[String]| row.iter().map(|word| word.chars().count()).sum::<usize>();
    let is_whole = all.len() > 1 && letters(&ends) >= WHOLE_MIN;
    let rows = [ends, turned, all].into_iter().filter(|_| is_whole);
    rows.collect()
}

/// Returns the words of a name without forms of address.
fn bare(all: &[String]) -> Vec<String> {
    let is_name = |word: &&String| weight(word) != Weight::Nothing || word.chars().count() < 2;
    all.iter().filter(is_name).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str], text: &str) -> bool {
        named_beside(names, &[], text)
    }

    fn named_beside(names: &[&str], places: &[&str], text: &str) -> bool {
        let (mut all, mut known) = (Names::default(), PlaceNames::default());
        for name in names {
            all.add(name);
        }
        for place in places {
            known.add(place);
        }
        all.are_in(text, &known)
    }

    #[test]
    fn a_name_is_found_in_any_spelling() {
        for (name, text) in [
            ("Bo Ng", "Bo Ng left by taxi"),
            ("Bo Ng", "bo ng left by taxi"),
            ("Bo Ng", "NG, Bo: left by taxi"),
            ("Bo Ng", "Bo left by taxi"),
            ("Siân Prys", "Sian is late"),
            ("Jörg Müller", "Muller's bag"),
            ("Sian Prys", "SIÂN is late"),
            ("Stanisław Wojcik", "stanislaws family rang"),
            ("Eileen O'Rourke", "ORourke, O Rourke"),
            ("Zebedee Quux", "see #ZebedeeQuux"),
            ("Mrs Ivy May", "May left by taxi"),
            ("Mrs Ivy May", "taxi for mrs ivy may"),
            ("Mary Rose Hill", "taxi for mary hill"),
            ("Rose Hill", "rose's bag"),
        ] {
            assert!(named(&[name], text), "{name}: {text}");
        }
    }

    #[test]
    fn an_ordinary_word_in_lower_case_is_not_a_name() {
        for (name, text) in [
            ("Will Day", "Minibus will be late all day"),
            ("Ivy May", "It may rain until 22 May, or the 23rd of May"),
            ("Bo Ng", "BO and NG have the keys"),
            ("Ann Hill", "the taxi waits on the hill"),
            ("Pieter van der Linde", "The van is late, and the other van"),
            ("Mrs Ivy Threadgold", "Mrs K7F's taxi"),
            ("Hilary Nurse", "Ask the night nurse"),
            ("An Do", "An aspirin will do"),
            ("J Ng", "Bus J, then K7F"),
            ("Dan D'Eath", "a death on ward 3"),
        ] {
            assert!(!named(&[name], text), "{name}: {text}");
        }
    }

    #[test]
    fn a_place_may_contain_a_name_but_a_full_name_is_personal() {
        let places = ["Rose Hill", "Ashlea", "Nelson House"];
        for (names, text, is) in [
            (["Rose Pargeter"], "Minibus to Rose Hill is late", false),
            (["Rose Pargeter"], "Rose goes to Rose Hill", true),
            (["Rose Hill"], "Minibus to Rose Hill is late", true),
            (["Ashlea Grant"], "Minibus to Ashlea is late", true),
            (["Horatio Nelson"], "Beds at Nelson House", false),
        ] {
            assert_eq!(named_beside(&names, &places, text), is, "{text}");
        }
        let mut all = Names::default();
        all.add("Rose Pargeter");
        assert!(!all.are_whole_in("Rose Hill") && all.are_whole_in("The Rose Pargeter Home"));
    }

    #[test]
    fn a_shared_name_is_kept_until_both_people_lose_it() {
        let mut all = Names::default();
        all.add("Doreen Haddock");
        all.add("Doreen Sallis");
        all.remove("Doreen Haddock");
        let none = PlaceNames::default();
        assert!(all.are_in("Doreen", &none) && !all.are_in("Haddock", &none));
        all.remove("Doreen Sallis");
        assert!(all.words.is_empty() && all.whole.by_first.is_empty());
    }
}
