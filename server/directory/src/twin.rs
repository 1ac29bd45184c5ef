//! Groups registrations of the same place: a change of provider leaves both in the files for a while.

use std::{cmp::Reverse, collections::BTreeMap};

use intake::cell::fold_name;

use super::{merge::Place, take::is_home};

/// Words too common to identify a place.
const COMMON: [&str; 20] = [
    "a",
    "and",
    "at",
    "care",
    "centre",
    "court",
    "for",
    "hall",
    "home",
    "house",
    "limited",
    "lodge",
    "ltd",
    "manor",
    "nursing",
    "of",
    "residential",
    "rest",
    "retirement",
    "the",
];

/// What two registrations of one place have in common.
type Door<'a> = (&'a str, String, &'a str, bool);

/// Groups places into choices, each as the indexes of its registrations, latest first. Two registrations are
/// one choice if address, postcode and telephone are equal and the names share a word; two homes at one
/// address with different telephones stay separate.
pub(super) fn choices(places: &[Place]) -> Vec<Vec<usize>> {
    let mut doors: BTreeMap<Door<'_>, Vec<usize>> = BTreeMap::new();
    let mut choices = Vec::new();
    for (at, place) in places.iter().enumerate() {
        match door(place) {
            Some(door) => doors.entry(door).or_default().push(at),
            None => choices.push(vec![at]),
        }
    }
    for behind in doors.into_values() {
        choices.extend(alike(places, behind));
    }
    for choice in &mut choices {
        choice.sort_by_key(|at| Reverse(places.get(*at).map(age)));
    }
    choices
}

fn door(place: &Place) -> Option<Door<'_>> {
    let (postcode, telephone) = (place.postcode.as_deref()?, place.telephone.as_deref()?);
    Some((postcode, fold_name(place.address.as_deref()?), telephone, is_home(&place.kinds)))
}

/// Splits registrations with one address by similarity of their names.
fn alike(places: &[Place], behind: Vec<usize>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let name = |at: usize| places.get(at).map_or("", |place| place.name.as_str());
    for at in behind {
        let same =
            |group: &&mut Vec<usize>| group.iter().any(|known| is_alike(name(*known), name(at)));
        match groups.iter_mut().find(same) {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    groups
}

fn is_alike(one: &str, other: &str) -> bool {
    let (one, other) = (fold_name(one), fold_name(other));
    let told = |name: &str| name.split(' ').any(|word| !COMMON.contains(&word));
    if !told(&one) || !told(&other) {
        return one == other;
    }
    one.split(' ').any(|word| !COMMON.contains(&word) && other.split(' ').any(|next| next == word))
}

/// Returns the sort key of a registration: its start date, else its number.
fn age(place: &Place) -> (Option<jiff::civil::Date>, u64) {
    let number = place.location.rsplit('-').next().and_then(|number| number.parse().ok());
    (place.since, number.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::directory::ProviderKind;

    fn place(location: &str, name: &str, telephone: &str) -> Place {
        Place {
            location: location.to_owned(),
            name: name.to_owned(),
            address: Some("29 Quay Road, Harbourtown".to_owned()),
            postcode: Some("PO7 5AB".to_owned()),
            telephone: Some(telephone.to_owned()),
            kinds: vec![ProviderKind::Residential],
            ..Place::default()
        }
    }

    #[test]
    fn a_change_of_provider_leaves_one_choice_with_both_ids() {
        let mut moved = place("1-300", "Sunfield of Harbourtown", "01632 960001");
        moved.address = Some("29  Quay Road Harbourtown".to_owned());
        let places = [place("1-200", "Sunfield of Harbourtown", "01632 960001"), moved];
        assert_eq!(choices(&places), [vec![1, 0]]);
        let mut dated = places.clone();
        dated[0].since = Some("2026-01-01".parse().unwrap());
        assert_eq!(choices(&dated), [vec![0, 1]]);
        let renamed = [places[0].clone(), place("1-300", "The Sunfield Care Home", "01632 960001")];
        assert_eq!(choices(&renamed).len(), 1);
    }

    #[test]
    fn two_homes_at_one_address_stay_separate() {
        let harbour = place("1-200", "Harbour", "01632 960001");
        let other_telephone = [harbour.clone(), place("1-300", "Harbour", "01632 960002")];
        assert_eq!(choices(&other_telephone).len(), 2);
        let other_name = [harbour.clone(), place("1-300", "Quayside House", "01632 960001")];
        assert_eq!(choices(&other_name).len(), 2);
        let mut agency = place("1-300", "Harbour", "01632 960001");
        agency.kinds = vec![ProviderKind::HomeCare];
        assert_eq!(choices(&[harbour.clone(), agency]).len(), 2);
        let nameless = [
            place("1-1", "The Care Home", "01632 960001"),
            place("1-2", "Nursing Home", "01632 960001"),
        ];
        assert_eq!(choices(&nameless).len(), 2);
        let mut unknown = harbour.clone();
        unknown.telephone = None;
        assert_eq!(choices(&[unknown.clone(), unknown]).len(), 2);
    }
}
