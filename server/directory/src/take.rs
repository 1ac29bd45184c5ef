//! Parses a file's rows into an entry for each place that provides care.

use std::collections::BTreeMap;

use intake::cell::fold;
use jiff::civil::Date;
use proto::{
    directory::{Domain, FileKind, ProviderKind},
    limit::DIRECTORY_PLACES_MAX,
};

use super::{
    book::{self, Next},
    care,
    fault::Fault,
    layout::{Layout, Row},
    part::{Contents, Part, Rated},
    value,
};

/// Rows searched for the header; notes may come first.
const HEADER_ROWS: u32 = 40;

/// A parsed file.
#[derive(Debug)]
pub(super) struct Taken {
    /// The contents to store.
    pub(super) contents: Contents,
    /// The number of rows below the header.
    pub(super) rows: u32,
    /// Notes about what was left out.
    pub(super) notes: Vec<String>,
}

/// Counts of skipped rows and values.
#[derive(Debug, Default)]
struct Left {
    others: u32,
    dormant: u32,
    nameless: u32,
    unclear: u32,
    twice: u32,
    telephones: u32,
    postcodes: u32,
}

/// The parser of a file's rows.
#[derive(Debug, Default)]
struct Taking {
    layout: Option<Layout>,
    above: u32,
    is_done: bool,
    day: Option<Date>,
    rows: u32,
    parts: BTreeMap<String, Part>,
    left: Left,
}

/// Parses a file. Its date is the one given, else the one in the file, else the one in its name.
pub(super) fn read(
    file_name: &str,
    said: Option<Date>,
    today: Date,
    bytes: &[u8],
) -> Result<Taken, Fault> {
    let mut taking = Taking::default();
    book::read(bytes, &mut taking)?;
    let kind = taking.layout.ok_or(Fault::NoLayout)?.kind;
    let day = said.or(taking.day).or_else(|| value::day_within(file_name)).ok_or(Fault::NoDay)?;
    if day > today {
        return Err(Fault::FutureDay);
    }
    if taking.parts.values().all(|part| part.dormant) {
        return Err(Fault::NoPlaces);
    }
    let parts = taking.parts.into_values().collect();
    let notes = taking.left.words();
    Ok(Taken { contents: Contents { kind, day, parts }, rows: taking.rows, notes })
}

impl book::Reader for Taking {
    fn sheet(&mut self) {
        self.is_done = self.layout.is_some();
        self.above = 0;
    }

    fn row(&mut self, _: u32, cells: &[String]) -> Result<Next, Fault> {
        if self.is_done {
            return Ok(Next::End);
        }
        let Some(layout) = self.layout.take() else {
            self.above += 1;
            self.layout = Layout::recognise(cells);
            if self.layout.is_none() {
                let mut produced = cells.iter().filter(|cell| cell.contains("produced on"));
                self.day = self.day.or(produced.find_map(|cell| value::day_within(cell)));
            }
            let is_over = self.layout.is_none() && self.above >= HEADER_ROWS;
            return Ok(if is_over { Next::Sheet } else { Next::Row });
        };
        self.rows += 1;
        let row = layout.row(cells);
        let done = match layout.kind {
            FileKind::Directory | FileKind::Local => self.listed(row, layout.kind),
            FileKind::Filters => self.filtered(row, &layout),
            FileKind::Ratings => self.rated(row, &layout),
            FileKind::Deactivated => self.ended(row, &layout),
        };
        self.layout = Some(layout);
        done.map(|()| Next::Row)
    }
}

