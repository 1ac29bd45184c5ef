//! Converts the choices made on the screen into decisions for the import.

use std::collections::{BTreeMap, BTreeSet};

use proto::{
    intake::{IntakeChoices, IntakeDecision, IntakeWords},
    text::Short,
};

use super::{Remembered, Table};
use crate::{
    cell::fold_name,
    column::Field,
    decisions::{
        Category, Dates, Decisions, Distinct, FundingWord, Keep, Merge, OneRow, Reason, Words,
    },
    mapping::Mapping,
};

/// Returns the field of each column if it was stated, this time or the last time.
pub(super) fn columns(
    choices: &IntakeChoices,
    remembered: Option<&Remembered>,
    table: &Table,
) -> Option<Vec<Option<Field>>> {
    let field = |word: &str| Field::of(&fold_name(word));
    if let Some(columns) = &choices.columns {
        return Some(columns.iter().map(|word| word.as_deref().and_then(field)).collect());
    }
    let remembered = remembered?;
    let mut seen = BTreeSet::new();
    let columns = table.header.iter().enumerate().map(|(place, cell)| {
        let name = fold_name(cell.as_str());
        let is_hidden = table.hidden_columns.contains(&place);
        let field = remembered.columns.get(&name).and_then(|word| field(word));
        field.filter(|field| !is_hidden && seen.insert(*field))
    });
    Some(columns.collect())
}

/// Returns the field of each column, by column name.
pub(super) fn by_name(table: &Table, mapping: &Mapping) -> BTreeMap<String, String> {
    let columns = table.header.iter().enumerate();
    let filled = columns.filter_map(|(place, cell)| {
        let field = mapping.field(place)?;
        Some((fold_name(cell.as_str()), field.word().to_owned()))
    });
    filled.collect()
}

/// Returns the meaning of the words: this time's choices override the last time's.
pub(super) fn words(choices: &IntakeChoices, remembered: Option<&Remembered>) -> IntakeWords {
    let mut words = remembered.map(|remembered| remembered.words.clone()).unwrap_or_default();
    let said = choices.words.clone();
    words.funding.extend(said.funding);
    words.care.extend(said.care);
    words.mobility.extend(said.mobility);
    words
}

/// Returns the decisions.
pub(super) fn decisions(file: &str, choices: &IntakeChoices, remember: &Remembered) -> Decisions {
    let mut decisions = Decisions { file: file.to_owned(), ..Decisions::default() };
    if remember.month_first {
        decisions.dates = Dates::MonthFirst;
    }
    decisions.words = Words {
        funding: remember
            .words
            .funding
            .iter()
            .map(|(word, means)| {
                let means = FundingWord {
                    category: Category(means.source),
                    funder: None,
                    council_share_percent: None,
                    respite: means.respite,
                    section_117: means.section_117,
                    nursing_contribution: means.nursing_contribution,
                };
                (word.clone(), means)
            })
            .collect(),
        care: remember.words.care.clone(),
        mobility: remember.words.mobility.clone(),
    };
    let Some((by, reason)) = Short::parse("the incident room")
        .ok()
        .zip(Reason::parse("Said when the list was taken in").ok())
    else {
        return decisions;
    };
    let at = |row: u32| usize::try_from(row).unwrap_or(usize::MAX);
    let one = |row: u32| OneRow { row: at(row), decided_by: by.clone(), reason: reason.clone() };
    let goes: BTreeSet<u32> = choices
        .rows
        .iter()
        .filter(|choice| matches!(choice.is, IntakeDecision::SameRow { .. }))
        .map(|choice| choice.row)
        .collect();
    let mut gone = BTreeSet::new();
    for choice in &choices.rows {
        match choice.is {
            IntakeDecision::LeftOut => decisions.leave_out.push(one(choice.row)),
            IntakeDecision::OnePerson => decisions.one_person.push(one(choice.row)),
            IntakeDecision::SameRow { row } => {
                if !goes.contains(&row) && gone.insert(choice.row) {
                    decisions.merge.push(Merge {
                        from_row: at(choice.row),
                        into_row: at(row),
                        keep: Keep::Into,
                        decided_by: by.clone(),
                        reason: reason.clone(),
                    });
                }
            }
            IntakeDecision::OtherRow { row } => decisions.distinct.push(Distinct {
                rows: vec![at(choice.row), at(row)],
                decided_by: by.clone(),
                reason: reason.clone(),
            }),
            IntakeDecision::SamePerson { .. } | IntakeDecision::OtherPerson { .. } => {}
        }
    }
    decisions
}

/// Keeps only the decisions about these rows, or none at all without rows.
pub(super) fn among(mut decisions: Decisions, rows: Option<&BTreeSet<usize>>) -> Decisions {
    let has = |row: &usize| rows.is_some_and(|rows| rows.contains(row));
    decisions.merge.retain(|merge| has(&merge.from_row) && has(&merge.into_row));
    decisions.distinct.retain(|distinct| distinct.rows.iter().all(has));
    decisions.one_person.retain(|one| has(&one.row));
    decisions
}
