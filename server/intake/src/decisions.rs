//! What people decided about a list and the meaning of its words: a file beside it (`decisions.toml`).
//!
//! Parsing is strict: an unknown key, a decision about a missing row, or about a row that has changed since
//! the decision, stops the import before anything is sent.

mod words;

use std::collections::{BTreeMap, BTreeSet};

use proto::{
    person::FundingSource,
    text::{BirthDate, Short, Text},
};
use serde::Deserialize;

use super::{
    cell::{Cell, fold},
    error::Why,
};

pub use words::{Ask, Category, FundingWord, Share, Words};

/// The reason for a decision; short enough to appear in the log with who decided it.
pub type Reason = Text<200>;

/// A decisions file. Rows are numbered as in a spreadsheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// The list that it applies to.
    pub file: String,
    /// The date order.
    #[serde(default)]
    pub dates: Dates,
    /// The expected number of rows with people.
    pub expect_rows: Option<usize>,
    /// The expected number of people after merging.
    pub expect_people: Option<usize>,
    /// When the decisions were made, for readers of the file.
    pub decided_at: Option<String>,
    /// Rows that are the same person.
    #[serde(default)]
    pub merge: Vec<Merge>,
    /// NHS numbers that are missing or fail the check digit.
    #[serde(default)]
    pub nhs_number: Vec<NhsNumberDecision>,
    /// Birth dates that cannot be parsed.
    #[serde(default)]
    pub birth_date: Vec<BirthDateDecision>,
    /// Rows that look like one person and are two.
    #[serde(default)]
    pub distinct: Vec<Distinct>,
    /// Funding sources where list and records disagree.
    #[serde(default)]
    pub funding: Vec<FundingDecision>,
    /// Rows that seem to name two people but name one.
    #[serde(default)]
    pub one_person: Vec<OneRow>,
    /// Rows to leave out.
    #[serde(default)]
    pub leave_out: Vec<OneRow>,
    /// The meaning of the list's words.
    #[serde(default)]
    pub words: Words,
}

/// The date order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dates {
    /// 03/04/1938 is 3 April.
    #[default]
    DayFirst,
    /// 03/04/1938 is 4 March.
    MonthFirst,
}

/// A decision about one row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneRow {
    /// The row.
    pub row: usize,
    /// Who decided.
    pub decided_by: Short,
    /// Why.
    pub reason: Reason,
}

/// Two rows are one person: `from_row` is merged into `into_row`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The row that is merged away.
    pub from_row: usize,
    /// The row that stays.
    pub into_row: usize,
    /// Whose field values win.
    pub keep: Keep,
    /// Who decided.
    pub decided_by: Short,
    /// Why.
    pub reason: Reason,
}

/// Whose field values win in a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Those of the row that stays; the other spelling of the name is kept as an alias.
    Into,
}

/// What to do about an NHS number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NhsNumberDecision {
    /// The row.
    pub row: usize,
    /// The value in the list at the time of the decision.
    pub as_sent: Cell,
    /// What to do.
    pub action: NhsNumberAction,
    /// Who decided.
    pub decided_by: Short,
    /// Why.
    pub reason: Reason,
}

/// What to do about an NHS number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NhsNumberAction {
    /// Register the person without a number.
    KeepWithout,
}

/// The agreed value of a birth date that cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BirthDateDecision {
    /// The row.
    pub row: usize,
    /// The value in the list at the time of the decision.
    pub as_sent: Cell,
    /// The date, `YYYY-MM-DD`.
    pub agreed: BirthDate,
    /// Who decided.
    pub decided_by: Short,
    /// Why.
    pub reason: Reason,
}

/// Rows that look like one person but are not.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distinct {
    /// The rows.
    pub rows: Vec<usize>,
    /// Who decided.
    pub decided_by: Short,
    /// Why.
    pub reason: Reason,
}

