//! The commands to send once a person agrees, and the digest of everything they agreed to.

use std::collections::BTreeMap;

use proto::{
    command::{Command, Envelope},
    details::{self, PersonChange},
    id::{CommandId, PersonId},
    intake::{Enrolled, IntakeDifference, IntakeFate, IntakeRow},
    nouns::Plan,
    person::Funding,
    register::{self, OpenQuestion},
    text::Line,
};
use sha2::{Digest, Sha256};

use super::{Held, differ, preview};
use crate::{
    id::{derived, envelope, hex},
    people::Fate,
};

impl Held<'_> {
    /// Returns the registrations of people who are not in the room, and the merges of duplicates.
    #[expect(clippy::wildcard_enum_match_arm, reason = "a plan registers, merges and answers")]
    pub(super) fn registrations(&self) -> Vec<Envelope> {
        let is_new = |row: &&IntakeRow| row.fate == IntakeFate::New;
        let mut questions: BTreeMap<(u32, bool), &[OpenQuestion]> = BTreeMap::new();
        for row in self.preview.rows.iter().filter(is_new) {
            questions.insert((row.row, row.is_second), &row.questions);
        }
        let mut asked: BTreeMap<PersonId, Vec<OpenQuestion>> = BTreeMap::new();
        for report in &self.plan.rows {
            let key = |row: usize, is_second| questions.get(&(preview::number(row), is_second));
            match &report.fate {
                Fate::Taken { person, .. } => {
                    if let Some(questions) = key(report.row, report.is_second) {
                        asked.insert(*person, questions.to_vec());
                    }
                }
                // A duplicate is registered and then merged, so that its other spelling is kept.
                Fate::Merged { person, questions, into_row, .. } => {
                    if key(*into_row, false).is_some() {
                        asked.insert(*person, questions.clone());
                    }
                }
                Fate::NotAPerson { .. } => {}
            }
        }
        let wanted = self.plan.commands.iter().filter_map(|planned| {
            let command = match &planned.command {
                Command::Plan(Plan::Register(register::Plan::Register {
                    person, details, ..
                })) => {
                    let questions = asked.get(person)?.clone();
                    let details = details.clone();
                    Command::from(register::Plan::Register { person: *person, details, questions })
                }
                Command::Plan(Plan::Register(register::Plan::Merge { from, into, .. })) => {
                    (asked.contains_key(from) && asked.contains_key(into))
                        .then(|| planned.command.clone())?
                }
                _ => return None,
            };
            Some(envelope(self.room.room, command))
        });
        wanted.collect()
    }

    /// Returns the accepted changes. Their ids are derived from the previewed state, so sending them twice
    /// applies them once.
    pub(super) fn changes(&self, file: [u8; 32]) -> Vec<Envelope> {
        let (room, head) = (self.room.room, self.preview.head);
        let people: BTreeMap<PersonId, _> =
            self.room.register.people.iter().map(|person| (person.person, person)).collect();
        let rows = self.plan.rows.iter().zip(&self.preview.rows);
        let changes = rows.filter_map(|(report, row)| {
            let (IntakeFate::Changed { person, fields, .. }, Fate::Taken { details, .. }) =
                (&row.fate, &report.fate)
            else {
                return None;
            };
            let change = differ::taken(people.get(person)?, details, fields);
            if change == PersonChange::default() {
                return None;
            }
            let body = serde_json::to_vec(&change).unwrap_or_default();
            let parts: [&[u8]; 5] =
                [b"change", &file, person.0.as_bytes(), &head.0.to_be_bytes(), &body];
            let id = CommandId(derived(room, &parts));
            let command =
                Command::from(details::Plan::Change { person: *person, change: Box::new(change) });
            Some(Envelope {
                id,
                based_on: Some(head),
                happened_at: None,
                late_reason: None,
                command,
            })
        });
        changes.collect()
    }

    /// Returns answers to questions that an earlier list left open and this one settles.
    pub(super) fn answers(&self) -> Vec<Envelope> {
        let Ok(why) = Line::parse("The list says it; taken in again") else { return Vec::new() };
        let people: BTreeMap<PersonId, _> =
            self.room.register.people.iter().map(|person| (person.person, person)).collect();
        let rows = self.plan.rows.iter().zip(&self.preview.rows);
        let answers = rows.flat_map(|(report, row)| {
            let (IntakeFate::Changed { person, fields, .. }, Fate::Taken { questions, .. }) =
                (&row.fate, &report.fate)
            else {
                return Vec::new();
            };
            let Some(known) = people.get(person) else { return Vec::new() };
            let taken = |field: &str| fields.iter().any(|f| f.take && f.field == field);
            let open = known.questions.iter().filter(|question| {
                !questions.contains(question) && answering(**question, known).is_some_and(taken)
            });
            let answer = |question: &OpenQuestion| {
                let (person, question, why) = (*person, *question, why.clone());
                envelope(
                    self.room.room,
                    Command::from(register::Plan::SettleQuestion { person, question, why }),
                )
            };
            open.map(answer).collect()
        });
        answers.collect()
    }

    /// Returns the digest of everything that a person agrees to. A row that the same file registered before
    /// keeps its digest, so an import whose response was lost can be retried.
    pub(super) fn digest(&self, file: [u8; 32]) -> String {
        let mut hash = Sha256::new();
        hash.update(file);
        for (report, row) in self.plan.rows.iter().zip(&self.preview.rows) {
            hash.update(row.row.to_be_bytes());
            let own = match &report.fate {
                Fate::Taken { person, .. } | Fate::Merged { person, .. } => Some(*person),
                Fate::NotAPerson { .. } => None,
            };
            let taken = |fields: &[IntakeDifference]| -> String {
                let taken = fields.iter().filter(|field| field.take);
                let words = taken.flat_map(|f| {
                    [f.field.as_str(), "=", f.room.as_deref().unwrap_or(""), ">", f.list.as_str()]
                });
                words.collect()
            };
            let told = match &row.fate {
                IntakeFate::Known { person, .. } if Some(*person) == own => "new".to_owned(),
                IntakeFate::Changed { person, fields, .. } if Some(*person) == own => {
                    format!("new{}", taken(fields))
                }
                IntakeFate::New => "new".to_owned(),
                IntakeFate::Known { person, .. } => format!("known {person}"),
                IntakeFate::Changed { person, fields, .. } => {
                    format!("changed {person} {}", taken(fields))
                }
                IntakeFate::Double { of } => format!("double {of}"),
                IntakeFate::Nobody { .. } | IntakeFate::LeftOut | IntakeFate::Hidden => {
                    "nobody".to_owned()
                }
            };
            hash.update(told.as_bytes());
            // The values to register, as read.
            if let Fate::Taken { details, .. } | Fate::Merged { details, .. } = &report.fate {
                hash.update(serde_json::to_vec(details).unwrap_or_default());
            }
        }
        hex(hash.finalize().into())
    }
}

/// Returns the field of the list that answers a question; none if only a person can.
fn answering(question: OpenQuestion, person: &Enrolled) -> Option<&'static str> {
    match question {
        OpenQuestion::NhsNumber | OpenQuestion::NhsNumberMissing => Some("nhs_number"),
        OpenQuestion::BirthDate => Some("date_of_birth"),
        OpenQuestion::Care => Some("care"),
        OpenQuestion::Bedroom => Some("bedroom"),
        // If there is a record, the question may be about the record.
        OpenQuestion::Funding => {
            let funding = person.details.funding.as_ref();
            let is_recorded = |f: &Funding| f.council_record.is_some() || f.nhs_record.is_some();
            (!funding.is_some_and(is_recorded)).then_some("funding")
        }
        OpenQuestion::Duplicate => None,
    }
}
