//! Vacancy lists: the free places in somebody's spreadsheet. Nobody has confirmed them by telephone, so they
//! are shown with their age and cannot hold a bed.

use std::collections::BTreeMap;

use intake::cell::fold_name;
use jiff::civil::Date;
use proto::{directory::VacancySaid, limit::VACANCY_ROWS_MAX, text::Short};
use serde::{Deserialize, Serialize};

use super::{
    book::{self, Next},
    fault::Fault,
    merge::Place,
    value,
};

/// Rows searched for the header.
const HEADER_ROWS: u32 = 40;
/// Names of the columns with the regulator's id, the home's name, its postcode, its vacancies and the date.
const ID: &[&str] = &["cqc location id", "cqc id", "location id", "cqc number", "cqc ref"];
const NAME: &[&str] =
    &["home", "care home", "home name", "care home name", "location name", "name", "provider"];
const POSTCODE: &[&str] = &["postcode", "post code"];
const VACANT: &[&str] = &[
    "vacancies",
    "vacant",
    "vacant beds",
    "vacancy",
    "beds available",
    "available beds",
    "number of vacancies",
    "vacant accepting admissions",
];
const DAY: &[&str] =
    &["date", "as at", "updated", "last updated", "date updated", "date of update", "updated at"];
/// Maximum number of notes about single rows; the rest are counted.
const NOTES_MAX: usize = 20;

/// The column mapping as the sender gave it. A blank one is found by name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Columns {
    /// The column with the home's name or regulator's id.
    pub home: String,
    /// The column with its vacancies.
    pub vacancies: String,
    /// The column with the date.
    pub date: String,
}

/// The stored vacancy lists, one per source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Vacancies {
    lists: Vec<List>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct List {
    source: Short,
    /// By the regulator's id.
    homes: BTreeMap<String, (u16, Date)>,
}

/// The result of reading a list.
#[derive(Debug)]
pub(super) enum Read {
    /// The list was read.
    Homes {
        /// By the regulator's id.
        homes: BTreeMap<String, (u16, Date)>,
        /// Skipped rows, and why.
        notes: Vec<String>,
    },
    /// The sender must map these columns.
    Columns(Vec<String>),
}

impl Vacancies {
    /// Replaces the list from the same source.
    pub(super) fn put(&mut self, source: Short, homes: BTreeMap<String, (u16, Date)>) {
        self.lists.retain(|list| list.source != source);
        self.lists.push(List { source, homes });
    }

    /// Returns the latest vacancies of a place with these registrations.
    pub(super) fn said<'a>(
        &self,
        locations: impl Iterator<Item = &'a str>,
        today: Date,
    ) -> Option<VacancySaid> {
        let all = locations.flat_map(|location| {
            self.lists.iter().filter_map(move |list| Some((list, list.homes.get(location)?)))
        });
        let (list, (vacant, day)) = all.max_by_key(|(_, (_, day))| *day)?;
        let days = today.since(*day).map_or(0, |span| span.get_days());
        Some(VacancySaid {
            vacant: *vacant,
            day: day.to_string(),
            days: u16::try_from(days.max(0)).unwrap_or(u16::MAX),
            source: list.source.clone(),
        })
    }
}

/// Matches a list with the choices of the directory, each with all its registrations.
pub(super) fn read(
    bytes: &[u8],
    columns: &Columns,
    list_day: Option<Date>,
    today: Date,
    choices: &[Vec<&Place>],
) -> Result<Read, Fault> {
    let mut taking = Taking { said: columns.clone(), ..Taking::default() };
    book::read(bytes, &mut taking)?;
    if taking.header.is_none() {
        return Ok(Read::Columns(taking.candidates));
    }
    let known = Known::new(choices);
    let (mut homes, mut notes) = (BTreeMap::new(), Vec::new());
    for row in taking.rows {
        match row.read(&known, list_day, today) {
            Ok((location, vacant, day)) => {
                homes.insert(location.to_owned(), (vacant, day));
            }
            Err(words) => notes.push(format!("Row {}: {words}.", row.number)),
        }
    }
    if notes.len() > NOTES_MAX {
        let more = notes.len() - NOTES_MAX;
        notes.truncate(NOTES_MAX);
        notes.push(format!("And {more} more rows."));
    }
    Ok(Read::Homes { homes, notes })
}

