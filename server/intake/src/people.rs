//! The outcome of each row of a provider's list.

use proto::{details::PersonChange, id::PersonId, register::OpenQuestion, text::PersonName};

use super::{
    cell::{fold, fold_name},
    column::Field,
    draft::{Against, Draft, FaultKind},
    error::Why,
    name::{Name, compose, is_nobody, is_two_people},
    table::Row,
    twin,
};

pub use super::draft::{Decided, Fault, FaultKind as Kind, Reading};

/// The maximum number of filled cells in a row of totals; a row with more is a person.
const TOTAL_CELLS_MAX: usize = 4;
/// The minimum number of filled cells for a person's row without name, birth date or NHS number.
const NAMELESS_CELLS_MIN: usize = 3;
/// First words of rows of totals.
const TOTALS: [&str; 6] = ["total", "totals", "sub total", "subtotal", "grand total", "sum"];
/// What rows of totals count.
const COUNTED: [&str; 8] =
    ["residents", "people", "persons", "beds", "clients", "service users", "total", "in total"];

/// First words of remarks below and between the rows.
const REMARKS: [&str; 16] = [
    "printed",
    "prepared",
    "produced",
    "updated",
    "last updated",
    "key",
    "note",
    "notes",
    "page",
    "confidential",
    "list",
    "correct",
    "as at",
    "please",
    "date",
    "end of",
];
/// Names of parts of a home, in headings between the rows.
const PARTS: [&str; 11] = [
    "floor",
    "unit",
    "wing",
    "ward",
    "suite",
    "corridor",
    "landing",
    "household",
    "house",
    "residents",
    "annexe",
];
/// Why a row was left out by decision.
pub const LEFT_OUT: &str = "was left out, as decided";
/// Why a row hidden in the file was left out.
pub const HIDDEN: &str = "is hidden in the spreadsheet, so it was left out";

/// The outcome of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Registered.
    Taken {
        /// The person.
        person: PersonId,
        /// The values taken.
        details: Box<PersonChange>,
        /// What the list leaves open.
        questions: Vec<OpenQuestion>,
    },
    /// Registered, then merged into another row's person.
    Merged {
        /// The person of this row.
        person: PersonId,
        /// The values taken.
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

/// The drafts of people, and the rows that are not people, each with the reason.
pub(super) type Read<'a> = (Vec<Draft<'a>>, Vec<(&'a Row, &'static str)>);

/// Reads every row.
pub(super) fn read(sheet: Against<'_>) -> Result<Read<'_>, Why> {
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
    /// Returns why a row is not a person, if so.
    fn not_a_person(&self) -> Option<&'static str> {
        let row = self.source;
        if self.sheet.decisions.leave_out.iter().any(|left| left.row == row.row) {
            return Some(LEFT_OUT);
        }
        if row.is_hidden {
            return Some(HIDDEN);
        }
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
        if let &[alone] = filled.as_slice()
            && (row.is_banner || is_remark(alone))
        {
            return Some("is a heading or a remark");
        }
        let fields = [Field::Name, Field::FirstName, Field::Surname];
        if fields.iter().any(|field| is_nobody(self.raw(*field))) {
            return Some("says that nobody lives there");
        }
        let is_named = fields.iter().any(|field| has(*field));
        (!is_named && filled.len() < NAMELESS_CELLS_MIN)
            .then_some("has no name, birth date or NHS number")
    }

    /// Reads every field of the row.
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
        self.tell_formulas();
        self.take_whole_name();
        self.tell_part();
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

    /// Reports values that the spreadsheet computes.
    fn tell_formulas(&mut self) {
        for column in &self.source.formulas {
            let Some(field) = self.sheet.mapping.field(*column) else { continue };
            let is_error = self.source.cell(*column).starts_with('#');
            let what = if is_error {
                "is a formula that failed when the list was saved"
            } else {
                "is a formula; the value saved in the list was taken"
            };
            self.fault(FaultKind::Formula, field, what, "Check it where it matters.");
        }
    }

    /// Reports that a row names two people, and the values that could belong to either.
    fn tell_part(&mut self) {
        let Some(part) = &self.source.part else { return };
        let what = if part.is_second {
            "names two people; this is the second"
        } else {
            "names two people; this is the first, and the second follows"
        };
        let advice = "Check with the home what belongs to whom, and who they are.";
        self.fault(FaultKind::TwoPeople, Field::Name, what, advice);
        if let Some(fault) = self.faults.last_mut() {
            fault.as_sent = part.sent.clone();
        }
        self.questions.insert(OpenQuestion::Duplicate);
        for (word, sent) in &part.unshared {
            self.kept.push(format!("{word} in the row of both: {}", sent.as_str()));
        }
    }

    /// Reads the name from one or several columns.
    fn take_whole_name(&mut self) {
        let [title, first, surname, whole] =
            [Field::Title, Field::FirstName, Field::Surname, Field::Name]
                .map(|field| self.clean(field, false));
        let is_couple = is_two_people(&[&*title, &first, &surname, &whole].map(fold).join(" "));
        let field =
            if first.is_empty() && surname.is_empty() { Field::Name } else { Field::Surname };
        let Name { full, title, turned, known_as } = compose(&title, &first, &surname, &whole);
        self.take_name(field, &full);
        for how in turned {
            self.turned_name(field, how);
        }
        if is_couple && self.source.part.is_none() {
            let what = "may name two people in one row; the register counts one";
            let advice = "If it does, give each their own row and send the list again, or register the second by hand.";
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
        self.details.known_as = self
            .words(Field::KnownAs)
            .or_else(|| known_as.and_then(|called| PersonName::parse(&called).ok()));
        let sex = self.clean(Field::Sex, false);
        self.keep(Field::Sex, &sex);
    }
}

/// Returns whether the only cell of a row is a heading or a remark rather than a name.
fn is_remark(cell: &str) -> bool {
    let folded = fold_name(cell);
    let starts = |word: &str| {
        folded.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    REMARKS.iter().any(|word| starts(word))
        || folded.rsplit(' ').next().is_some_and(|last| PARTS.contains(&last))
        || cell.trim_end().ends_with(':')
        || folded.contains(|c: char| c.is_ascii_digit())
        || folded.split(' ').count() > 6
}

/// Returns whether a cell is a total: "Total", "63 residents", "Residents: 63".
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
    fn totals_are_distinguished_from_people() {
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
