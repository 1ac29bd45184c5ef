//! The plan of an import: the outcome of each row, and the commands to send.

use std::collections::{BTreeMap, BTreeSet};

use proto::{
    command::{Command, Envelope},
    id::{PersonId, RoomId},
    limit::PEOPLE_MAX,
    register,
    text::Short,
};

use super::{
    cell::fold_name,
    column::Field,
    council::CouncilRecords,
    couple,
    date::Style,
    decisions::{Dates, Decisions},
    draft::{Against, Decided, Draft, Fault, Reading},
    error::{Error, Why},
    id::{derived, digest, envelope},
    mapping::{Mapping, Told},
    pace::Pace,
    people::{self, Fate},
    report,
    table::{Layout, Row, Sheet, Table},
};

/// The name of the decisions file in errors.
const DECISIONS: &str = "decisions";

/// The input files of an import.
#[derive(Debug, Clone, Default)]
pub struct Sources<'a> {
    /// The list's file name, without folders.
    pub file_name: &'a str,
    /// The list.
    pub people: &'a [u8],
    /// The decisions about it.
    pub decisions: Option<&'a [u8]>,
    /// The council's own records.
    pub council: Option<&'a [u8]>,
    /// Sentences `Column=field` that override guesses.
    pub maps: &'a [String],
    /// The location of the list in its file.
    pub layout: Layout,
    /// The current year; 0 if unknown, and then two-digit years are rejected.
    pub this_year: i16,
    /// Display names of the deciders, by their key in the decisions.
    pub deciders: BTreeMap<String, Short>,
}

/// A parsed list with its decisions.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) file: String,
    pub(super) digest: [u8; 32],
    pub(super) table: Table,
    pub(super) mapping: Mapping,
    pub(super) decisions: Decisions,
    pub(super) council: Option<CouncilRecords>,
    pub(super) this_year: i16,
}

/// A row and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowReport {
    /// The row, numbered as in a spreadsheet.
    pub row: usize,
    /// Whether this is the second of two people in one row.
    pub is_second: bool,
    /// The line of the file where it begins.
    pub line: usize,
    /// The outcome.
    pub fate: Fate,
    /// Points for a person to check.
    pub faults: Vec<Fault>,
    /// The values converted when read.
    pub readings: Vec<Reading>,
    /// Whether the birth date is also valid with the month first, as another day.
    pub both_ways: bool,
}

/// The effect of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The list's file name.
    pub file: String,
    /// The list as a table.
    pub table: Table,
    /// The column mapping.
    pub mapping: Mapping,
    /// The decisions that were applied.
    pub decisions: Decisions,
    /// Each row that is not blank, in the order of the file.
    pub rows: Vec<RowReport>,
    /// The number of rows that are not blank.
    pub rows_read: usize,
    /// The number of rows with people.
    pub people_rows: usize,
    /// The number of people on the register afterwards.
    pub people: usize,
    /// Whether the council's records were given.
    pub has_council: bool,
    /// Rows of the council's file whose people are not on the list.
    pub unlisted: Vec<usize>,
    /// The commands in sending order: registrations in file order, then merges, then answers.
    pub commands: Vec<Envelope>,
}

impl Plan {
    /// Reads the files and plans the import; sends nothing.
    pub fn read(room: RoomId, sources: &Sources<'_>) -> Result<Self, Error> {
        let list = |why: Why| {
            let is_decision = matches!(why, Why::Decisions(_));
            why.of(if is_decision { DECISIONS } else { sources.file_name })
        };
        let decisions = sources.decisions.map(|bytes| read_decisions(bytes, sources.file_name));
        let mut decisions = decisions.transpose().map_err(list)?.unwrap_or_default();
        decisions.call(&sources.deciders);
        let council = sources.council.map(CouncilRecords::read).transpose();
        let council = council.map_err(|why| why.of("council records"))?;
        let (maps, layout) = (sources.maps, &sources.layout);
        let column =
            |sentence: &String| sentence.rsplit_once('=').map(|(column, _)| fold_name(column));
        let said: Vec<String> = maps.iter().filter_map(column).collect();
        let known = |name: &str| Field::of(name).is_some() || said.iter().any(|own| own == name);
        let file = Sheet::read(sources.people, layout, Pace::default(), &known).map_err(list)?;
        let table = file.table(layout, &known).map_err(list)?;
        let mapping = Mapping::of(&table, Told::Sentences(maps)).map_err(list)?;
        mapping.check().map_err(list)?;
        let read = Read {
            file: sources.file_name.to_owned(),
            digest: digest(sources.people),
            table,
            mapping,
            decisions,
            council,
            this_year: sources.this_year,
        };
        let plan = Self::of(room, read).map_err(list)?;
        plan.check().map_err(list)?;
        Ok(plan)
    }

