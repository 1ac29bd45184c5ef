//! Each row of a provider's list, and what becomes of it.

use proto::{
    id::PersonId,
    person::{OpenQuestion, PersonChange},
};

use super::{
    cell::{fold, fold_name},
    column::Field,
    draft::{Draft, FaultKind, Sheet},
    error::Why,
    name::{Name, compose, is_nobody, is_two_people},
    table::Row,
    twin,
};

pub use super::draft::{Decided, Fault, FaultKind as Kind, Reading};

/// Cells of a row that counts people and is none: more than these, and it is somebody's.
const TOTAL_CELLS_MAX: usize = 4;
/// Cells of a row without name, birth date and NHS number that may still be somebody's.
const NAMELESS_CELLS_MIN: usize = 3;
/// How rows of sums begin.
const TOTALS: [&str; 6] = ["total", "totals", "sub total", "subtotal", "grand total", "sum"];
/// What rows of sums count.
const COUNTED: [&str; 8] =
    ["residents", "people", "persons", "beds", "clients", "service users", "total", "in total"];

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Taken in.
    Taken {
        /// The person.
        person: PersonId,
        /// What was taken.
        details: Box<PersonChange>,
        /// What the list leaves open.
        questions: Vec<OpenQuestion>,
    },
    /// Taken in, and then merged into another row's person.
    Merged {
        /// The person of this row.
        person: PersonId,
        /// What was taken.
        details: Box<PersonChange>,
        /// What the list leaves open.
        questions: Vec<OpenQuestion>,
        /// The row that stays.
        into_row: usize,
    },
    /// Not a person.
    NotAPerson {
        /// Why not.
        why: &'static str,
    },
}

/// The drafts of people, and the rows that are nobody's, with why.
pub(super) type Read<'a> = (Vec<Draft<'a>>, Vec<(&'a Row, &'static str)>);

/// Reads every row.
pub(super) fn read(sheet: Sheet<'_>) -> Result<Read<'_>, Why> {
    let mut drafts = Vec::new();
    let mut others = Vec::new();
    for row in &sheet.table.rows {
        let mut draft = Draft::new(sheet, row);
        if let Some(why) = draft.not_a_person() {
            others.push((row, why));
        } else {
            draft.take()?;
            drafts.push(draft);
        }
    }
    twin::mark(&mut drafts, sheet.decisions)?;
    Ok((drafts, others))
}

impl Draft<'_> {
    /// Returns why a row is nobody's, when it is.
    fn not_a_person(&self) -> Option<&'static str> {
        let row = self.source;
        let filled: Vec<&str> = row.filled().collect();
        let names = filled.iter().filter(|cell| Field::of(&fold_name(cell)).is_some()).count();
        if names >= 2 && names * 2 >= filled.len() {
            return Some("repeats the column names");
        }
        let has = |field| !self.raw(field).trim().is_empty();
        if has(Field::NhsNumber) || has(Field::BirthDate) {
            return None;
        }
        if filled.len() <= TOTAL_CELLS_MAX && filled.iter().any(|cell| is_total(cell)) {
            return Some("counts people");
        }
        let fields = [Field::Name, Field::FirstName, Field::Surname];
        if fields.iter().any(|field| is_nobody(self.raw(*field))) {
            return Some("says that nobody lives there");
        }
        let is_named = fields.iter().any(|field| has(*field));
        (!is_named && filled.len() < NAMELESS_CELLS_MIN)
            .then_some("has no name, birth date or NHS number")
    }

    /// Takes every field of the row.
    fn take(&mut self) -> Result<(), Why> {
        if let Some(cells) = self.source.short {
            let columns = self.source.cells.len();
            let what =
                format!("the row has {cells} cells of {columns}; the others were taken as empty");
            self.fault(
                FaultKind::ShortRow,
                Field::Room,
                what,
                "Look whether something is missing.",
            );
        }
        self.take_whole_name();
        self.take_birth_date()?;
        self.take_nhs_number()?;
        self.take_bedroom();
        self.take_care();
        self.take_mobility();
        self.take_funding()?;
        self.details.wristband = self.words(Field::Wristband);
        self.details.needs = self.words(Field::Needs);
        self.details.handle_safely = self.words(Field::HandleSafely);
        self.details.keep_together = self.words(Field::KeepTogether);
        for field in [Field::Dols, Field::Attorney] {
            let text = self.clean(field, false);
            self.keep(field, &text);
        }
        self.take_end_of_life();
        self.take_next_of_kin();
        self.take_notes();
        Ok(())
    }

    /// Takes the name out of however many columns hold it.
    fn take_whole_name(&mut self) {
        let [title, first, surname, whole] =
            [Field::Title, Field::FirstName, Field::Surname, Field::Name]
                .map(|field| self.clean(field, false));
        let is_couple = is_two_people(&[&*title, &first, &surname, &whole].map(fold).join(" "));
        let field =
            if first.is_empty() && surname.is_empty() { Field::Name } else { Field::Surname };
        let Name { full, title, turned } = compose(&title, &first, &surname, &whole);
        self.take_name(field, &full);
        if let Some(how) = turned {
            self.turned_name(how);
        }
        if is_couple {
            let what = "names two people in one row; the register counts one";
            let advice = "Give each a row of their own and send the list again, or register the second by hand.";
            self.fault(FaultKind::TwoPeople, field, what, advice);
            self.questions.insert(OpenQuestion::Duplicate);
        }
        if !title.is_empty() {
            let column =
                if self.sheet.mapping.has(Field::Title) { Field::Title } else { Field::Name };
            self.kept.push(format!(
                "{}: {title}",
                if column == Field::Title { self.sheet.mapping.title(column) } else { "Title" }
            ));
        }
        self.details.known_as = self.words(Field::KnownAs);
        let sex = self.clean(Field::Sex, false);
        self.keep(Field::Sex, &sex);
    }
}

/// Tells whether a cell is a sum: "Total", "63 residents", "Residents: 63".
fn is_total(cell: &str) -> bool {
    let folded = fold_name(cell);
    let words = folded.trim_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let has_number = folded.contains(|c: char| c.is_ascii_digit());
    TOTALS.contains(&words)
        || TOTALS.iter().any(|total| {
            words.strip_prefix(total).is_some_and(|rest| COUNTED.contains(&rest.trim()))
        })
        || (has_number && COUNTED.contains(&words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_told_from_people() {
        for total in [
            "Total",
            "TOTAL: 63",
            "63 residents",
            "Residents: 63",
            "Total residents 63",
            "Grand total",
        ] {
            assert!(is_total(total), "{total}");
        }
        for person in ["Margaret Total-Jones", "residents", "12A", "Sumner"] {
            assert!(!is_total(person), "{person}");
        }
    }
}
