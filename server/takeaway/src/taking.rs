//! Streams one export of a room, page by page, so that a long log is never fully in memory.

use bytes::Bytes;
use hub::{Archive, Folded};
use proto::{
    export::{Export, Reader},
    id::{Seq, Time},
    limit::EXPORT_PAGE_ROWS,
    text::Line,
};

use super::{
    column::Csv,
    error::Error,
    log::LOG,
    movements::MOVEMENTS,
    people::PEOPLE,
    sheet::{About, sheet},
    when::When,
};

/// A recorded export: what, by whom, why, and the log entry that records it.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The export.
    pub export: Export,
    /// The reader who exports.
    pub reader: Reader,
    /// The reader's name, for the spreadsheet's second sheet.
    pub by: String,
    /// The stated reason.
    pub why: Line,
    /// When it was exported.
    pub at: Time,
    /// The log entry that records it; none if the log could not record it.
    pub entry: Option<Seq>,
}

/// An export in progress.
#[derive(Debug)]
pub struct Taking {
    export: Export,
    archive: Archive,
    csv: Csv,
    rest: Rest,
}

/// The remaining content.
#[derive(Debug)]
enum Rest {
    /// One complete page.
    Whole(Vec<u8>),
    /// The movements from this index; the first page has the header row.
    Movements(Box<Folded>, usize),
    /// Log lines from this entry.
    Log(Box<Folded>, Seq),
    /// Raw entries from this number.
    Kept(Seq),
    Nothing,
}

impl Taken {
    /// Returns the file name: the export, the time, and the log entry that records who exported it and why.
    pub fn file_name(&self) -> String {
        let (what, kind) = self.export.word().rsplit_once('.').unwrap_or(("export", "txt"));
        let when = When::london().name(self.at);
        let entry = self.entry.map(|entry| format!("_entry-{entry}")).unwrap_or_default();
        format!("muster_{what}_{when}{entry}.{kind}")
    }

    /// Returns the file's media type.
    pub const fn media_type(&self) -> &'static str {
        match self.export {
            Export::PeopleCsv | Export::MovementsCsv | Export::LogCsv => "text/csv; charset=utf-8",
            Export::PeopleXlsx => {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
            Export::LogJsonl => "application/jsonl; charset=utf-8",
        }
    }

    fn about(&self, when: &When, people: usize) -> About {
        About {
            lines: vec![
                ("What", "The people on the register of one room, one a row".to_owned()),
                ("Rows", people.to_string()),
                ("Taken at", when.iso(self.at)),
                ("Taken by", self.by.clone()),
                ("What it is for", self.why.as_str().to_owned()),
                (
                    "Log entry",
                    self.entry.map_or_else(|| "none".to_owned(), |entry| entry.to_string()),
                ),
                (
                    "Holds",
                    "Personal data. Keep it as you would the case file, and delete it after"
                        .to_owned(),
                ),
            ],
        }
    }
}

impl Taking {
    /// Starts an export of the room as of the entry that records it.
    pub async fn begin(taken: &Taken, archive: Archive) -> Result<Self, Error> {
        let when = When::london();
        let rest = match taken.export {
            Export::LogJsonl => Rest::Kept(Seq(1)),
            Export::PeopleCsv => {
                let people = archive.fold(taken.reader).await?.people();
                let csv = Csv::new(when.clone());
                let mut whole = Csv::head(PEOPLE)?;
                whole.extend(csv.lines(PEOPLE, &people)?);
                Rest::Whole(whole)
            }
            Export::PeopleXlsx => {
                let people = archive.fold(taken.reader).await?.people();
                let (about, when) = (taken.about(&when, people.len()), when.clone());
                let made = tokio::task::spawn_blocking(move || {
                    let named = |line: &proto::export::PersonLine| {
                        line.person.reference.as_str().to_owned()
                    };
                    sheet("People", PEOPLE, &people, named, &when, &about)
                });
                Rest::Whole(made.await??)
            }
            Export::MovementsCsv => Rest::Movements(Box::new(archive.fold(taken.reader).await?), 0),
            Export::LogCsv => Rest::Log(Box::new(archive.fold(taken.reader).await?), Seq(0)),
        };
        Ok(Self { export: taken.export, archive, csv: Csv::new(when), rest })
    }

    /// Returns the next page, or none at the end.
    pub async fn page(&mut self) -> Result<Option<Bytes>, Error> {
        let (page, rest) = match std::mem::replace(&mut self.rest, Rest::Nothing) {
            Rest::Nothing => return Ok(None),
            Rest::Whole(whole) => (whole, Rest::Nothing),
            Rest::Movements(folded, from) => self.movements(folded, from)?,
            Rest::Log(folded, from) => self.log(folded, from)?,
            Rest::Kept(from) => {
                let entries = self.archive.kept(from, EXPORT_PAGE_ROWS).await?;
                let mut page = Vec::new();
                for entry in &entries {
                    serde_json::to_writer(&mut page, entry)?;
                    page.push(b'\n');
                }
                let next = entries.last().map(|last| Rest::Kept(last.seq.next()));
                (page, next.unwrap_or(Rest::Nothing))
            }
        };
        let is_end = page.is_empty() && matches!(rest, Rest::Nothing);
        self.rest = rest;
        Ok(if is_end { None } else { Some(page.into()) })
    }

    fn movements(&self, folded: Box<Folded>, from: usize) -> Result<(Vec<u8>, Rest), Error> {
        let mut page = if from == 0 { Csv::head(MOVEMENTS)? } else { Vec::new() };
        let rows: Vec<_> =
            folded.movements().iter().skip(from).take(EXPORT_PAGE_ROWS).cloned().collect();
        page.extend(self.csv.lines(MOVEMENTS, &rows)?);
        let is_last = rows.len() < EXPORT_PAGE_ROWS;
        let rest = if is_last { Rest::Nothing } else { Rest::Movements(folded, from + rows.len()) };
        Ok((page, rest))
    }

    fn log(&self, folded: Box<Folded>, from: Seq) -> Result<(Vec<u8>, Rest), Error> {
        let mut page = if from == Seq(0) { Csv::head(LOG)? } else { Vec::new() };
        let rows = folded.log(from, EXPORT_PAGE_ROWS);
        page.extend(self.csv.lines(LOG, &rows)?);
        let next = rows.last().filter(|_| rows.len() == EXPORT_PAGE_ROWS);
        let next = next.map(|last| last.line.seq.next());
        Ok((page, next.map_or(Rest::Nothing, |next| Rest::Log(folded, next))))
    }

    /// Returns the kind of export.
    pub const fn export(&self) -> Export {
        self.export
    }
}
