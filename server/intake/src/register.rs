//! Compares a list with the register of a room, row by row, before anything changes.
//!
//! Pure, like the import below it: every request carries the file and the choices, so nothing is stored
//! between two requests and any node can answer either.

mod choice;
mod differ;
mod known;
mod meaning;
mod orders;
mod preview;

use std::collections::{BTreeMap, BTreeSet};

use proto::{
    command::Envelope,
    details::PersonChange,
    id::{PersonId, RoomId},
    intake::{
        IntakeChoices, IntakeFate, IntakePair, IntakePreview, IntakeRow, IntakeWords, Register,
    },
    limit::{COMMANDS_MAX, PEOPLE_MAX},
    register::OpenQuestion,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::known::{Index, Match};
use super::{
    cell::fold_name,
    column::Field,
    error::Why,
    id::{digest, hex},
    mapping::{Mapping, Told},
    pace::Pace,
    people::{Fate, HIDDEN, LEFT_OUT},
    plan::{Plan, Read, RowReport},
    table::{Form, Layout, Sheet, Table},
};

/// An opened list, before it is interpreted.
#[derive(Debug)]
pub struct List {
    digest: [u8; 32],
    form: Form,
    top: Vec<(usize, Vec<String>)>,
    table: Result<Table, Why>,
}

/// The choices made the last time for a list with these column names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// The field of each column, by column name.
    pub columns: BTreeMap<String, String>,
    /// The meaning of the words.
    pub words: IntakeWords,
    /// Whether the month comes before the day.
    pub month_first: bool,
}

/// The preview of an import, and the commands that carry it out.
#[derive(Debug)]
pub struct Intake {
    /// The preview, for people.
    pub preview: IntakePreview,
    /// Registrations and merges, in order.
    pub register: Vec<Envelope>,
    /// Changes to people already in the room.
    pub changes: Vec<Envelope>,
    /// People whose cards were shown to the reader for comparison.
    pub shown: Vec<PersonId>,
    /// Rows that the same file registered before.
    pub before: usize,
    /// The choices to remember.
    pub remember: Option<Remembered>,
}

impl List {
    /// Opens a file.
    pub fn open(bytes: &[u8], choices: &IntakeChoices, pace: Pace<'_>) -> Result<Self, Why> {
        let layout = Layout {
            sheet: choices.sheet.clone(),
            header_row: choices.header_row.and_then(|row| usize::try_from(row).ok()),
            take_hidden: choices.take_hidden,
        };
        let known = |name: &str| Field::of(name).is_some();
        let sheet = Sheet::read(bytes, &layout, pace, &known)?;
        let top = sheet.top().map(|(row, cells)| {
            (row, cells.iter().map(|cell| preview::shown(cell.as_str())).collect())
        });
        let (top, form) = (top.collect(), sheet.form.clone());
        let table = match sheet.table(&layout, &known) {
            Err(why @ (Why::NoHeader(_) | Why::NoRows(_) | Why::NoSuchHeader(_))) => Err(why),
            Err(why) => return Err(why),
            Ok(table) => Ok(table),
        };
        Ok(Self { digest: digest(bytes), form, top, table })
    }

    /// Returns a key for the list's column names, in any order.
    pub fn fingerprint(&self) -> Option<String> {
        let table = self.table.as_ref().ok()?;
        let names: BTreeSet<String> =
            table.header.iter().map(|cell| fold_name(cell.as_str())).collect();
        let hash = Sha256::digest(names.into_iter().collect::<Vec<_>>().join("\n"));
        Some(hex(hash.into()))
    }
}

/// The room that a list is compared with.
#[derive(Debug, Clone, Copy)]
pub struct Room<'a> {
    /// The room.
    pub room: RoomId,
    /// The people on its register.
    pub register: &'a Register,
    /// The current year.
    pub this_year: i16,
}