/// The agreed funding source of a person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FundingDecision {
    /// The row.
    pub row: usize,
    /// The value in the list at the time of the decision.
    pub provider: Cell,
    /// The value in the council's record at that time.
    pub council_record: Option<FundingSource>,
    /// The agreed funding source.
    pub agreed: FundingSource,
    /// Who decided.
    pub decided_by: Short,
    /// Why.
    pub reason: Reason,
}

impl Decisions {
    /// Parses a decisions file.
    pub fn read(bytes: &[u8]) -> Result<Self, Why> {
        let text = std::str::from_utf8(bytes);
        let text = text.map_err(|_| Why::Decisions("the file is not UTF-8 text".to_owned()))?;
        let decisions: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or("");
            let line = before.matches('\n').count() + 1;
            Why::Decisions(format!("line {line}: {}", error.message()))
        })?;
        decisions.check()?;
        Ok(decisions)
    }

    /// Checks for decisions that contradict each other.
    fn check(&self) -> Result<(), Why> {
        let merged: Vec<usize> = self.merge.iter().map(|merge| merge.from_row).collect();
        once("merge", &merged)?;
        once("nhs_number", &self.nhs_number.iter().map(|d| d.row).collect::<Vec<_>>())?;
        once("birth_date", &self.birth_date.iter().map(|d| d.row).collect::<Vec<_>>())?;
        once("funding", &self.funding.iter().map(|d| d.row).collect::<Vec<_>>())?;
        for merge in &self.merge {
            if merged.contains(&merge.into_row) {
                let words = "is merged into a row that is itself merged";
                return Err(about("merge", merge.from_row, words));
            }
            let pair = [merge.from_row, merge.into_row];
            if self.distinct.iter().any(|d| pair.iter().all(|row| d.rows.contains(row))) {
                let words = "is merged into a row that [[distinct]] says is somebody else";
                return Err(about("merge", merge.from_row, words));
            }
        }
        let shares = self.words.funding.iter();
        let over = shares
            .filter(|(_, word)| matches!(word.council_share_percent, Some(Share::Percent(101..))));
        if let Some((word, _)) = over.into_iter().next() {
            return Err(Why::Decisions(format!(
                "[words.funding] {word:?}: a share is at most 100"
            )));
        }
        same_words("funding", &self.words.funding)?;
        same_words("care", &self.words.care)?;
        same_words("mobility", &self.words.mobility)
    }

    /// Replaces each decider's key with their display name.
    pub(super) fn call(&mut self, deciders: &BTreeMap<String, Short>) {
        let merges = self.merge.iter_mut().map(|d| &mut d.decided_by);
        let numbers = self.nhs_number.iter_mut().map(|d| &mut d.decided_by);
        let dates = self.birth_date.iter_mut().map(|d| &mut d.decided_by);
        let distinct = self.distinct.iter_mut().map(|d| &mut d.decided_by);
        let funding = self.funding.iter_mut().map(|d| &mut d.decided_by);
        let rows = self.one_person.iter_mut().chain(&mut self.leave_out);
        let rows = rows.map(|d| &mut d.decided_by);
        for by in merges.chain(numbers).chain(dates).chain(distinct).chain(funding).chain(rows) {
            if let Some(called) = deciders.get(by.as_str()) {
                *by = called.clone();
            }
        }
    }

    /// Returns whether a decision says if two rows are one person or two.
    pub fn settles_pair(&self, one: usize, other: usize) -> bool {
        let merged = |m: &Merge| [(one, other), (other, one)].contains(&(m.from_row, m.into_row));
        let kept = |d: &Distinct| d.rows.contains(&one) && d.rows.contains(&other);
        self.merge.iter().any(merged) || self.distinct.iter().any(kept)
    }

    /// Returns every row that a decision names, with the section of the decision.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let merges = self.merge.iter().flat_map(|m| [("merge", m.from_row), ("merge", m.into_row)]);
        let numbers = self.nhs_number.iter().map(|d| ("nhs_number", d.row));
        let dates = self.birth_date.iter().map(|d| ("birth_date", d.row));
        let distinct = self.distinct.iter().flat_map(|d| d.rows.iter().map(|r| ("distinct", *r)));
        let funding = self.funding.iter().map(|d| ("funding", d.row));
        let one = self.one_person.iter().map(|d| ("one_person", d.row));
        merges.chain(numbers).chain(dates).chain(distinct).chain(funding).chain(one)
    }
}