impl Taking {
    /// Parses a row of the care directory, in its current or older form, or of a council's own list.
    fn listed(&mut self, row: Row<'_>, kind: FileKind) -> Result<(), Fault> {
        let id = row.text(&["cqc location id for office use only", "cqc location id", "cqc id"]);
        let list = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        let kinds = list(row.text(&["service types", "type"]));
        let kinds = in_order(kinds.iter().filter_map(|words| care::kind(words)));
        if kinds.is_empty() {
            self.left.others += 1;
            return Ok(());
        }
        let categories = list(row.text(&["specialisms services"]));
        let address = ["address", "address 1", "address 2", "town city", "county"];
        let place = value::spot(row.text(&["lat"]), row.text(&["lon"]));
        let authority = row.text(&["local authority", "area name"]);
        let part = Part {
            name: value::line(row.text(&["name"])),
            known_as: value::line(row.text(&["also known as"])),
            address: value::address(row.texts(&address)),
            postcode: self.postcode(row.text(&["postcode"])),
            telephone: self.telephone(row.text(&["phone number", "telephone"])),
            website: value::line(row.text(&["service s website if available", "website"])),
            kinds,
            categories: in_order(categories.iter().filter_map(|words| care::category(words))),
            provider: value::line(row.text(&["provider name", "provider"])),
            authority: value::line(authority),
            spot: place.filter(|_| kind == FileKind::Local),
            ..Part::default()
        };
        self.keep(id, part)
    }

    /// Parses a row of the care directory with filters.
    fn filtered(&mut self, row: Row<'_>, layout: &Layout) -> Result<(), Fault> {
        if value::is_yes(row.text(&["dormant y n", "dormant"])) {
            self.left.dormant += 1;
            // Another file may still list it, so its dormancy has to be recorded.
            let part = Part { dormant: true, ..Part::default() };
            let id = row.text(&["location id"]);
            return if self.parts.contains_key(id) { Ok(()) } else { self.insert(id, part) };
        }
        let kinds = ticked(row, &layout.services, care::kind);
        if kinds.is_empty() {
            if value::is_yes(row.text(&["care home"])) {
                self.left.unclear += 1;
            } else {
                self.left.others += 1;
            }
            return Ok(());
        }
        let address = [
            "location street address",
            "location address line 2",
            "location city",
            "location county",
        ];
        let latitude = row.text(&["location latitude"]);
        let part = Part {
            name: value::line(row.text(&["location name"])),
            address: value::address(row.texts(&address)),
            postcode: self.postcode(row.text(&["location postal code", "location post code"])),
            telephone: self.telephone(row.text(&["location telephone number"])),
            website: value::line(row.text(&["location web address"])),
            beds: is_home(&kinds).then(|| value::beds(row.text(&["care homes beds"]))).flatten(),
            kinds,
            categories: ticked(row, &layout.bands, care::category),
            provider: value::line(row.text(&["provider name"])),
            authority: value::line(row.text(&["location local authority"])),
            ods: value::line(row.text(&["location ods code"])),
            spot: value::spot(latitude, row.text(&["location longitude"])),
            rating: rated(row, &["location latest overall rating"]),
            since: value::day(row.text(&["location hsca start date"])),
            ..Part::default()
        };
        self.keep(row.text(&["location id"]), part)
    }

    /// Parses a row of the latest ratings: one question about one place.
    fn rated(&mut self, row: Row<'_>, layout: &Layout) -> Result<(), Fault> {
        let group = fold(row.text(&["service population group"]));
        let category = fold(row.text(&["location primary inspection category"]));
        let cares = category.contains("social care") || category.contains("residential");
        if (layout.has("location primary inspection category") && !cares)
            || !(group.is_empty() || group == "overall")
        {
            self.left.others += 1;
            return Ok(());
        }
        let mut part = Part::default();
        let question = fold(row.text(&["domain"]));
        if question == "overall" {
            part.rating = rated(row, &["latest rating"]);
        } else if let (Some(domain), Some(rating)) =
            (domain(&question), value::rating(row.text(&["latest rating"])))
        {
            part.domains.push((domain, rating));
        }
        let id = row.text(&["location id"]);
        match self.parts.get_mut(id) {
            Some(known) => {
                known.rating = known.rating.take().or(part.rating);
                known.domains.append(&mut part.domains);
                Ok(())
            }
            None if part == Part::default() => Ok(()),
            None => self.insert(id, part),
        }
    }