impl Intake {
    /// Compares a list with a room.
    pub fn of(
        list: List,
        file: &str,
        choices: &IntakeChoices,
        remembered: Option<&Remembered>,
        room: Room<'_>,
    ) -> Self {
        let mut preview = preview::of_file(&list, room.register.head);
        let table = match list.table {
            Ok(table) => table,
            Err(why) => return Self::stopped(preview, &why),
        };
        let told = choice::columns(choices, remembered, &table);
        let mapping = match Mapping::of(
            &table,
            told.as_deref().map_or(Told::Sentences(&[]), Told::Columns),
        ) {
            Ok(mapping) => mapping,
            Err(why) => return Self::stopped(preview, &why),
        };
        preview.is_remembered = choices.columns.is_none() && remembered.is_some();
        preview::columns(&mut preview, &table, &mapping);
        let words = choice::words(choices, remembered);
        preview.words = meaning::words(&table, &mapping, &words);
        if mapping.check().is_err() {
            let words = "No column holds the names. Say which one does.";
            preview.problem = Some(words.to_owned());
            return Self::stopped_in_words(preview);
        }
        let month_first = choices.month_first
            || choices.columns.is_none() && remembered.is_some_and(|r| r.month_first);
        let remember =
            Remembered { columns: choice::by_name(&table, &mapping), words, month_first };
        let read = |decisions| Read {
            file: file.to_owned(),
            digest: list.digest,
            table: table.clone(),
            mapping: mapping.clone(),
            decisions,
            council: None,
            this_year: room.this_year,
        };
        let decisions = choice::decisions(file, choices, &remember);
        // A choice about a row that is not a person after all must not hide the preview.
        let plan = Plan::of(room.room, read(decisions.clone())).or_else(|_| {
            let bare = Plan::of(room.room, read(choice::among(decisions.clone(), None)))?;
            let rows = bare.people_at();
            let some = choice::among(decisions, Some(&rows));
            Ok(Plan::of(room.room, read(some)).unwrap_or(bare))
        });
        match plan {
            Ok(plan) => {
                let mut held =
                    Held { room, choices, plan, preview, taken: BTreeMap::new(), before: 0 };
                held.hold();
                held.intake(remember, list.digest)
            }
            Err(why) => Self::stopped(preview, &why),
        }
    }

    /// Returns an intake that stops with an error.
    fn stopped(mut preview: IntakePreview, why: &Why) -> Self {
        let mut words = why.to_string();
        if let Some(first) = words.get(..1).map(str::to_uppercase) {
            words.replace_range(..1, &first);
        }
        preview.problem = Some(format!("{words}."));
        Self::stopped_in_words(preview)
    }

    fn stopped_in_words(preview: IntakePreview) -> Self {
        Self {
            preview,
            register: Vec::new(),
            changes: Vec::new(),
            shown: Vec::new(),
            before: 0,
            remember: None,
        }
    }

    /// Splits the commands into batches that a room accepts.
    pub fn batches(&self) -> impl Iterator<Item = &[Envelope]> {
        self.register.chunks(COMMANDS_MAX).chain(self.changes.chunks(COMMANDS_MAX))
    }
}

/// A plan while it is compared with a room.
struct Held<'a> {
    room: Room<'a>,
    choices: &'a IntakeChoices,
    plan: Plan,
    preview: IntakePreview,
    /// People of the room already matched, and the row that matched them.
    taken: BTreeMap<PersonId, u32>,
    before: usize,
}

