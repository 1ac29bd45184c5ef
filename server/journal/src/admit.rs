//! The checks every store makes before it writes any of a batch.

use std::collections::BTreeSet;

use proto::{
    id::{Cursor, Seq},
    outcome::Outcome,
};

use crate::{Batch, Chain, Error, Stored};

/// The end of a room's history: its last entry's number and full chain value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) seq: Seq,
    pub(crate) chain: Chain,
}

impl Head {
    /// Returns the head as a cursor.
    pub(crate) fn cursor(self) -> Cursor {
        Cursor { seq: self.seq, tag: self.chain.tag() }
    }
}

/// Returns the head that the batch leads to, or why it does not follow this one.
pub(crate) fn admit(head: Head, batch: &Batch) -> Result<Head, Error> {
    if follows(head, batch) {
        let reached = chained(head, batch)?;
        outcomes_fit(reached, batch)?;
        outcomes_differ(batch)?;
        Ok(reached)
    } else {
        Err(Error::Conflict(head.cursor()))
    }
}

#[cfg(not(plant = "conflict_unchecked"))]
fn follows(head: Head, batch: &Batch) -> bool {
    batch.after == head.cursor()
}

#[cfg(plant = "conflict_unchecked")]
fn follows(_: Head, _: &Batch) -> bool {
    true
}

/// Returns the head that the batch leads to, checked without the head that it follows: the first
/// entry is checked by its number alone, and its link later, by the code that has that head.
pub(crate) fn admit_apart(batch: &Batch) -> Result<Head, Error> {
    let before = Head { seq: batch.after.seq, chain: Chain::default() };
    let reached = match batch.entries.split_first() {
        Some((first, more)) => {
            numbered(before, first)?;
            let begun = Head { seq: first.seq, chain: first.chain };
            more.iter().try_fold(begun, linked)?
        }
        None => before,
    };
    outcomes_fit(reached, batch)?;
    outcomes_differ(batch)?;
    Ok(reached)
}

/// Returns the head after the batch's entries, when each is linked to the one before it (I-1, I-3).
fn chained(head: Head, batch: &Batch) -> Result<Head, Error> {
    batch.entries.iter().try_fold(head, linked)
}

fn linked(before: Head, entry: &Stored) -> Result<Head, Error> {
    numbered(before, entry)?;
    if entry.chain != before.chain.link(&entry.body) {
        let words = format!("entry {} is not chained to the one before it", entry.seq);
        return Err(Error::Broken(words));
    }
    Ok(Head { seq: entry.seq, chain: entry.chain })
}

fn numbered(before: Head, entry: &Stored) -> Result<(), Error> {
    let expected = before.seq.next();
    if entry.seq == expected {
        return Ok(());
    }
    let words = format!("the batch has entry {} where {expected} belongs", entry.seq);
    Err(Error::Broken(words))
}

fn outcomes_fit(reached: Head, batch: &Batch) -> Result<(), Error> {
    let ahead = batch.outcomes.iter().find(|decided| match &decided.outcome {
        Outcome::Ok { seq } => *seq > reached.seq,
        Outcome::Refused(_) => false,
    });
    ahead.map_or(Ok(()), |decided| {
        let words = format!("the outcome of command {} names no entry of the room", decided.id);
        Err(Error::Broken(words))
    })
}

/// Checks that no command has two outcomes in one batch (I-7).
fn outcomes_differ(batch: &Batch) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    let twice = batch.outcomes.iter().find(|decided| !seen.insert(decided.id));
    twice.map_or(Ok(()), |decided| {
        Err(Error::Broken(format!("the batch has two outcomes of command {}", decided.id)))
    })
}
