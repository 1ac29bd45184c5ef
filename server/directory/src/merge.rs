//! Merges the files: for each field of a place, the latest file that has it wins.

use std::collections::BTreeMap;

use jiff::civil::Date;
use proto::directory::{Category, CqcRating, Domain, FileKind, HomeField, Origin, ProviderKind};

use super::part::{Contents, Part, Rated, Spot};

/// A place, merged from all files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) location: String,
    pub(super) name: String,
    pub(super) known_as: Option<String>,
    pub(super) address: Option<String>,
    pub(super) postcode: Option<String>,
    pub(super) telephone: Option<String>,
    pub(super) website: Option<String>,
    pub(super) kinds: Vec<ProviderKind>,
    pub(super) categories: Vec<Category>,
    pub(super) beds: Option<u16>,
    pub(super) provider: Option<String>,
    pub(super) authority: Option<String>,
    pub(super) ods: Option<String>,
    pub(super) spot: Option<Spot>,
    pub(super) rating: Option<Rated>,
    pub(super) domains: Vec<(Domain, CqcRating)>,
    pub(super) since: Option<Date>,
    /// The source file of each field.
    pub(super) from: Vec<(HomeField, FileKind)>,
}

/// The entry of one file about a place.
#[derive(Clone, Copy)]
struct Word<'a> {
    kind: FileKind,
    day: Date,
    part: &'a Part,
}

/// Returns the listed places, by location id, without those that have ended or are dormant.
pub(super) fn merge(files: &[Contents]) -> Vec<Place> {
    let mut latest: Vec<&Contents> = files.iter().collect();
    latest.sort_by_key(|file| (std::cmp::Reverse(file.day), rank(file.kind)));
    let mut words: BTreeMap<&str, Vec<Word<'_>>> = BTreeMap::new();
    for file in latest {
        for part in &file.parts {
            let word = Word { kind: file.kind, day: file.day, part };
            words.entry(&part.location).or_default().push(word);
        }
    }
    words.into_iter().filter_map(|(location, words)| place(location, &words)).collect()
}

/// Returns the precedence of a kind of file among files of the same date.
const fn rank(kind: FileKind) -> u8 {
    match kind {
        FileKind::Ratings => 0,
        FileKind::Filters => 1,
        FileKind::Directory => 2,
        FileKind::Local => 3,
        FileKind::Deactivated => 4,
    }
}

/// Merges the entries about a place, latest first.
fn place(location: &str, words: &[Word<'_>]) -> Option<Place> {
    let listed = words.iter().find(|word| word.part.name.is_some())?;
    let is_over = |word: &Word<'_>| {
        (word.part.ended.is_some() || word.part.dormant) && word.day >= listed.day
    };
    if words.iter().any(is_over) {
        return None;
    }
    let mut place = Place { location: location.to_owned(), ..Place::default() };
    let mut telling = Telling { words, from: Vec::new() };
    place.name = telling.first(HomeField::Name, |part| part.name.clone())?;
    place.known_as = words.iter().find_map(|word| word.part.known_as.clone());
    place.address = telling.first(HomeField::Address, |part| part.address.clone());
    place.postcode = words.iter().find_map(|word| word.part.postcode.clone());
    place.telephone = telling.first(HomeField::Telephone, |part| part.telephone.clone());
    place.website = telling.first(HomeField::Website, |part| part.website.clone());
    place.kinds = telling.first(HomeField::Kinds, |part| filled(&part.kinds)).unwrap_or_default();
    let categories = telling.first(HomeField::Categories, |part| filled(&part.categories));
    place.categories = categories.unwrap_or_default();
    place.beds = telling.first(HomeField::Beds, |part| part.beds);
    place.provider = telling.first(HomeField::Provider, |part| part.provider.clone());
    place.authority = telling.first(HomeField::Authority, |part| part.authority.clone());
    place.ods = telling.first(HomeField::Ods, |part| part.ods.clone());
    place.spot = telling.first(HomeField::Place, |part| part.spot);
    place.rating = telling.first(HomeField::Rating, |part| part.rating.clone());
    let domains = words.iter().find_map(|word| filled(&word.part.domains));
    place.domains = domains.unwrap_or_default();
    place.since = words.iter().find_map(|word| word.part.since);
    place.from = telling.from;
    Some(place)
}