impl Held<'_> {
    /// Determines the outcome of each row.
    fn hold(&mut self) {
        let index = Index::of(self.room.register);
        let reports = std::mem::take(&mut self.plan.rows);
        let names = preview::names(&reports);
        let mut rows = Vec::with_capacity(reports.len());
        for report in &reports {
            let row = self.row(report, &index, &names);
            rows.push(row);
        }
        self.plan.rows = reports;
        self.preview.rows = rows;
        let missing = self.room.register.people.iter();
        let missing = missing.filter(|person| !self.taken.contains_key(&person.person));
        self.preview.missing = missing.map(preview::person).collect();
        preview::count(&mut self.preview, &self.plan.table);
        if usize::try_from(self.preview.counts.register).unwrap_or(usize::MAX)
            + self.room.register.people.len()
            > PEOPLE_MAX
        {
            let words = format!(
                "A room can hold {PEOPLE_MAX} people, and this list would take it over that. Leave rows out, or check the file."
            );
            self.preview.problem = Some(words);
        } else if self.preview.counts.rows
            == self.preview.counts.nobody
                + self.preview.counts.left_out
                + self.preview.counts.hidden
        {
            self.preview.problem = Some("No row of this list is a person.".to_owned());
        }
    }

    /// Returns the outcome of a row.
    fn row(
        &mut self,
        report: &RowReport,
        index: &Index<'_>,
        names: &BTreeMap<usize, IntakePair>,
    ) -> IntakeRow {
        let mut row = preview::row(report, &self.plan.mapping);
        let (person, details) = match &report.fate {
            Fate::NotAPerson { why } => {
                row.fate = match *why {
                    LEFT_OUT => IntakeFate::LeftOut,
                    HIDDEN => IntakeFate::Hidden,
                    other => IntakeFate::Nobody { why: other.to_owned() },
                };
                row.asks = row.fate == IntakeFate::Hidden;
                return row;
            }
            Fate::Merged { into_row, .. } => {
                row.fate = IntakeFate::Double { of: preview::number(*into_row) };
                row.pair = preview::pair(report, names, &self.plan.decisions);
                row.asks = false;
                return row;
            }
            Fate::Taken { person, details, .. } => (*person, details.as_ref()),
        };
        row.pair = preview::pair(report, names, &self.plan.decisions);
        let decided =
            self.choices.rows.iter().filter(|choice| choice.row == row.row && !row.is_second);
        let decided: Vec<_> = decided.map(|choice| choice.is).collect();
        let found = index.find(person, details, &decided);
        self.settle(&mut row, &found, details);
        let is_open = row.pair.as_ref().is_some_and(|pair| pair.is_one.is_none());
        row.asks = is_open || row.notes.iter().any(|note| !note.only_tells);
        row
    }

    /// Records in a row which person of the room it matches.
    fn settle(&mut self, row: &mut IntakeRow, found: &Match<'_>, details: &PersonChange) {
        let (person, is_sure) = match found {
            Match::Nobody => {
                row.fate = IntakeFate::New;
                return;
            }
            Match::Like { person, why } => {
                row.fate = IntakeFate::New;
                row.pair = Some(preview::pair_in_room(person, why, None));
                if !row.questions.contains(&OpenQuestion::Duplicate) {
                    row.questions.push(OpenQuestion::Duplicate);
                }
                return;
            }
            Match::Again(person) => {
                self.before += 1;
                (*person, true)
            }
            Match::Sure(person) => (*person, true),
            Match::Asked { person, why } => {
                row.pair = Some(preview::pair_in_room(person, why, None));
                (*person, false)
            }
            Match::Decided { person, why } => {
                row.pair = Some(preview::pair_in_room(person, why, Some(true)));
                (*person, true)
            }
        };
        if let Some(of) = self.taken.get(&person.person) {
            row.fate = IntakeFate::Double { of: *of };
            return;
        }
        self.taken.insert(person.person, row.row);
        let reference = person.reference.clone();
        let mut fields = differ::fields(person, details);
        for field in &mut fields {
            let mut chosen = self.choices.fields.iter();
            let chosen = chosen.rfind(|c| c.person == person.person && c.field == field.field);
            field.take = is_sure && chosen.map_or(!field.by_hand, |chosen| chosen.take);
        }
        row.questions.clear();
        row.fate = if fields.is_empty() {
            IntakeFate::Known { person: person.person, reference }
        } else {
            IntakeFate::Changed { person: person.person, reference, fields }
        };
    }

    /// Returns the intake with its commands.
    fn intake(mut self, remember: Remembered, file: [u8; 32]) -> Intake {
        let register = self.registrations();
        let mut changes = self.changes(file);
        changes.extend(self.answers());
        self.preview.digest = self.digest(file);
        let shown = self.preview.rows.iter().filter_map(|row| match &row.fate {
            IntakeFate::Changed { person, .. } => Some(*person),
            IntakeFate::New
            | IntakeFate::Known { .. }
            | IntakeFate::Double { .. }
            | IntakeFate::Nobody { .. }
            | IntakeFate::LeftOut
            | IntakeFate::Hidden => None,
        });
        let shown = shown.collect();
        let remember = Some(remember);
        Intake { preview: self.preview, register, changes, shown, before: self.before, remember }
    }
}
