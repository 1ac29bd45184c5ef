//! The words of the language, as people read them in a file.

use serde::Serialize;

/// Returns a value's word with spaces: `at_the_home` is "at the home".
pub(super) fn spoken(value: &impl Serialize) -> String {
    let word = serde_json::to_value(value);
    let word = word.ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    let spaced = word.replace('_', " ");
    spaced.split(' ').map(upper).collect::<Vec<_>>().join(" ")
}

/// Returns the words of several values, in one cell.
pub(super) fn listed<T: Serialize>(values: impl IntoIterator<Item = T>) -> String {
    values.into_iter().map(|value| spoken(&value)).collect::<Vec<_>>().join("; ")
}

/// Returns abbreviations as they are written.
fn upper(word: &str) -> String {
    if matches!(word, "nhs" | "chc") { word.to_uppercase() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::{gate::Gate, person::FundingSource, transfer::PlaceNow};

    #[test]
    fn words_are_spoken_as_people_say_them() {
        assert_eq!(spoken(&PlaceNow::AtTheHome), "at the home");
        assert_eq!(spoken(&FundingSource::NhsChc), "NHS CHC");
        assert_eq!(listed([Gate::G22, Gate::G23]), "G22; G23");
    }
}
