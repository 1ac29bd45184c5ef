//! Rows that may be the same person, and rows that share a bedroom. The room handles look-alikes.

use std::collections::BTreeMap;

use proto::register::OpenQuestion;

use super::{
    cell::fold,
    column::Field,
    decisions::{Decisions, Merge, about},
    draft::{Decided, Draft, FaultKind},
    error::Why,
    value::UNNAMED,
};

/// The values that a row may share with another.
struct Keys {
    row: usize,
    is_second: bool,
    number: Option<String>,
    named: Option<String>,
    /// The name without the birth date.
    called: Option<String>,
    /// The sound of the surname, with the birth date.
    like: Option<String>,
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
            is_second: draft.source.part.as_ref().is_some_and(|part| part.is_second),
            number: details.nhs_number.as_ref().map(|number| number.as_str().to_owned()),
            like: name.as_ref().zip(born.as_ref()).map(|(name, born)| {
                let surname = name.rsplit(' ').next().unwrap_or_default();
                format!("{} {born}", sound(surname))
            }),
            named: name.as_ref().zip(born.as_ref()).map(|(name, born)| format!("{name} {born}")),
            called: name.filter(|name| name.contains(' ') && *name != fold(UNNAMED)),
            born,
            bedroom: details.bedroom.as_ref().map(|bedroom| bedroom.as_str().to_owned()),
        }
    }

    /// Returns whether two rows share an NHS number, or a name and birth date.
    fn is_twin(&self, other: &Self) -> bool {
        same(self.number.as_ref(), other.number.as_ref())
            || same(self.named.as_ref(), other.named.as_ref())
    }
}

/// Returns a rough phonetic key: the first letter and the consonants, without repeats.
pub(super) fn sound(word: &str) -> String {
    let word = word.replace("ph", "f").replace("ck", "k");
    let mut chars = word.chars().filter(|c| c.is_alphabetic());
    let first = chars.next().map(|c| if c == 'c' { 'k' } else { c });
    let rest = chars.filter(|c| !"aeiouyhw".contains(*c));
    let mut all: Vec<char> = first.into_iter().chain(rest).collect();
    all.dedup();
    all.into_iter().collect()
}

/// Returns whether both are present and equal.
fn same(one: Option<&String>, other: Option<&String>) -> bool {
    one.is_some() && one == other
}

/// Marks rows that share an NHS number, or a name and birth date, unless already decided; then rows of
/// different people that share a bedroom.
pub(super) fn mark(drafts: &mut [Draft<'_>], decisions: &Decisions) -> Result<(), Why> {
    let keys: Vec<Keys> = drafts.iter().map(Keys::of).collect();
    check(&keys, decisions)?;
    let is_open = |one: &Keys, other: &Keys| !decisions.settles_pair(one.row, other.row);
    let by_number = pairs(&keys, |keys| keys.number.as_ref(), is_open);
    let mut by_name = pairs(&keys, |keys| keys.named.as_ref(), is_open);
    by_name.retain(|at, _| !by_number.contains_key(at));
    let is_like = |one: &Keys, other: &Keys| is_open(one, other) && !one.is_twin(other);
    let mut by_likeness = pairs(&keys, |keys| keys.like.as_ref(), is_like);
    by_likeness.extend(pairs(&keys, |keys| keys.called.as_ref(), is_like));
    let by_bedroom = pairs(&keys, |keys| keys.bedroom.as_ref(), |one, other| !one.is_twin(other));
    for (at, draft) in drafts.iter_mut().enumerate() {
        if let Some(row) = by_number.get(&at) {
            duplicate(draft, *row, Field::NhsNumber, "NHS number");
        }
        if let Some(row) = by_name.get(&at) {
            duplicate(draft, *row, Field::Name, "name and birth date");
        }
        if let Some(row) = by_likeness.get(&at) {
            let what = format!("looks like row {row}; they are treated as two people");
            let advice = "Check both before anything is done for either.";
            draft.fault(FaultKind::LookAlike, Field::Name, what, advice);
            beside(draft, *row);
        }
        if let Some(row) = by_bedroom.get(&at) {
            let what = format!("row {row} has the same bedroom");
            let advice = "Ask the home. Write a shared bedroom as 12A and 12B.";
            draft.fault(FaultKind::Bedroom, Field::Room, what, advice);
            draft.questions.insert(OpenQuestion::Bedroom);
        }
        let second = draft.source.part.as_ref().is_some_and(|part| part.is_second);
        for merge in decisions.merge.iter().filter(|_| !second) {
            merged(draft, merge);
        }
    }
    Ok(())
}

/// Returns, by index, the first other row with the same key for which `counts` holds.
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

/// Marks a row as a possible duplicate of another.
fn duplicate(draft: &mut Draft<'_>, row: usize, field: Field, same: &str) {
    let what = format!("row {row} has the same {same}");
    let advice = "Ask the home: one person typed in twice, or two people? Then merge the rows, or record that they are two.";
    draft.fault(FaultKind::Duplicate, field, what, advice);
    beside(draft, row);
    draft.questions.insert(OpenQuestion::Duplicate);
}

/// Attaches the other row to the last fault.
fn beside(draft: &mut Draft<'_>, row: usize) {
    if let Some(fault) = draft.faults.last_mut() {
        fault.other = Some(row);
    }
}

/// Records on a row that it was decided to be the same person as another.
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

/// Rejects decisions about missing rows, and merges of rows with nothing in common.
fn check(keys: &[Keys], decisions: &Decisions) -> Result<(), Why> {
    let by_row: BTreeMap<usize, &Keys> =
        keys.iter().filter(|keys| !keys.is_second).map(|keys| (keys.row, keys)).collect();
    let find = |row: usize| by_row.get(&row).copied();
    for (heading, row) in decisions.rows() {
        if find(row).is_none() {
            return Err(about(heading, row, "is not a row with a person in this list"));
        }
    }
    for merge in &decisions.merge {
        let (from, into) = (find(merge.from_row), find(merge.into_row));
        let is_like = from.zip(into).is_some_and(|(from, into)| {
            from.row != into.row
                && (from.is_twin(into)
                    || same(from.born.as_ref(), into.born.as_ref())
                    || same(from.called.as_ref(), into.called.as_ref()))
        });
        if !is_like {
            let words = "shares neither NHS number nor birth date with the row it is merged into";
            return Err(about("merge", merge.from_row, words));
        }
    }
    Ok(())
}