    /// Plans the import of a parsed list; does not check the expected counts.
    pub(super) fn of(room: RoomId, read: Read) -> Result<Self, Why> {
        let Read { file, digest, mut table, mapping, decisions, council, this_year } = read;
        let rows_read = table.rows.len();
        couple::split(&mut table, &mapping, &decisions);
        let month_first = decisions.dates == Dates::MonthFirst;
        let sheet = Against {
            table: &table,
            mapping: &mapping,
            decisions: &decisions,
            council: council.as_ref(),
            dates: Style { month_first, this_year },
        };
        let (drafts, others) = people::read(sheet)?;
        let ids = Ids { room, file: digest };
        let commands = ids.commands(&drafts, &decisions);
        let unlisted = unlisted(council.as_ref(), &drafts);
        let people = drafts.len();
        let nobody = others.into_iter().map(|(row, why)| not_a_person(row, why));
        let nobody: Vec<RowReport> = nobody.collect();
        let mut rows: Vec<RowReport> =
            drafts.into_iter().map(|draft| ids.report(draft, &decisions)).collect();
        let seconds = rows.iter().filter(|row| row.is_second).count();
        rows.extend(nobody);
        rows.sort_by_key(|row| (row.row, row.is_second));
        Ok(Self {
            file,
            has_council: council.is_some(),
            rows_read,
            people_rows: people.saturating_sub(seconds),
            people: people.saturating_sub(decisions.merge.len()),
            table,
            mapping,
            decisions,
            rows,
            unlisted,
            commands,
        })
    }

    /// Checks the counts against those that the decisions expect.
    fn check(&self) -> Result<(), Why> {
        let figures = [
            ("expect_rows", self.decisions.expect_rows, self.people_rows, "rows with people"),
            ("expect_people", self.decisions.expect_people, self.people, "people after merging"),
        ];
        let wrong = figures.into_iter().find_map(|(key, expected, found, what)| {
            let expected = expected.filter(|expected| *expected != found)?;
            Some(format!("{key} is {expected}, but the list has {found} {what}; nothing was sent"))
        });
        if let Some(words) = wrong {
            return Err(Why::Decisions(words));
        }
        if self.people_rows == 0 {
            return Err(Why::NoRows(self.table.header_row));
        }
        if self.people > PEOPLE_MAX {
            return Err(Why::TooManyPeople);
        }
        Ok(())
    }

    /// Returns the person id of a row.
    pub fn person(&self, row: usize) -> Option<PersonId> {
        let report = self.rows.iter().find(|report| report.row == row)?;
        match &report.fate {
            Fate::Taken { person, .. } | Fate::Merged { person, .. } => Some(*person),
            Fate::NotAPerson { .. } => None,
        }
    }

    /// Returns the rows with people.
    pub(super) fn people_at(&self) -> BTreeSet<usize> {
        let rows = self.rows.iter();
        let people = rows.filter(|row| !matches!(row.fate, Fate::NotAPerson { .. }));
        people.map(|row| row.row).collect()
    }

    /// Returns the faults with their rows.
    pub fn faults(&self) -> impl Iterator<Item = (&RowReport, &Fault)> {
        self.rows.iter().flat_map(|row| row.faults.iter().map(move |fault| (row, fault)))
    }

    /// Returns the report for people to read before anything is sent.
    pub fn report(&self) -> String {
        report::text(self)
    }
}

/// The inputs of derived ids.
struct Ids {
    room: RoomId,
    file: [u8; 32],
}

