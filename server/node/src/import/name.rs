//! Names as lists write them.

use super::cell::fold;

/// Titles that may stand before a name in one column.
const TITLES: [&str; 15] = [
    "mr", "mrs", "miss", "ms", "mx", "dr", "rev", "revd", "prof", "sir", "lady", "lord", "dame",
    "fr", "canon",
];
/// What homes write where nobody lives.
const NOBODY: [&str; 6] = ["vacant", "empty", "void", "vacancy", "unoccupied", "no resident"];

/// A name put together from the cells of a row.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Name {
    /// First name and surname, without title.
    pub(super) full: String,
    /// The title.
    pub(super) title: String,
    /// What was done to a name in one column, when anything was.
    pub(super) turned: Option<&'static str>,
}

/// Puts a name together. `whole` is a column with the whole name, used where the others are empty.
pub(super) fn compose(title: &str, first: &str, surname: &str, whole: &str) -> Name {
    let parts = [first.trim(), surname.trim()];
    let full = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if !full.is_empty() {
        return Name { full, title: title.trim().to_owned(), turned: None };
    }
    let (turned, swapped) = match whole.split_once(',') {
        Some((surname, first)) if !first.trim().is_empty() => (
            Some("surname and first name put in order"),
            format!("{} {}", first.trim(), surname.trim()),
        ),
        _ => (None, whole.trim().to_owned()),
    };
    let (found, rest) = split_title(&swapped);
    let name = Name { full: rest.to_owned(), title: title.trim().to_owned(), turned };
    match found {
        Some(found) => Name {
            title: if name.title.is_empty() { found.to_owned() } else { name.title },
            turned: Some("title kept in the notes"),
            ..name
        },
        None => name,
    }
}

/// Returns the title at the beginning of a name, and the rest.
fn split_title(name: &str) -> (Option<&str>, &str) {
    match name.split_once(' ') {
        Some((word, rest))
            if TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str()) =>
        {
            (Some(word), rest.trim())
        }
        _ => (None, name),
    }
}

/// Tells whether the words name two people.
pub(super) fn is_two_people(words: &str) -> bool {
    let folded = fold(&words.replace(['&', '+', '/'], " and "));
    folded.split(' ').any(|word| word == "and")
}

/// Tells whether the words say that nobody lives there.
pub(super) fn is_nobody(words: &str) -> bool {
    NOBODY.contains(&fold(words).trim_matches(|c: char| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_in_several_columns_or_in_one() {
        assert_eq!(compose("Mrs", "Ivy", "Threadgold", "").full, "Ivy Threadgold");
        assert_eq!(compose("", "", "Threadgold", "").full, "Threadgold");
        for whole in ["Mrs Ivy Threadgold", "Threadgold, Mrs. Ivy", "Threadgold, Mrs Ivy"] {
            let name = compose("", "", "", whole);
            assert_eq!(name.full, "Ivy Threadgold", "{whole}");
            assert!(name.title.starts_with("Mrs") && name.turned.is_some(), "{whole}");
        }
        let plain = compose("", "", "", "Ivy Threadgold");
        assert_eq!((plain.full.as_str(), plain.turned), ("Ivy Threadgold", None));
    }

    #[test]
    fn couples_in_one_row_are_noticed() {
        for couple in
            ["Mr & Mrs Wojcik", "Stan and Halina Wojcik", "Stan/Halina Wojcik", "A+B Wojcik"]
        {
            assert!(is_two_people(couple), "{couple}");
        }
        assert!(!is_two_people("Alexander Anderson"));
        assert!(!is_two_people("Gloria Campbell-Wright"));
    }

    #[test]
    fn an_empty_room_is_nobody() {
        assert!(is_nobody(" VACANT ") && is_nobody("(empty)") && !is_nobody("Mary Voiden"));
    }
}