/// Returns an error about the decision on a row.
pub(super) fn about(heading: &str, row: usize, words: &str) -> Why {
    Why::Decisions(format!("[[{heading}]] row {row} {words}"))
}

/// Looks up the meaning of a word.
pub(super) fn meaning<'a, T>(words: &'a BTreeMap<String, T>, text: &str) -> Option<&'a T> {
    let folded = fold(text);
    words.iter().find(|(word, _)| fold(word) == folded).map(|(_, meaning)| meaning)
}

/// Checks that no row is decided twice in one section.
fn once(heading: &str, rows: &[usize]) -> Result<(), Why> {
    let mut seen = BTreeSet::new();
    let twice = rows.iter().find(|row| !seen.insert(**row));
    twice.map_or(Ok(()), |row| Err(about(heading, *row, "is decided twice")))
}

/// Checks that no word appears in two spellings, which might have two meanings.
fn same_words<T>(table: &str, words: &BTreeMap<String, T>) -> Result<(), Why> {
    let mut seen = BTreeSet::new();
    let twice = words.keys().find(|word| !seen.insert(fold(word)));
    twice.map_or(Ok(()), |word| {
        Err(Why::Decisions(format!("[words.{table}] has {word:?} twice, in two spellings")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Decisions::read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn an_unknown_key_is_reported_with_its_line() {
        let words = refused("file = \"a.csv\"\n\n[[merge]]\nfrom = 1\n");
        assert!(words.starts_with("line 4: ") && words.contains("from"), "{words}");
        assert!(refused("file = \"a.csv\"\ndates = \"year-first\"").starts_with("line 2: "));
        let words = refused("file = \"a.csv\"\n[words.funding]\n\"SF\" = { category = \"rich\" }");
        assert!(words.starts_with("line 3: ") && words.contains("category"), "{words}");
        assert!(refused("expect_rows = 3").contains("file"));
    }

    #[test]
    fn contradictory_decisions_are_reported() {
        let merge = |from: usize, into: usize| {
            format!(
                "[[merge]]\nfrom_row={from}\ninto_row={into}\nkeep=\"into\"\ndecided_by=\"a\"\nreason=\"b\"\n"
            )
        };
        let refused = |rest: &str| refused(&format!("file = \"a.csv\"\n{rest}"));
        assert!(
            refused(&format!("{}{}", merge(2, 3), merge(2, 4))).contains("row 2 is decided twice")
        );
        assert!(refused(&format!("{}{}", merge(2, 3), merge(3, 4))).contains("itself merged"));
        let distinct = "[[distinct]]\nrows=[3,2]\ndecided_by=\"a\"\nreason=\"b\"\n";
        assert!(refused(&format!("{}{distinct}", merge(2, 3))).contains("somebody else"));
        let share =
            "[words.funding]\n\"J\" = { category = \"joint\", council_share_percent = 120 }";
        assert!(refused(share).contains("at most 100"));
        let twice =
            "[words.care]\n\"Nursing\" = \"residential\"\n\"nursing\" = \"general_nursing\"";
        assert!(refused(twice).contains("two spellings"));
    }

    #[test]
    fn words_match_in_any_spelling() {
        let words = BTreeMap::from([("SCC + FNC".to_owned(), 1)]);
        assert_eq!(meaning(&words, " scc  + fnc"), Some(&1));
        assert_eq!(meaning(&words, "SCC"), None);
    }
}