    /// Parses a row of the deactivated locations.
    fn ended(&mut self, row: Row<'_>, layout: &Layout) -> Result<(), Fault> {
        let kinds = ticked(row, &layout.services, care::kind);
        let is_home = value::is_yes(row.text(&["care home"]));
        if !layout.services.is_empty() && kinds.is_empty() && !is_home {
            self.left.others += 1;
            return Ok(());
        }
        let ended = value::day(row.text(&["location hsca end date", "location end date"]));
        if ended.is_none() {
            self.left.unclear += 1;
            return Ok(());
        }
        let id = row.text(&["location id"]);
        let part = Part { ended, ..Part::default() };
        if self.parts.contains_key(id) { Ok(()) } else { self.insert(id, part) }
    }

    fn postcode(&mut self, text: &str) -> Option<String> {
        let postcode = value::postcode(text);
        self.left.postcodes += u32::from(postcode.is_none() && value::said(text).is_some());
        postcode
    }

    fn telephone(&mut self, text: &str) -> Option<String> {
        let telephone = value::telephone(text);
        self.left.telephones += u32::from(telephone.is_none() && value::said(text).is_some());
        telephone
    }

    /// Stores an entry that lists a place.
    fn keep(&mut self, id: &str, part: Part) -> Result<(), Fault> {
        if part.name.is_none() {
            self.left.nameless += 1;
            return Ok(());
        }
        if self.parts.contains_key(id) {
            self.left.twice += 1;
            return Ok(());
        }
        self.insert(id, part)
    }

    fn insert(&mut self, id: &str, part: Part) -> Result<(), Fault> {
        let is_id = (1..=20).contains(&id.len())
            && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !is_id {
            self.left.nameless += 1;
            return Ok(());
        }
        if self.parts.len() >= DIRECTORY_PLACES_MAX {
            return Err(Fault::TooManyPlaces);
        }
        self.parts.insert(id.to_owned(), Part { location: id.to_owned(), ..part });
        Ok(())
    }
}

impl Left {
    /// Formats the notes; omissions that every such file has come last.
    fn words(&self) -> Vec<String> {
        let all = [
            (self.nameless, "left out: no CQC location id or no name"),
            (self.unclear, "left out: the file does not give the kind of place, or when it ended"),
            (self.twice, "left out: an earlier row has the same CQC location id"),
            (self.telephones, "taken in without a telephone: the number is not valid"),
            (self.postcodes, "taken in without a postcode: it is not valid"),
            (self.dormant, "left out: dormant"),
            (
                self.others,
                "left out: not a care home or home care agency, or a rating of only a part",
            ),
        ];
        let some = all.into_iter().filter(|(count, _)| *count > 0);
        some.map(|(count, words)| {
            format!("{count} {} {words}.", if count == 1 { "row" } else { "rows" })
        })
        .collect()
    }
}

/// Returns whether a place is a care home, possibly among other services.
pub(super) fn is_home(kinds: &[ProviderKind]) -> bool {
    kinds.contains(&ProviderKind::Nursing) || kinds.contains(&ProviderKind::Residential)
}

/// Returns the overall rating of a row.
fn rated(row: Row<'_>, columns: &[&str]) -> Option<Rated> {
    Some(Rated {
        rating: value::rating(row.text(columns))?,
        day: value::day(row.text(&["publication date"])),
        inherited: value::is_yes(row.text(&["inherited rating y n", "inherited rating"])),
    })
}

fn domain(question: &str) -> Option<Domain> {
    match question {
        "safe" => Some(Domain::Safe),
        "effective" => Some(Domain::Effective),
        "caring" => Some(Domain::Caring),
        "responsive" => Some(Domain::Responsive),
        "well-led" | "well led" => Some(Domain::WellLed),
        _ => None,
    }
}

/// Returns the values of the columns that hold a yes.
fn ticked<T: Ord>(
    row: Row<'_>,
    columns: &[(usize, String)],
    meaning: fn(&str) -> Option<T>,
) -> Vec<T> {
    let ticks = columns.iter().filter(|(at, _)| value::is_yes(row.at(*at)));
    in_order(ticks.filter_map(|(_, words)| meaning(words)))
}

/// Sorts and deduplicates.
fn in_order<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    all.collect::<std::collections::BTreeSet<T>>().into_iter().collect()
}