/// The column mapping of a list.
#[derive(Debug, Clone, Copy)]
struct Header {
    id: Option<usize>,
    name: Option<usize>,
    postcode: Option<usize>,
    vacant: usize,
    day: Option<usize>,
}

impl Header {
    /// Returns the mapping if these cells are the header.
    fn of(cells: &[String], said: &Columns) -> Option<Self> {
        let names: Vec<String> = cells.iter().map(|cell| fold_name(cell)).collect();
        let at = |name: &str| names.iter().position(|known| *known == fold_name(name));
        let any = |known: &[&str]| known.iter().find_map(|name| at(name));
        let told = |words: &str, known: &[&str]| {
            if words.trim().is_empty() { any(known) } else { at(words) }
        };
        let home = (!said.home.trim().is_empty()).then(|| at(&said.home)).flatten();
        let is_named = said.home.trim().is_empty();
        let header = Self {
            id: if is_named { any(ID) } else { home },
            name: if is_named { any(NAME) } else { home },
            postcode: any(POSTCODE),
            vacant: told(&said.vacancies, VACANT)?,
            day: told(&said.date, DAY),
        };
        (header.id.is_some() || header.name.is_some()).then_some(header)
    }
}

/// The cells of a row, as sent.
#[derive(Debug)]
struct Row {
    number: u32,
    id: String,
    name: String,
    postcode: String,
    vacant: String,
    day: String,
}

#[derive(Debug, Default)]
struct Taking {
    said: Columns,
    header: Option<Header>,
    above: u32,
    is_done: bool,
    candidates: Vec<String>,
    rows: Vec<Row>,
}

impl book::Reader for Taking {
    fn sheet(&mut self) {
        self.is_done = self.header.is_some();
        self.above = 0;
    }

    fn row(&mut self, number: u32, cells: &[String]) -> Result<Next, Fault> {
        if self.is_done {
            return Ok(Next::End);
        }
        let Some(header) = self.header else {
            self.above += 1;
            self.header = Header::of(cells, &self.said);
            let filled: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
            if self.candidates.is_empty() && filled.len() > 1 {
                self.candidates = filled.into_iter().filter_map(|cell| value::line(cell)).collect();
            }
            let is_over = self.header.is_none() && self.above >= HEADER_ROWS;
            return Ok(if is_over { Next::Sheet } else { Next::Row });
        };
        if self.rows.len() >= usize::try_from(VACANCY_ROWS_MAX).unwrap_or(usize::MAX) {
            return Err(Fault::TooManyRows);
        }
        let text = |column: Option<usize>| {
            column
                .and_then(|at| cells.get(at))
                .map(|cell| cell.trim().to_owned())
                .unwrap_or_default()
        };
        self.rows.push(Row {
            number,
            id: text(header.id),
            name: text(header.name),
            postcode: text(header.postcode),
            vacant: text(Some(header.vacant)),
            day: text(header.day),
        });
        Ok(Next::Row)
    }
}

/// The places of the directory, by the ids and names that a list may use.
struct Known<'a> {
    locations: BTreeMap<&'a str, &'a Place>,
    names: BTreeMap<String, Vec<&'a Place>>,
}

