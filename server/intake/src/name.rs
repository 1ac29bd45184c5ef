//! Names as lists write them.

use super::cell::fold;

/// Titles that may precede a name in one column.
const TITLES: [&str; 15] = [
    "mr", "mrs", "miss", "ms", "mx", "dr", "rev", "revd", "prof", "sir", "lady", "lord", "dame",
    "fr", "canon",
];
/// What homes write for an empty bedroom.
const NOBODY: [&str; 6] = ["vacant", "empty", "void", "vacancy", "unoccupied", "no resident"];

/// A name composed from the cells of a row.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Name {
    /// First name and surname, without the title.
    pub(super) full: String,
    /// The title.
    pub(super) title: String,
    /// The preferred name, if the cell gives one in quotation marks or brackets.
    pub(super) known_as: Option<String>,
    /// The changes made to the name.
    pub(super) turned: Vec<&'static str>,
}

/// Composes a name. `whole` is the column with the whole name, used if the others are empty.
pub(super) fn compose(title: &str, first: &str, surname: &str, whole: &str) -> Name {
    let mut name = Name { title: title.trim().to_owned(), ..Name::default() };
    let is_whole = first.trim().is_empty() && surname.trim().is_empty();
    let (first, known_as) = known_as(if is_whole { whole } else { first });
    name.known_as = known_as;
    if name.known_as.is_some() {
        name.turned.push("preferred name taken out of the name");
    }
    let ordered = if is_whole { name.put_in_order(&first) } else { first };
    let family = if is_whole { "" } else { surname };
    let (Some(found), rest) = split_title(&ordered) else {
        name.full = joined(&ordered, family);
        return name;
    };
    if name.title.is_empty() {
        found.clone_into(&mut name.title);
    }
    // "Mrs Ellis": without a first name, the title stays part of the name.
    let is_bare = if is_whole { !rest.contains(' ') } else { rest.is_empty() };
    if is_bare {
        name.full = joined(&ordered, family);
    } else {
        name.turned.push("title kept in the notes");
        name.full = joined(rest, family);
    }
    name
}

