//! Parses cells into values: identifiers, coded words and free text.

use std::collections::BTreeMap;

use proto::{
    person::{Marks, NextOfKin},
    register::OpenQuestion,
    text::{Bedroom, NhsNumber, Note, PersonName, Telephone, Text, TextError},
};

use super::{
    cell::{Cell, fold},
    column::Field,
    date,
    decisions::{NhsNumberAction, about, meaning},
    draft::{Decided, Draft, FaultKind, Reading},
    error::Why,
};

/// The fault of a word that has no recorded meaning.
pub(super) const UNEXPLAINED: &str = "is a word that nobody has explained";
/// What homes write for an empty value.
const NOTHING: [&str; 12] = [
    "none",
    "none known",
    "nil",
    "n/a",
    "na",
    "not known",
    "unknown",
    "nobody",
    "no one",
    "tbc",
    "-",
    "?",
];

/// The name of a person whose name is not on the list: the register requires a name, and nobody on the list
/// is left out.
pub(super) const UNNAMED: &str = "Name not known";

/// Returns whether the text stands for an empty value.
pub(super) fn is_nothing(text: &str) -> bool {
    let folded = fold(text);
    folded.is_empty() || NOTHING.contains(&folded.trim_end_matches('.'))
}

impl Draft<'_> {
    /// Reads the NHS number.
    pub(super) fn take_nhs_number(&mut self) -> Result<(), Why> {
        let raw = self.raw(Field::NhsNumber);
        let sent = self.clean(Field::NhsNumber, false);
        let row = self.source.row;
        let decision = self.sheet.decisions.nhs_number.iter().find(|d| d.row == row);
        if decision.is_some_and(|decision| fold(decision.as_sent.as_str()) != fold(raw)) {
            return Err(about("nhs_number", row, "was decided when the list had another number"));
        }
        // Skips text before the digits in the same cell: "NHS: 999 823 4328".
        let digits = sent.trim_start_matches(|c: char| !c.is_ascii_digit());
        let question = if is_nothing(&sent) {
            let advice = "Ask the GP or the NHS. Until then: name, date of birth, bedroom.";
            self.fault(FaultKind::NhsNumberMissing, Field::NhsNumber, "is missing", advice);
            OpenQuestion::NhsNumberMissing
        } else {
            match NhsNumber::parse(digits) {
                Ok(number) => {
                    self.reading(Field::NhsNumber, number.as_str(), false);
                    self.details.nhs_number = Some(number);
                    return match decision {
                        Some(_) => Err(about("nhs_number", row, "has a number that is valid")),
                        None => Ok(()),
                    };
                }
                Err(error) => {
                    let advice =
                        "The number is not taken. Ask the home and the GP for the right one.";
                    self.fault(
                        FaultKind::NhsNumber,
                        Field::NhsNumber,
                        broken(&sent, error),
                        advice,
                    );
                    OpenQuestion::NhsNumber
                }
            }
        };
        self.keep(Field::NhsNumber, &sent);
        self.questions.insert(question);
        if let Some(decision) = decision {
            let NhsNumberAction::KeepWithout = decision.action;
            self.decide(question, Decided::of(&decision.decided_by, &decision.reason));
        }
        Ok(())
    }

    /// Reads the birth date.
    pub(super) fn take_birth_date(&mut self) -> Result<(), Why> {
        let raw = self.raw(Field::BirthDate);
        let sent = self.clean(Field::BirthDate, false);
        let row = self.source.row;
        let decision = self.sheet.decisions.birth_date.iter().find(|d| d.row == row);
        if decision.is_some_and(|decision| fold(decision.as_sent.as_str()) != fold(raw)) {
            return Err(about("birth_date", row, "was decided when the list had another date"));
        }
        let what = match date::read(&sent, self.sheet.dates) {
            date::Reading::Date { date, both_ways, short_year } => {
                if short_year {
                    let what = format!("has a year of two digits; taken as {}", date.as_str());
                    let advice = "Any other century is in the future.";
                    self.fault(FaultKind::Form, Field::BirthDate, what, advice);
                }
                self.reading(Field::BirthDate, date.as_str(), false);
                self.details.date_of_birth = Some(date);
                self.both_ways = both_ways;
                return match decision {
                    Some(_) => Err(about("birth_date", row, "has a date that can be read")),
                    None => Ok(()),
                };
            }
            date::Reading::Unclear(_) if is_nothing(&sent) => "is missing",
            date::Reading::Unclear(what) => what,
        };
        let advice = "The date is not taken. Ask the home, and enter it on the person.";
        let advice = date::counted(&sent).map_or(advice.to_owned(), |date| {
            format!("{advice} As a spreadsheet's count of days it would be {date}.")
        });
        self.fault(FaultKind::BirthDate, Field::BirthDate, what, advice);
        self.keep(Field::BirthDate, &sent);
        self.questions.insert(OpenQuestion::BirthDate);
        if let Some(decision) = decision {
            self.details.date_of_birth = Some(decision.agreed.clone());
            let decided = Decided::of(&decision.decided_by, &decision.reason);
            self.decide(OpenQuestion::BirthDate, decided);
        }
        Ok(())
    }

    /// Reads the bedroom.
    pub(super) fn take_bedroom(&mut self) {
        let sent = self.clean(Field::Room, false);
        if is_range(&sent) {
            let what = "is a range of bedrooms; which one is this person's?";
            let advice = "The bedroom is not taken. Ask the home, and enter it on the person.";
            self.fault(FaultKind::Bedroom, Field::Room, what, advice);
            self.keep(Field::Room, &sent);
            self.questions.insert(OpenQuestion::Bedroom);
            return;
        }
        match Bedroom::parse(without_word(&sent)) {
            Ok(bedroom) => {
                self.reading(Field::Room, bedroom.as_str(), false);
                self.details.bedroom = Some(bedroom);
            }
            Err(error) => {
                let is_missing = error == TextError::Empty;
                let what = if is_missing { "is missing".to_owned() } else { error.to_string() };
                let advice = "Ask the home, and enter the bedroom on the person.";
                self.fault(FaultKind::Bedroom, Field::Room, what, advice);
                self.keep(Field::Room, &sent);
                self.questions.insert(OpenQuestion::Bedroom);
            }
        }
    }

    /// Reads the kind of care through the explained words. The original wording is kept.
    pub(super) fn take_care(&mut self) {
        let words = &self.sheet.decisions.words.care;
        self.details.care = self.explained(Field::Care, FaultKind::Care, words, "care");
        if self.details.care.is_none() {
            if is_nothing(self.raw(Field::Care)) {
                let advice = "Ask the home, and enter the kind of care on the person.";
                self.fault(FaultKind::Care, Field::Care, "is missing", advice);
            }
            self.questions.insert(OpenQuestion::Care);
        }
    }

    /// Reads the mobility; an empty cell means that it is not yet known.
    pub(super) fn take_mobility(&mut self) {
        let words = &self.sheet.decisions.words.mobility;
        self.details.mobility =
            self.explained(Field::Mobility, FaultKind::Mobility, words, "mobility");
    }

    /// Returns the meaning of a word. An unexplained word is a fault, never a guess.
    fn explained<T: Copy + serde::Serialize>(
        &mut self,
        field: Field,
        kind: FaultKind,
        words: &BTreeMap<String, T>,
        table: &str,
    ) -> Option<T> {
        let sent = self.clean(field, false);
        if is_nothing(&sent) {
            return None;
        }
        self.keep(field, &sent);
        let Some(found) = meaning(words, &sent) else {
            self.fault(kind, field, UNEXPLAINED, explain(table));
            return None;
        };
        let taken = serde_json::to_value(found).ok();
        let taken = taken.as_ref().and_then(|v| v.as_str()).unwrap_or("").replace('_', " ");
        self.reading(field, &taken, true);
        Some(*found)
    }

    /// Reads free text; text too long for its field is kept in the notes.
    pub(super) fn words<const N: usize>(&mut self, field: Field) -> Option<Text<N>> {
        let sent = self.clean(field, N >= 500);
        match Text::parse(&sent) {
            Ok(text) => {
                self.reading(field, text.as_str(), false);
                Some(text)
            }
            Err(TextError::Empty) => None,
            Err(error) => {
                let what = format!("{error}; kept in the notes");
                self.fault(FaultKind::Text, field, what, "Shorten it on the person.");
                self.keep(field, &sent);
                None
            }
        }
    }

    /// Reads the next of kin.
    pub(super) fn take_next_of_kin(&mut self) {
        let name = self.clean(Field::NextOfKin, false);
        let others = [Field::Relation, Field::Telephone];
        if is_nothing(&name) {
            self.keep(Field::NextOfKin, &name);
            for field in others {
                let text = self.clean(field, false);
                self.keep(field, &text);
            }
            return;
        }
        let Some(name) = self.words::<120>(Field::NextOfKin) else { return };
        let relation = self.words(Field::Relation);
        let telephone: Option<Telephone> = self.words(Field::Telephone);
        let digits =
            |t: &Telephone| t.as_str().chars().filter(char::is_ascii_digit).collect::<String>();
        let lost = |digits: String| digits.len() == 10 && !digits.starts_with('0');
        if telephone.as_ref().map(digits).is_some_and(lost) {
            let what = "may have lost the 0 at its start; kept as sent";
            self.fault(
                FaultKind::Telephone,
                Field::Telephone,
                what,
                "Try the number, and correct it.",
            );
        }
        self.details.next_of_kin = Some(NextOfKin { name, relation, telephone });
    }

    /// Reads the end-of-life mark, if the list uses these words.
    pub(super) fn take_end_of_life(&mut self) {
        let sent = self.clean(Field::EndOfLife, false);
        self.keep(Field::EndOfLife, &sent);
        if fold(&sent).starts_with("end of life") {
            self.reading(Field::EndOfLife, "mark: very frail, or nearing end of life", true);
            self.details.marks = Some(Marks { frail: true, ..Marks::default() });
        }
    }

    /// Reads the notes, and appends what has no field of its own.
    pub(super) fn take_notes(&mut self) {
        let notes: Option<Note> = self.words(Field::Notes);
        let own = notes.iter().map(|notes| notes.as_str().to_owned());
        let all = own.chain(self.kept.drain(..)).collect::<Vec<_>>().join("\n");
        match Note::parse(&all) {
            Err(TextError::TooLong(most)) => {
                let what = "is too long with the text that was added to it; the end is left out";
                self.fault(
                    FaultKind::Text,
                    Field::Notes,
                    what,
                    "Keep the provider's list at hand.",
                );
                let head: String = all.chars().take(most.saturating_sub(1)).chain(['…']).collect();
                self.details.notes = Note::parse(&head).ok();
            }
            other => self.details.notes = other.ok(),
        }
    }

    /// Reads a name, or as much of it as fits.
    pub(super) fn take_name(&mut self, field: Field, full: &str) {
        match PersonName::parse(full) {
            Ok(name) => self.details.name = Some(name),
            Err(TextError::TooLong(most)) => {
                let what = format!("is longer than {most} characters; the whole is in the notes");
                self.fault(FaultKind::Name, field, what, "Is there more than a name in the cell?");
                self.keep(field, full);
                let head: String = full.chars().take(most).collect();
                self.details.name = PersonName::parse(&head).ok();
            }
            Err(_) => {
                let what = "is missing; taken as \"Name not known\"";
                let advice = "Ask the home who this is, and enter the name on the person.";
                self.fault(FaultKind::Name, field, what, advice);
                self.details.name = PersonName::parse(UNNAMED).ok();
                self.questions.insert(OpenQuestion::Duplicate);
            }
        }
    }

    /// Records that a name was converted.
    pub(super) fn turned_name(&mut self, field: Field, how: &str) {
        self.readings.push(Reading {
            column: self.sheet.mapping.title(field).to_owned(),
            as_sent: Cell::new(self.raw(field)),
            taken: Cell::new(how),
            is_word: false,
        });
    }
}