fn filled<T: Clone>(list: &[T]) -> Option<Vec<T>> {
    (!list.is_empty()).then(|| list.to_vec())
}

/// Entries about a place, and a record of which file each field came from.
struct Telling<'a> {
    words: &'a [Word<'a>],
    from: Vec<(HomeField, FileKind)>,
}

impl Telling<'_> {
    /// Returns the field from the latest entry that has it.
    fn first<T>(&mut self, field: HomeField, told: impl Fn(&Part) -> Option<T>) -> Option<T> {
        let (kind, value) =
            self.words.iter().find_map(|word| Some((word.kind, told(word.part)?)))?;
        self.from.push((field, kind));
        Some(value)
    }
}

impl Place {
    /// Returns the source file of each field.
    pub(super) fn origins(&self, day: impl Fn(FileKind) -> Option<Date>) -> Vec<Origin> {
        let mut by_kind: BTreeMap<FileKind, Vec<HomeField>> = BTreeMap::new();
        for (field, kind) in &self.from {
            by_kind.entry(*kind).or_default().push(*field);
        }
        by_kind
            .into_iter()
            .filter_map(|(kind, fields)| Some(Origin { kind, day: day(kind)?.to_string(), fields }))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(kind: FileKind, day: &str, part: Part) -> Contents {
        let parts = vec![Part { location: "1-100".to_owned(), ..part }];
        Contents { kind, day: day.parse().unwrap(), parts }
    }

    fn named(name: &str) -> Part {
        Part { name: Some(name.to_owned()), ..Part::default() }
    }

    #[test]
    fn the_latest_file_with_a_field_wins() {
        let old =
            Part { beds: Some(40), telephone: Some("01632 960001".to_owned()), ..named("Old") };
        let new = Part { telephone: Some("01632 960002".to_owned()), ..named("New") };
        let files = [
            file(FileKind::Filters, "2026-08-01", old),
            file(FileKind::Directory, "2026-09-16", new),
        ];
        let place = &merge(&files)[0];
        assert_eq!((place.name.as_str(), place.beds), ("New", Some(40)));
        assert_eq!(place.telephone.as_deref(), Some("01632 960002"));
        let day = |kind| files.iter().find(|file| file.kind == kind).map(|file| file.day);
        let origins = place.origins(day);
        assert_eq!(origins.len(), 2);
        let beds = origins.iter().find(|origin| origin.fields.contains(&HomeField::Beds)).unwrap();
        assert_eq!((beds.kind, beds.day.as_str()), (FileKind::Filters, "2026-08-01"));
    }

    #[test]
    fn ended_and_dormant_places_are_not_offered() {
        let ended = Part { ended: Some("2026-09-20".parse().unwrap()), ..Part::default() };
        let dormant = Part { dormant: true, ..Part::default() };
        let listed = || file(FileKind::Directory, "2026-09-16", named("Ashlea"));
        assert_eq!(merge(&[listed()]).len(), 1);
        let since = file(FileKind::Deactivated, "2026-10-01", ended.clone());
        assert!(merge(&[listed(), since]).is_empty());
        assert!(merge(&[listed(), file(FileKind::Filters, "2026-09-16", dormant)]).is_empty());
        // A later list overrides the deactivation.
        let before = file(FileKind::Deactivated, "2026-09-01", ended);
        assert_eq!(merge(&[listed(), before]).len(), 1);
    }

    #[test]
    fn a_rating_alone_does_not_list_a_place() {
        let rated = Rated { rating: CqcRating::Good, day: None, inherited: false };
        let part = Part { rating: Some(rated), ..Part::default() };
        assert!(merge(&[file(FileKind::Ratings, "2026-09-16", part)]).is_empty());
    }
}
