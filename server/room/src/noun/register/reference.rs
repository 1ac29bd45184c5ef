//! References: letter, digit, letter, drawn at random, never reused, never equal to a bedroom (PROCEDURE 3.5). Rooms
//! too large for three characters append a digit, and no reference is a prefix of another.

use std::collections::BTreeSet;

use proto::{
    limit::SHORT_REFERENCES_MAX,
    text::{Bedroom, REFERENCE_DIGITS, REFERENCE_LETTERS, Reference},
};

/// The length of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signs {
    /// `K7F`.
    Three,
    /// `K7F4`.
    Four,
}

impl Signs {
    /// Returns the number of references of this length.
    fn count(self) -> usize {
        let three = REFERENCE_LETTERS.len() * REFERENCE_DIGITS.len() * REFERENCE_LETTERS.len();
        match self {
            Self::Three => three,
            Self::Four => three * REFERENCE_DIGITS.len(),
        }
    }

    /// Returns the reference at an index.
    fn nth(self, number: usize) -> Option<Reference> {
        let letters = REFERENCE_LETTERS.len();
        let digits = REFERENCE_DIGITS.len();
        let first = REFERENCE_LETTERS.chars().nth(number % letters)?;
        let digit = REFERENCE_DIGITS.chars().nth(number / letters % digits)?;
        let last = REFERENCE_LETTERS.chars().nth(number / letters / digits % letters)?;
        let more = match self {
            Self::Three => String::new(),
            Self::Four => {
                let number = number / letters / digits / letters % digits;
                REFERENCE_DIGITS.chars().nth(number)?.to_string()
            }
        };
        Reference::parse(&format!("{first}{digit}{last}{more}")).ok()
    }

    /// Returns the free reference that the dice select, or `None` if all are used.
    ///
    /// The walk starts at an offset from the dice, with a step coprime to the count, so it visits each reference once
    /// and adjacent people do not get adjacent references.
    fn draw(self, dice: [u8; 16], is_free: impl Fn(&Reference) -> bool) -> Option<Reference> {
        let all = self.count();
        let start = usize::try_from(u128::from_be_bytes(dice) % u128::try_from(all).ok()?).ok()?;
        let walk = (0..all).filter_map(|turn| self.nth(step(start, turn, all)));
        walk.into_iter().find(is_free)
    }
}

/// Returns the position of the walk after a number of steps.
const fn step(start: usize, turn: usize, all: usize) -> usize {
    const STEP: usize = 1009;
    (start + turn * STEP) % all
}

/// Returns a reference that is neither in `used` nor equal to a bedroom, or `None` if all are used. Three-character
/// references are drawn until half are used; longer ones begin with the other half, so that `K7F` and `K7F4` never
/// coexist.
pub(crate) fn draw(
    dice: [u8; 16],
    used: &BTreeSet<Reference>,
    is_bedroom: impl Fn(&Bedroom) -> bool,
) -> Option<Reference> {
    let is_free = |reference: &Reference| {
        let named = Bedroom::parse(reference.as_str()).is_ok_and(|bedroom| is_bedroom(&bedroom));
        !named && !is_mistaken(reference, used)
    };
    let short = || Signs::Three.draw(dice, is_free);
    let long = || Signs::Four.draw(dice, is_free);
    if used.len() < SHORT_REFERENCES_MAX { short().or_else(long) } else { long().or_else(short) }
}

/// Returns whether a reference is used, is a prefix of a used one, or has a used one as a prefix.
fn is_mistaken(reference: &Reference, used: &BTreeSet<Reference>) -> bool {
    let text = reference.as_str();
    let next = used.range(reference..).next();
    let begins_one = next.is_some_and(|next| next.as_str().starts_with(text));
    let head = text.get(..3).and_then(|head| Reference::parse(head).ok());
    begins_one || head.is_some_and(|head| used.contains(&head))
}

#[cfg(test)]
mod tests {
    use proto::limit::PEOPLE_MAX;

    use super::*;

    fn dice(n: usize) -> [u8; 16] {
        (u128::try_from(n).unwrap() * 0x9e37_79b9_7f4a_7c15).to_be_bytes()
    }

    #[test]
    fn the_walk_visits_every_reference_once() {
        for signs in [Signs::Three, Signs::Four] {
            let all = signs.count();
            let met: BTreeSet<_> =
                (0..all).filter_map(|turn| signs.nth(step(77, turn, all))).collect();
            assert_eq!(met.len(), all, "{signs:?}");
        }
    }

    /// P-97
    #[test]
    fn a_register_at_its_largest_has_references_that_nobody_takes_for_each_other() {
        let bedrooms: BTreeSet<Bedroom> =
            ["A2A", "K7F", "K7F4"].iter().map(|text| Bedroom::parse(text).unwrap()).collect();
        let (mut used, mut lengths) = (BTreeSet::new(), Vec::new());
        for n in 0..PEOPLE_MAX {
            let drawn = draw(dice(n), &used, |bedroom| bedrooms.contains(bedroom)).unwrap();
            assert!(!bedrooms.contains(&Bedroom::parse(drawn.as_str()).unwrap()));
            lengths.push(drawn.as_str().len());
            assert!(used.insert(drawn), "drawn twice");
        }
        let short = lengths.iter().filter(|length| **length == 3).count();
        assert_eq!(short, SHORT_REFERENCES_MAX, "three signs as long as they name well");
        assert!(lengths.is_sorted());
        for reference in used.iter().filter(|reference| reference.as_str().len() == 4) {
            let head = Reference::parse(&reference.as_str()[..3]).unwrap();
            assert!(!used.contains(&head), "{} begins another", head.as_str());
        }
    }

    #[test]
    fn a_reference_is_neither_reused_nor_extended() {
        let used: BTreeSet<Reference> =
            ["K7F4", "A2C"].iter().map(|text| Reference::parse(text).unwrap()).collect();
        for (text, mistaken) in [
            ("K7F", true),
            ("K7F4", true),
            ("K7F5", false),
            ("A2C", true),
            ("A2C9", true),
            ("A2D", false),
        ] {
            let reference = Reference::parse(text).unwrap();
            assert_eq!(is_mistaken(&reference, &used), mistaken, "{text}");
        }
    }
}