impl<'a> Known<'a> {
    /// Indexes the choices by ids and names. Two registrations of one place share a name but are one home.
    fn new(choices: &[Vec<&'a Place>]) -> Self {
        let mut known = Self { locations: BTreeMap::new(), names: BTreeMap::new() };
        for choice in choices {
            let mut names = BTreeMap::new();
            for place in choice.iter().copied() {
                known.locations.insert(&place.location, place);
                names.entry(fold_name(&place.name)).or_insert(place);
            }
            for (name, place) in names {
                known.names.entry(name).or_default().push(place);
            }
        }
        known
    }
}

impl Row {
    /// Returns the place, its vacancies and the date, or why the row is skipped.
    fn read<'a>(
        &self,
        known: &Known<'a>,
        list_day: Option<Date>,
        today: Date,
    ) -> Result<(&'a str, u16, Date), &'static str> {
        let place = self.place(known)?;
        let vacant = self.vacant.strip_suffix(".0").unwrap_or(&self.vacant);
        let vacant = vacant.parse().map_err(|_| "the number of vacancies is not a number")?;
        let day = if self.day.is_empty() {
            list_day.ok_or("no date; give the date of the list")?
        } else {
            value::day(&self.day).ok_or("the date is not valid; write it as 08/05/2026")?
        };
        if day > today {
            return Err("the date is in the future");
        }
        Ok((&place.location, vacant, day))
    }

    fn place<'a>(&self, known: &Known<'a>) -> Result<&'a Place, &'static str> {
        if let Some(place) = known.locations.get(self.id.as_str()) {
            return Ok(place);
        }
        let named = known.names.get(&fold_name(&self.name)).map(Vec::as_slice).unwrap_or_default();
        let postcode = value::postcode(&self.postcode);
        let here: Vec<&&Place> =
            named.iter().filter(|place| postcode.is_none() || place.postcode == postcode).collect();
        match here.as_slice() {
            [place] => Ok(place),
            [] => Err("no home in the directory has this CQC id or name"),
            [..] => Err("several homes have this name; give the CQC id or the postcode"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Vec<Place> {
        let place = |location: &str, name: &str, postcode: &str| Place {
            location: location.to_owned(),
            name: name.to_owned(),
            postcode: Some(postcode.to_owned()),
            ..Place::default()
        };
        vec![
            place("1-1", "Ashlea", "PO6 1AA"),
            place("1-2", "The Laurels", "PO7 1AA"),
            place("1-3", "The Laurels", "PO8 1AA"),
        ]
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn taken(csv: &str, columns: &Columns) -> Read {
        let (list_day, places) = (Some(day("2026-05-08")), places());
        let choices: Vec<Vec<&Place>> = places.iter().map(|place| vec![place]).collect();
        read(csv.as_bytes(), columns, list_day, day("2026-05-21"), &choices).unwrap()
    }

    #[test]
    fn a_list_is_shown_with_its_age_and_the_latest_one_wins() {
        let Read::Homes { homes, .. } = taken("Home,Vacancies\nAshlea,4\n", &Columns::default())
        else {
            panic!()
        };
        let mut all = Vacancies::default();
        all.put(Short::parse("Council").unwrap(), homes);
        let said = all.said(["1-1"].into_iter(), day("2026-05-21")).unwrap();
        assert_eq!((said.vacant, said.days, said.day.as_str()), (4, 13, "2026-05-08"));
        let later = BTreeMap::from([("1-1".to_owned(), (2, day("2026-05-20")))]);
        all.put(Short::parse("Neighbour").unwrap(), later);
        assert_eq!(all.said(["1-1"].into_iter(), day("2026-05-21")).unwrap().vacant, 2);
        assert!(all.said(["1-9"].into_iter(), day("2026-05-21")).is_none());
        let again = BTreeMap::from([("1-1".to_owned(), (0, day("2026-05-21")))]);
        all.put(Short::parse("Neighbour").unwrap(), again);
        let said = all.said(["1-1"].into_iter(), day("2026-06-21")).unwrap();
        assert_eq!((said.vacant, said.days), (0, 31));
    }

    #[test]
    fn rows_that_match_no_home_are_reported() {
        let csv = "Vacancy list\n\nHome,Postcode,Vacant beds,As at\nASHLEA,,4,07/05/2026\n\
                   The Laurels,,1,\nThe Laurels,po8 1aa,2,\nElsewhere,,1,\nAshlea,,few,\n\
                   Ashlea,,1,01/01/2027\n";
        let Read::Homes { homes, notes } = taken(csv, &Columns::default()) else { panic!() };
        assert_eq!(homes["1-1"], (4, day("2026-05-07")));
        assert_eq!(homes["1-3"], (2, day("2026-05-08")));
        let told: Vec<&str> = notes.iter().map(|note| note.split(':').next().unwrap()).collect();
        assert_eq!(told, ["Row 5", "Row 7", "Row 8", "Row 9"], "{notes:?}");
    }

    #[test]
    fn unknown_columns_must_be_mapped_by_the_sender() {
        let csv = "Setting,Free,Seen\n1-1,3,08/05/2026\n";
        let Read::Columns(columns) = taken(csv, &Columns::default()) else { panic!() };
        assert_eq!(columns, ["Setting", "Free", "Seen"]);
        let said =
            Columns { home: "Setting".into(), vacancies: "free".into(), date: "Seen".into() };
        let Read::Homes { homes, .. } = taken(csv, &said) else { panic!() };
        assert_eq!(homes["1-1"].0, 3);
    }
}