/// Returns whether a cell names several bedrooms: "12-14", "1 to 5", "3/4".
fn is_range(text: &str) -> bool {
    let folded =
        fold(without_word(text)).replace(['\u{2013}', '\u{2014}'], "-").replace(" to ", "-");
    let parts: Vec<&str> = folded.split(['-', '/', '&', ',']).map(str::trim).collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    parts.len() > 1 && parts.iter().all(is_number)
}

/// Strips the word before a bedroom: "Room 12" is 12.
fn without_word(text: &str) -> &str {
    let text = text.trim();
    let words = ["bedrooms", "bedroom", "rooms", "room", "rm.", "rm"];
    let found = words
        .iter()
        .find(|word| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)));
    let rest = found.and_then(|word| text.get(word.len()..)).map(str::trim_start);
    rest.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(text)
}

/// Describes the fault of an NHS number.
fn broken(sent: &str, error: TextError) -> String {
    let is_rounded = sent.contains(['E', 'e']) && sent.contains(['+', '.']);
    let digits: String = sent.chars().filter(char::is_ascii_digit).collect();
    if is_rounded {
        "was rounded by the spreadsheet; the digits are lost".to_owned()
    } else if digits.len() == 9 {
        "has nine digits; a spreadsheet drops a 0 at the start of a number".to_owned()
    } else {
        error.to_string()
    }
}

/// Returns the advice for an unexplained word.
pub(super) fn explain(table: &str) -> String {
    format!("Give its meaning under [words.{table}] in the decisions, or enter it on the person.")
}
