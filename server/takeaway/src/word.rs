//! Formats wire values as text for people.

use serde::Serialize;

/// Returns the wire name of a value with spaces: `at_the_home` is "at the home".
pub(super) fn spoken(value: &impl Serialize) -> String {
    let word = serde_json::to_value(value);
    let word = word.ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    let spaced = word.replace('_', " ");
    spaced.split(' ').map(upper).collect::<Vec<_>>().join(" ")
}

/// Joins the names of several values in one cell.
pub(super) fn listed<T: Serialize>(values: impl IntoIterator<Item = T>) -> String {
    values.into_iter().map(|value| spoken(&value)).collect::<Vec<_>>().join("; ")
}

/// Returns abbreviations in upper case.
fn upper(word: &str) -> String {
    if matches!(word, "nhs" | "chc") { word.to_uppercase() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::{gate::Gate, person::FundingSource, transfer::PlaceNow};

    #[test]
    fn wire_values_are_formatted_with_spaces() {
        assert_eq!(spoken(&PlaceNow::AtTheHome), "at the home");
        assert_eq!(spoken(&FundingSource::NhsChc), "NHS CHC");
        assert_eq!(listed([Gate::G22, Gate::G23]), "G22; G23");
    }
}
