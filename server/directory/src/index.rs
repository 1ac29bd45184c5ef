//! The searchable directory in memory.

use std::{cmp::Ordering, collections::BTreeSet};

use intake::cell::fold;
use jiff::civil::Date;
use proto::{
    directory::{FileKind, ListFile},
    id::Time,
    limit::HOMES_PAGE,
};

use super::{
    merge::{self, Place},
    part::{Contents, Spot},
    postcode,
    query::Query,
    twin,
    vacancy::Vacancies,
};

/// The directory in memory.
#[derive(Debug, Default)]
pub struct Index {
    files: Vec<(ListFile, Date)>,
    places: Vec<Place>,
    choices: Vec<Choice>,
    authorities: Vec<String>,
    vacancies: Vacancies,
}

/// A place with all its registrations.
#[derive(Debug)]
pub(super) struct Choice {
    /// The indexes of its registrations, latest first.
    members: Vec<usize>,
    /// The searchable text.
    words: String,
    /// Its location: as a file gives it, else the centre of its postcode sector.
    spot: Option<Spot>,
}

/// One page of search results.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub(super) total: usize,
    pub(super) unplaced: usize,
    pub(super) page: Vec<(&'a Choice, Option<f64>)>,
}

impl Index {
    /// Builds the index from the files.
    pub(super) fn new(files: &[Contents], kept_at: &[Time], vacancies: Vacancies) -> Self {
        let places = merge::merge(files);
        let choices = twin::choices(&places);
        let mut choices: Vec<Choice> =
            choices.into_iter().map(|members| Choice::new(&places, members)).collect();
        let newest = |choice: &Choice| {
            choice.members.first().and_then(|at| places.get(*at)).map(|place| place.name.as_str())
        };
        choices.sort_by(|one, other| newest(one).cmp(&newest(other)));
        let authorities: BTreeSet<&String> =
            places.iter().filter_map(|place| place.authority.as_ref()).collect();
        let authorities = authorities.into_iter().cloned().collect();
        let files = files.iter().zip(kept_at);
        let files = files.map(|(file, kept_at)| (listed(file, *kept_at), file.day));
        Self { files: files.collect(), choices, authorities, vacancies, places }
    }

    /// Returns the files of the index.
    pub(super) fn files(&self) -> impl Iterator<Item = &ListFile> {
        self.files.iter().map(|(file, _)| file)
    }

    /// Returns the councils with a place in the index.
    pub(super) fn authorities(&self) -> &[String] {
        &self.authorities
    }

    /// Returns the vacancies from vacancy lists.
    pub(super) const fn vacancies(&self) -> &Vacancies {
        &self.vacancies
    }

    /// Returns every choice, with its registrations.
    pub(super) fn choices(&self) -> Vec<Vec<&Place>> {
        self.choices.iter().map(|choice| self.members(choice).collect()).collect()
    }

    /// Returns the date of the file of this kind.
    pub(super) fn day(&self, kind: FileKind) -> Option<Date> {
        self.files.iter().find(|(file, _)| file.kind == kind).map(|(_, day)| *day)
    }

    /// Returns the registrations of a choice, latest first.
    pub(super) fn members<'a>(
        &'a self,
        choice: &'a Choice,
    ) -> impl Iterator<Item = &'a Place> + Clone {
        choice.members.iter().filter_map(|at| self.places.get(*at))
    }

    /// Searches; results are ordered by distance, then by name.
    pub(super) fn search(&self, query: &Query) -> Found<'_> {
        let mut unplaced = 0;
        let mut found: Vec<(&Choice, Option<f64>)> = Vec::new();
        for choice in &self.choices {
            if !query.fits(self.members(choice), &choice.words) {
                continue;
            }
            let miles = query.near.zip(choice.spot).map(|(near, spot)| postcode::miles(near, spot));
            match (query.within_miles, miles) {
                (Some(within), Some(miles)) if postcode::shown(miles) > within => {}
                (Some(_), None) => unplaced += 1,
                (Some(_) | None, _) => found.push((choice, miles)),
            }
        }
        let total = found.len();
        // Results are already ordered by name, and the sort is stable.
        if query.near.is_some() {
            found.sort_by(|(_, near), (_, far)| nearer(*near, *far));
        }
        let page = found.into_iter().skip(query.skip()).take(HOMES_PAGE).collect();
        Found { total, unplaced, page }
    }
}

/// Orders by distance; places without a location come last.
fn nearer(one: Option<f64>, other: Option<f64>) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn listed(file: &Contents, kept_at: Time) -> ListFile {
    let places = file.parts.iter().filter(|part| !part.dormant).count();
    let places = u32::try_from(places).unwrap_or(u32::MAX);
    ListFile { kind: file.kind, day: file.day.to_string(), places, kept_at }
}

impl Choice {
    /// Returns the location.
    pub(super) const fn spot(&self) -> Option<Spot> {
        self.spot
    }

    fn new(places: &[Place], members: Vec<usize>) -> Self {
        let known = || members.iter().filter_map(|at| places.get(*at));
        let mut words = BTreeSet::new();
        for place in known() {
            let all = [
                Some(&place.name),
                place.known_as.as_ref(),
                place.address.as_ref(),
                place.postcode.as_ref(),
                place.telephone.as_ref(),
                place.provider.as_ref(),
                place.authority.as_ref(),
                Some(&place.location),
                place.ods.as_ref(),
            ];
            for text in all.into_iter().flatten() {
                words.insert(searched(text));
            }
        }
        let words = words.into_iter().collect::<Vec<_>>().join("\n");
        let told = known().find_map(|place| place.spot);
        let spot = told.or_else(|| {
            known().find_map(|place| postcode::locate(place.postcode.as_deref()?).ok())
        });
        Self { members, words, spot }
    }
}

/// Returns the searchable form of text: normalised, plus a form without spaces for postcodes and telephone
/// numbers typed without them.
fn searched(text: &str) -> String {
    let folded = fold(text);
    if folded.contains(|c: char| c.is_ascii_digit()) && folded.len() <= 16 {
        let close: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
        if close != folded {
            return format!("{folded}\n{close}");
        }
    }
    folded
}
