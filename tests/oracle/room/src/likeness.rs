//! Look-alikes: people whose names or initials and birthdays are near (PROCEDURE 3.5, R42).
//!
//! Each person has a few keys; sharing any key with somebody else is the mark. Classes instead of pairs
//! keep the number of rows that one registration touches constant.

use proto::person::PersonChange;

/// Returns the keys under which somebody may be taken for another.
pub(crate) fn keys(details: &PersonChange) -> Vec<String> {
    let Some(name) = &details.name else { return Vec::new() };
    let words: Vec<String> = name.as_str().split([' ', '-']).map(sound).collect();
    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let mut keys = vec![format!("name {}", words.join(" "))];
    let initials: String = [words.first(), words.last()]
        .into_iter()
        .flatten()
        .filter_map(|word| word.chars().next())
        .collect();
    let month = details.date_of_birth.as_ref().and_then(|date| date.as_str().get(..7));
    if let Some(month) = month {
        keys.push(format!("born {initials} {month}"));
    }
    keys
}

/// Returns roughly how a word sounds: one sign for letters that are taken for each other, no doubles, no
/// vowels after the first letter.
fn sound(word: &str) -> String {
    let mut out = String::new();
    let folded = word.to_uppercase().replace("PH", "F");
    for (place, letter) in folded.chars().filter(|c| c.is_alphabetic()).enumerate() {
        let sign = match letter {
            'C' | 'Q' | 'G' | 'K' => 'K',
            'D' | 'T' => 'T',
            'B' | 'P' => 'P',
            'V' | 'F' | 'W' => 'F',
            'Z' | 'S' | 'X' => 'S',
            'M' | 'N' => 'N',
            'A' | 'E' | 'I' | 'O' | 'U' | 'Y' | 'H' if place > 0 => continue,
            other => other,
        };
        if !out.ends_with(sign) {
            out.push(sign);
        }
    }
    out
}
