//! References: letter, digit, letter, drawn by lot, never reused, never a bedroom (PROCEDURE 3.5).

use std::collections::BTreeSet;

use proto::text::{Bedroom, REFERENCE_DIGITS, REFERENCE_LETTERS, Reference};

/// How many references there are.
fn count() -> usize {
    REFERENCE_LETTERS.len() * REFERENCE_DIGITS.len() * REFERENCE_LETTERS.len()
}

/// Returns the reference with this number.
fn nth(number: usize) -> Option<Reference> {
    let letters = REFERENCE_LETTERS.len();
    let digits = REFERENCE_DIGITS.len();
    let first = REFERENCE_LETTERS.chars().nth(number % letters)?;
    let digit = REFERENCE_DIGITS.chars().nth(number / letters % digits)?;
    let last = REFERENCE_LETTERS.chars().nth(number / letters / digits % letters)?;
    Reference::parse(&format!("{first}{digit}{last}")).ok()
}

/// Returns a reference that neither `used` nor any bedroom has, or `None` when all are gone.
///
/// The walk starts where the dice say and its step shares no factor with the count, so it meets each
/// reference once and neighbours in the list get no neighbouring references.
pub(crate) fn draw(
    dice: [u8; 16],
    used: &BTreeSet<Reference>,
    bedrooms: &BTreeSet<Bedroom>,
) -> Option<Reference> {
    const STEP: usize = 1009;
    let all = count();
    let start = usize::try_from(u128::from_be_bytes(dice) % u128::try_from(all).ok()?).ok()?;
    (0..all).filter_map(|turn| nth((start + turn * STEP) % all)).find(|reference| {
        let is_bedroom = Bedroom::parse(reference.as_str()).is_ok_and(|b| bedrooms.contains(&b));
        !used.contains(reference) && !is_bedroom
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_is_drawn_once_and_none_is_a_bedroom() {
        let bedrooms: BTreeSet<Bedroom> =
            ["A2A", "K7F"].iter().map(|text| Bedroom::parse(text).unwrap()).collect();
        let mut used = BTreeSet::new();
        while let Some(reference) = draw([7; 16], &used, &bedrooms) {
            assert!(used.insert(reference.clone()));
            assert!(!bedrooms.contains(&Bedroom::parse(reference.as_str()).unwrap()));
        }
        assert_eq!(used.len(), count() - 2);
    }
}
