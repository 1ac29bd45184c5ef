//! Words that are both names and ordinary words, and the weight of each when found in a text.

use super::post::is_of_posts;

/// How strongly a single word of a name identifies a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// A name in any spelling.
    Name,
    /// Also an ordinary word: a name only with a capital.
    Word,
    /// Also a month: not a name after a number.
    Month,
    /// Two letters: a name if written like one, unlike initials.
    Short,
    /// Never a name: a form of address, a particle, a letter.
    Nothing,
}

/// Returns the weight of a normalised word of a name.
pub(crate) fn weight(word: &str) -> Weight {
    let letters = word.chars().count();
    if letters < 2 || NOTHING.contains(&word) {
        Weight::Nothing
    } else if letters == 2 {
        Weight::Short
    } else if MONTHS.contains(&word) {
        Weight::Month
    } else if WORDS.contains(&word) || is_of_posts(word) {
        Weight::Word
    } else {
        Weight::Name
    }
}

/// Months that are also given names.
const MONTHS: [&str; 5] = ["april", "august", "june", "march", "may"];

/// Forms of address, name particles, and two-letter words.
const NOTHING: [&str; 76] = [
    "all",
    "am",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "been",
    "bin",
    "by",
    "da",
    "das",
    "de",
    "del",
    "della",
    "den",
    "der",
    "di",
    "do",
    "dos",
    "dr",
    "du",
    "el",
    "for",
    "from",
    "gp",
    "had",
    "has",
    "he",
    "her",
    "him",
    "his",
    "if",
    "in",
    "is",
    "it",
    "its",
    "la",
    "las",
    "le",
    "los",
    "miss",
    "mr",
    "mrs",
    "ms",
    "mx",
    "my",
    "no",
    "not",
    "of",
    "ok",
    "on",
    "or",
    "our",
    "prof",
    "professor",
    "rev",
    "revd",
    "reverend",
    "she",
    "so",
    "st",
    "ter",
    "the",
    "they",
    "to",
    "up",
    "us",
    "von",
    "was",
    "we",
    "were",
    "with",
    "you",
    "zu",
];

/// Common log words that are also names.
const WORDS: [&str; 155] = [
    "abbot",
    "alarm",
    "art",
    "baker",
    "ball",
    "bank",
    "banks",
    "barber",
    "bath",
    "beck",
    "bell",
    "best",
    "bill",
    "bird",
    "bishop",
    "black",
    "bond",
    "booth",
    "bridge",
    "brook",
    "brooks",
    "brother",
    "brown",
    "bull",
    "bush",
    "butler",
    "canon",
    "carpenter",
    "carter",
    "case",
    "chambers",
    "chance",
    "church",
    "clay",
    "close",
    "coach",
    "cook",
    "copper",
    "court",
    "crisp",
    "cross",
    "dame",
    "day",
    "dean",
    "death",
    "dot",
    "drew",
    "driver",
    "east",
    "farmer",
    "father",
    "fell",
    "field",
    "fields",
    "fish",
    "flood",
    "ford",
    "forest",
    "fox",
    "frost",
    "gale",
    "garden",
    "gardener",
    "gate",
    "gates",
    "gold",
    "good",
    "grant",
    "gray",
    "green",
    "grey",
    "guest",
    "hale",
    "hall",
    "hand",
    "hands",
    "head",
    "heath",
    "hill",
    "hills",
    "holiday",
    "holmes",
    "hope",
    "house",
    "hunt",
    "jewel",
    "judge",
    "key",
    "keys",
    "king",
    "knight",
    "lady",
    "lake",
    "lane",
    "large",
    "law",
    "little",
    "lock",
    "long",
    "lord",
    "love",
    "low",
    "major",
    "mark",
    "marsh",
    "mason",
    "mead",
    "mills",
    "moon",
    "moss",
    "north",
    "orange",
    "page",
    "park",
    "parks",
    "pat",
    "pattern",
    "pool",
    "pope",
    "porter",
    "post",
    "power",
    "price",
    "queen",
    "ray",
    "read",
    "reader",
    "rich",
    "rivers",
    "rob",
    "salt",
    "sharp",
    "shepherd",
    "short",
    "singer",
    "sister",
    "small",
    "south",
    "speed",
    "steel",
    "stone",
    "street",
    "strong",
    "summers",
    "swift",
    "van",
    "walker",
    "wall",
    "ward",
    "waters",
    "way",
    "west",
    "white",
    "will",
    "win",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_word_weighs_less_than_a_name() {
        for (word, wanted) in [
            ("haddock", Weight::Name),
            ("rose", Weight::Name),
            ("will", Weight::Word),
            ("nurse", Weight::Word),
            ("may", Weight::Month),
            ("bo", Weight::Short),
            ("mrs", Weight::Nothing),
            ("der", Weight::Nothing),
            ("k", Weight::Nothing),
        ] {
            assert_eq!(weight(word), wanted, "{word}");
        }
    }

    #[test]
    fn no_word_is_listed_twice() {
        let mut all: Vec<&str> = [&NOTHING[..], &MONTHS, &WORDS].concat();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