impl Ids {
    /// Returns the person id of a row.
    fn person(&self, row: usize) -> PersonId {
        PersonId(derived(self.room, &[b"person", &self.file, row.to_string().as_bytes()]))
    }

    /// Returns the person id of a draft: one row may hold two people.
    fn person_of(&self, draft: &Draft<'_>) -> PersonId {
        let row = draft.source.row;
        if is_second(draft.source) {
            let row = row.to_string();
            return PersonId(derived(self.room, &[b"second", &self.file, row.as_bytes()]));
        }
        self.person(row)
    }

    /// Returns the report of a person's row.
    fn report(&self, draft: Draft<'_>, decisions: &Decisions) -> RowReport {
        let row = draft.source.row;
        let person = self.person_of(&draft);
        let is_second = is_second(draft.source);
        let details = Box::new(draft.details);
        let questions = draft.questions.into_iter().collect();
        let fate = match decisions.merge.iter().find(|merge| !is_second && merge.from_row == row) {
            Some(merge) => Fate::Merged { person, details, questions, into_row: merge.into_row },
            None => Fate::Taken { person, details, questions },
        };
        RowReport {
            row,
            is_second,
            line: draft.source.line,
            fate,
            faults: draft.faults,
            readings: draft.readings,
            both_ways: draft.both_ways,
        }
    }

    /// Returns the commands: registrations, merges, answers.
    fn commands(&self, drafts: &[Draft<'_>], decisions: &Decisions) -> Vec<Envelope> {
        let register = drafts.iter().map(|draft| {
            Command::from(register::Plan::Register {
                person: self.person_of(draft),
                details: Box::new(draft.details.clone()),
                questions: draft.questions.iter().copied().collect(),
            })
        });
        let merge = decisions.merge.iter().filter_map(|merge| {
            Some(Command::from(register::Plan::Merge {
                from: self.person(merge.from_row),
                into: self.person(merge.into_row),
                why: Decided::of(&merge.decided_by, &merge.reason).line()?,
            }))
        });
        let stays = |draft: &&Draft<'_>| {
            !decisions.merge.iter().any(|merge| merge.from_row == draft.source.row)
        };
        let settle = drafts.iter().filter(stays).flat_map(|draft| {
            let person = self.person_of(draft);
            draft.settled.iter().map(move |(question, why)| {
                Command::from(register::Plan::SettleQuestion {
                    person,
                    question: *question,
                    why: why.clone(),
                })
            })
        });
        let all = register.chain(merge).chain(settle);
        all.map(|command| envelope(self.room, command)).collect()
    }
}

/// Parses decisions and checks that they are about this list.
fn read_decisions(bytes: &[u8], file_name: &str) -> Result<Decisions, Why> {
    let decisions = Decisions::read(bytes)?;
    if decisions.file == file_name {
        Ok(decisions)
    } else {
        let words = format!("they are about {:?}, and the list is {file_name:?}", decisions.file);
        Err(Why::Decisions(words))
    }
}

/// Returns whether a row is the second of two people in one row.
fn is_second(row: &Row) -> bool {
    row.part.as_ref().is_some_and(|part| part.is_second)
}

/// Returns the report of a row that is not a person.
fn not_a_person(row: &Row, why: &'static str) -> RowReport {
    RowReport {
        row: row.row,
        is_second: false,
        line: row.line,
        fate: Fate::NotAPerson { why },
        faults: Vec::new(),
        readings: Vec::new(),
        both_ways: false,
    }
}

/// Returns the rows of the council's file whose people are not on the list.
fn unlisted(council: Option<&CouncilRecords>, drafts: &[Draft<'_>]) -> Vec<usize> {
    let Some(council) = council else { return Vec::new() };
    let found: BTreeSet<usize> = drafts
        .iter()
        .filter_map(|draft| {
            let of = &draft.details;
            council.find(of.name.as_ref(), of.date_of_birth.as_ref(), of.nhs_number.as_ref())
        })
        .map(|(record, _)| record.row)
        .collect();
    let rows = council.records.iter().map(|record| record.row);
    rows.filter(|row| !found.contains(row)).collect()
}
