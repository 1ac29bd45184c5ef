//! Look-alikes: people with similar names, or with matching initials and close birthdays (PROCEDURE 3.5, R42).
//!
//! Each person has a few keys; a key shared with another person is the mark. Equivalence classes instead of pairs
//! bound the number of rows that one registration touches.

use proto::{details::PersonChange, id::PersonId, key::Key};

use super::Person;
use crate::room::{Room, Touched};

/// Returns whether the room has a similar name.
pub(crate) fn is_similar(room: &Room, person: &Person) -> bool {
    keys(&person.details)
        .iter()
        .any(|key| room.likenesses.get(key).is_some_and(|people| people.len() > 1))
}

/// Adds a person under their likeness keys; touches a person who was alone under one.
pub(crate) fn mark(room: &mut Room, id: PersonId, keys: &[String], touched: &mut Touched) {
    for key in keys {
        let class = room.likenesses.entry(key.clone()).or_default();
        if class.len() == 1 {
            touched.extend(class.first().copied().map(Key::Person));
        }
        class.insert(id);
    }
}

/// Removes a person from their likeness keys; touches a person left alone under one.
pub(crate) fn unmark(room: &mut Room, id: PersonId, keys: &[String], touched: &mut Touched) {
    for key in keys {
        let Some(class) = room.likenesses.get_mut(key) else { continue };
        class.remove(&id);
        if class.len() == 1 {
            touched.extend(class.first().copied().map(Key::Person));
        }
    }
}

/// Returns the keys under which a person may be mistaken for another.
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

/// Returns a phonetic form of a word: similar letters share a sign, doubles collapse, and vowels after the first
/// letter are dropped.
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

#[cfg(test)]
mod tests {
    use super::*;
    use proto::text::{BirthDate, PersonName};

    fn like(name: &str, born: &str) -> Vec<String> {
        keys(&PersonChange {
            name: Some(PersonName::parse(name).unwrap()),
            date_of_birth: Some(BirthDate::parse(born).unwrap()),
            ..PersonChange::default()
        })
    }

    fn share(a: &[String], b: &[String]) -> bool {
        a.iter().any(|key| b.contains(key))
    }

    #[test]
    fn spelling_variants_and_near_birthdays_are_look_alikes() {
        let ellis = like("Margaret Ellis", "1938-03-14");
        assert!(share(&ellis, &like("Margaret Ellis", "1938-03-04")));
        assert!(share(&ellis, &like("Margret Elis", "1950-01-01")));
        assert!(share(
            &like("Kathleen Brannigan", "1933-01-15"),
            &like("Cathleen Branigan", "1933-01-15")
        ));
        assert!(share(&ellis, &like("Mary Eaton", "1938-03-30")));
        assert!(!share(&ellis, &like("Doreen Haddock", "1938-03-14")));
    }
}