/// Joins two parts of a name with a space.
fn joined(first: &str, surname: &str) -> String {
    let parts = [first.trim(), surname.trim()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Name {
    /// Returns a whole name with the first name before the surname.
    fn put_in_order(&mut self, whole: &str) -> String {
        let words = "surname and first name put in order";
        if let Some((surname, first)) = whole.split_once(',')
            && !first.trim().is_empty()
        {
            self.turned.push(words);
            return joined(first, surname);
        }
        // "ELLIS Margaret": an upper-case surname before a first name that is not.
        let (title, rest) = split_title(whole);
        let is_shouted = |word: &str| {
            word.chars().count() > 1
                && word.chars().any(char::is_alphabetic)
                && !word.chars().any(char::is_lowercase)
        };
        if let Some((surname, first)) = rest.split_once(' ')
            && is_shouted(surname)
            && !first.split(' ').any(is_shouted)
        {
            self.turned.push(words);
            return joined(title.unwrap_or_default(), &joined(first, surname));
        }
        whole.trim().to_owned()
    }
}

/// Splits a name into (name, preferred name); the latter comes from quotation marks or brackets.
fn known_as(name: &str) -> (String, Option<String>) {
    const PAIRS: [(char, char); 6] = [
        ('(', ')'),
        ('[', ']'),
        ('"', '"'),
        ('\u{201C}', '\u{201D}'),
        ('\u{2018}', '\u{2019}'),
        ('\'', '\''),
    ];
    for (open, close) in PAIRS {
        let Some((before, rest)) = name.split_once(open) else { continue };
        let Some((inside, after)) = rest.split_once(close) else { continue };
        // An apostrophe within a word is part of the name: O'Brien, D'Arcy.
        let is_apart = before.is_empty() || before.ends_with(' ');
        let called = fold_known(inside);
        if !is_apart || called.is_empty() || called.chars().any(|c| c.is_ascii_digit()) {
            continue;
        }
        let rest = format!("{before} {after}").split_whitespace().collect::<Vec<_>>().join(" ");
        return (rest.replace(" ,", ","), Some(called));
    }
    (name.trim().to_owned(), None)
}

/// Extracts a preferred name from the text between brackets.
fn fold_known(inside: &str) -> String {
    let inside = inside.trim();
    let lower = inside.to_lowercase();
    let starts =
        ["known as ", "likes to be called ", "prefers ", "called ", "aka ", "pref. ", "pref "];
    let start = starts.iter().find(|start| lower.starts_with(**start));
    start.and_then(|start| inside.get(start.len()..)).unwrap_or(inside).trim().to_owned()
}

/// Splits a name into its title and the rest.
pub(super) fn split_title(name: &str) -> (Option<&str>, &str) {
    let name = name.trim();
    let (word, rest) = name.split_once(' ').unwrap_or((name, ""));
    if TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str()) {
        (Some(word), rest.trim())
    } else {
        (None, name)
    }
}

/// Returns whether the text names two people.
pub(super) fn is_two_people(words: &str) -> bool {
    let folded = fold(&words.replace(['&', '+', '/'], " and "));
    folded.split(' ').any(|word| word == "and")
}

/// Returns whether the text says that the bedroom is empty.
pub(super) fn is_nobody(words: &str) -> bool {
    NOBODY.contains(&fold(words).trim_matches(|c: char| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_from_several_columns_or_one() {
        assert_eq!(compose("Mrs", "Ivy", "Threadgold", "").full, "Ivy Threadgold");
        assert_eq!(compose("", "Mrs Ivy", "Threadgold", "").title, "Mrs");
        assert_eq!(compose("", "", "Threadgold", "").full, "Threadgold");
        for whole in ["Mrs Ivy Threadgold", "Threadgold, Mrs. Ivy", "Threadgold, Mrs Ivy"] {
            let name = compose("", "", "", whole);
            assert_eq!(name.full, "Ivy Threadgold", "{whole}");
            assert!(name.title.starts_with("Mrs") && !name.turned.is_empty(), "{whole}");
        }
        let plain = compose("", "", "", "Ivy Threadgold");
        assert_eq!((plain.full.as_str(), plain.turned.len()), ("Ivy Threadgold", 0));
        assert_eq!(compose("Mrs", "Mrs", "Wojcik", "").full, "Mrs Wojcik");
    }

    #[test]
    fn names_are_reordered_only_if_the_order_is_clear() {
        for (whole, full) in [
            ("THREADGOLD, Ivy", "Ivy THREADGOLD"),
            ("THREADGOLD Ivy", "Ivy THREADGOLD"),
            ("Mrs THREADGOLD Ivy May", "Ivy May THREADGOLD"),
            ("Ivy THREADGOLD", "Ivy THREADGOLD"),
            ("IVY THREADGOLD", "IVY THREADGOLD"),
            ("Bridget O'Brien", "Bridget O'Brien"),
        ] {
            assert_eq!(compose("", "", "", whole).full, full, "{whole}");
        }
    }

    #[test]
    fn a_preferred_name_is_read_from_quotation_marks_or_brackets() {
        for whole in [
            "Margaret \"Peggy\" Ellis",
            "Margaret (Peggy) Ellis",
            "Margaret Ellis (known as Peggy)",
            "Ellis, Margaret 'Peggy'",
            "Mrs Margaret \u{201C}Peggy\u{201D} Ellis",
        ] {
            let name = compose("", "", "", whole);
            assert_eq!(name.full, "Margaret Ellis", "{whole}");
            assert_eq!(name.known_as.as_deref(), Some("Peggy"), "{whole}");
        }
        assert_eq!(compose("", "", "", "Ivy Ellis (room 4)").known_as, None);
    }

    #[test]
    fn couples_in_one_row_are_detected() {
        for couple in
            ["Mr & Mrs Wojcik", "Stan and Halina Wojcik", "Stan/Halina Wojcik", "A+B Wojcik"]
        {
            assert!(is_two_people(couple), "{couple}");
        }
        assert!(!is_two_people("Alexander Anderson"));
        assert!(!is_two_people("Gloria Campbell-Wright"));
    }

    #[test]
    fn an_empty_bedroom_is_not_a_person() {
        assert!(is_nobody(" VACANT ") && is_nobody("(empty)") && !is_nobody("Mary Voiden"));
    }
}
