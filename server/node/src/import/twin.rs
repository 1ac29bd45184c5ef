//! Rows that may be one person, and rows that share a bedroom. Look-alikes are left to the room.

use std::collections::BTreeMap;

use proto::person::OpenQuestion;

use super::{
    cell::fold,
    column::Field,
    decisions::{Decisions, Merge, about},
    draft::{Decided, Draft, FaultKind},
    error::Why,
};

/// What a row may share with another.
struct Keys {
    row: usize,
    number: Option<String>,
    named: Option<String>,
    born: Option<String>,
    bedroom: Option<String>,
}

impl Keys {
    /// Returns the keys of a row.
    fn of(draft: &Draft<'_>) -> Self {
        let details = &draft.details;
        let born = details.date_of_birth.as_ref().map(|date| date.as_str().to_owned());
        let name = details.name.as_ref().map(|name| fold(name.as_str()));
        Self {
            row: draft.source.row,
            number: details.nhs_number.as_ref().map(|number| number.as_str().to_owned()),
            named: name.zip(born.as_ref()).map(|(name, born)| format!("{name} {born}")),
            born,
            bedroom: details.bedroom.as_ref().map(|bedroom| bedroom.as_str().to_owned()),
        }
    }

    /// Tells whether two rows have one NHS number, or one name and birth date.
    fn is_twin(&self, other: &Self) -> bool {
        same(self.number.as_ref(), other.number.as_ref())
            || same(self.named.as_ref(), other.named.as_ref())
    }
}

/// Tells whether both are there and equal.
fn same(one: Option<&String>, other: Option<&String>) -> bool {
    one.is_some() && one == other
}

/// Marks rows with one NHS number, or one name and birth date, unless people said what they are; then
/// rows of different people with one bedroom.
pub(super) fn mark(drafts: &mut [Draft<'_>], decisions: &Decisions) -> Result<(), Why> {
    let keys: Vec<Keys> = drafts.iter().map(Keys::of).collect();
    check(&keys, decisions)?;
    let is_open = |one: &Keys, other: &Keys| !decisions.settles_pair(one.row, other.row);
    let by_number = pairs(&keys, |keys| keys.number.as_ref(), is_open);
    let by_name = pairs(
        &keys,
        |keys| keys.named.as_ref(),
        |one, other| is_open(one, other) && !by_number.contains_key(&place_of(&keys, one.row)),
    );
    let by_bedroom = pairs(&keys, |keys| keys.bedroom.as_ref(), |one, other| !one.is_twin(other));
    for (at, draft) in drafts.iter_mut().enumerate() {
        if let Some(row) = by_number.get(&at) {
            duplicate(draft, Field::NhsNumber, &format!("row {row} has the same NHS number"));
        }
        if let Some(row) = by_name.get(&at) {
            let what = format!("row {row} has the same name and birth date");
            duplicate(draft, Field::Name, &what);
        }
        if let Some(row) = by_bedroom.get(&at) {
            let what = format!("row {row} has the same bedroom");
            let advice = "Ask the home. Write a shared bedroom as 12A and 12B.";
            draft.fault(FaultKind::Bedroom, Field::Room, what, advice);
            draft.questions.insert(OpenQuestion::Bedroom);
        }
        for merge in &decisions.merge {
            merged(draft, merge);
        }
    }
    Ok(())
}

/// Returns the place of a row.
fn place_of(keys: &[Keys], row: usize) -> usize {
    keys.iter().position(|keys| keys.row == row).unwrap_or(keys.len())
}

/// Returns, by place, the first other row with the same key for which `counts` holds.
fn pairs<'a>(
    keys: &'a [Keys],
    key: impl Fn(&'a Keys) -> Option<&'a String>,
    counts: impl Fn(&Keys, &Keys) -> bool,
) -> BTreeMap<usize, usize> {
    let mut groups: BTreeMap<&String, Vec<&Keys>> = BTreeMap::new();
    for keys in keys {
        if let Some(key) = key(keys) {
            groups.entry(key).or_default().push(keys);
        }
    }
    let mut found = BTreeMap::new();
    for (at, one) in keys.iter().enumerate() {
        let group = key(one).and_then(|key| groups.get(key));
        let other = group.and_then(|group| {
            group.iter().find(|other| other.row != one.row && counts(one, other))
        });
        found.extend(other.map(|other| (at, other.row)));
    }
    found
}

/// Marks a row as perhaps another's.
fn duplicate(draft: &mut Draft<'_>, field: Field, what: &str) {
    let advice =
        "Ask the home: one person typed in twice, or two people? Then merge, or say they are two.";
    draft.fault(FaultKind::Duplicate, field, what, advice);
    draft.questions.insert(OpenQuestion::Duplicate);
}

/// Notes on a row that people decided it is one person with another.
fn merged(draft: &mut Draft<'_>, merge: &Merge) {
    let row = draft.source.row;
    let other = if row == merge.from_row {
        merge.into_row
    } else if row == merge.into_row {
        merge.from_row
    } else {
        return;
    };
    let what = format!("row {other} is the same person");
    draft.fault(FaultKind::Duplicate, Field::NhsNumber, what, "");
    let decided = Decided::of(&merge.decided_by, &merge.reason);
    if let Some(fault) = draft.faults.last_mut() {
        fault.decided = Some(decided);
    }
}

/// Finds decisions about rows that are not there, and merges of rows with nothing in common.
fn check(keys: &[Keys], decisions: &Decisions) -> Result<(), Why> {
    let find = |row: usize| keys.iter().find(|keys| keys.row == row);
    for (heading, row) in decisions.rows() {
        if find(row).is_none() {
            return Err(about(heading, row, "is not a person's row of this list"));
        }
    }
    for merge in &decisions.merge {
        let (from, into) = (find(merge.from_row), find(merge.into_row));
        let is_like = from.zip(into).is_some_and(|(from, into)| {
            from.row != into.row
                && (from.is_twin(into) || same(from.born.as_ref(), into.born.as_ref()))
        });
        if !is_like {
            let words = "shares neither NHS number nor birth date with the row it is merged into";
            return Err(about("merge", merge.from_row, words));
        }
    }
    Ok(())
}
