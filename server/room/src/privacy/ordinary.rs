//! Words that are names and something else besides: what each weighs when it is found in a text.

use super::post::is_of_posts;

/// What a word of somebody's name tells when it stands in a text by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// It is a name however it is written.
    Name,
    /// A word of every day as well: a name where it is written with a capital.
    Word,
    /// A month as well: no name after a number.
    Month,
    /// Two letters: a name where it is written like one, and not like initials.
    Short,
    /// Nothing: how somebody is addressed, a particle, a letter.
    Nothing,
}

/// Returns what a word of a name, in plain small letters, tells by itself.
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

/// Months after which people are called.
const MONTHS: [&str; 5] = ["april", "august", "june", "march", "may"];

/// How people are addressed, particles of names, and words of two letters.
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

/// Words of the log of any day that are also names.
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
    fn a_word_of_every_day_weighs_less_than_a_name() {
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
