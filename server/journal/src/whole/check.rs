//! Validates a stream: order, chain, outcomes, and the totals at its end.

use std::collections::BTreeMap;

use proto::{
    id::{RoomId, Seq},
    limit,
};
use sha2::{Digest, Sha256};

use super::{Failed, Record, Sum};
use crate::{
    Chain,
    registry::{Pass, Reading},
    verify::Place,
};

/// The kinds of record, in stream order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Entry,
    Outcome,
    Invite,
    Login,
    Access,
    Document,
    End,
}

/// Validates a stream record by record, keeping only a few bytes per room.
#[derive(Debug, Default)]
pub struct Check {
    sum: Sum,
    digest: Sha256,
    last: Option<(Kind, Vec<u8>)>,
    rooms: BTreeMap<RoomId, Place>,
    is_over: bool,
}

impl Check {
    /// Validates the next record.
    pub fn take(&mut self, record: &Record) -> Result<(), Failed> {
        if self.is_over {
            return Err(broken("something comes after the end"));
        }
        if record.bytes() > limit::WHOLE_RECORD_BYTES_MAX {
            return Err(broken("a record is larger than any that a store keeps"));
        }
        self.order(record)?;
        self.judge(record)?;
        if let Record::End(told) = record {
            self.is_over = true;
            let is_right = *told == self.sum();
            let other = || broken("the records do not match the totals at the end");
            return if is_right { Ok(()) } else { Err(other()) };
        }
        let line = serde_json::to_vec(record).map_err(|error| Failed::Broken(error.to_string()))?;
        self.digest.update(line);
        self.digest.update(b"\n");
        Ok(())
    }

    /// Returns the totals so far.
    pub fn sum(&self) -> Sum {
        Sum { digest: self.digest.clone().finalize().into(), ..self.sum }
    }

    /// Returns the totals, once the end record has come.
    pub fn end(&self) -> Result<Sum, Failed> {
        if self.is_over { Ok(self.sum()) } else { Err(Failed::Short) }
    }

    /// Returns each room's head; a room of refusals alone has the zero head.
    pub(crate) fn heads(&self) -> impl Iterator<Item = (RoomId, Seq, Chain)> {
        self.rooms.iter().map(|(room, place)| (*room, place.seq, place.chain))
    }

    /// Checks the order of kinds, the order within a kind, and that nothing comes twice.
    fn order(&mut self, record: &Record) -> Result<(), Failed> {
        let next = rank(record);
        let may_equal = matches!(next.0, Kind::Entry | Kind::Access);
        let follows = self.last.as_ref().is_none_or(|last| match last.cmp(&next) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Equal => may_equal,
            std::cmp::Ordering::Greater => false,
        });
        if !follows {
            return Err(broken("the records are out of order, or one comes twice"));
        }
        self.last = Some(next);
        Ok(())
    }

    fn judge(&mut self, record: &Record) -> Result<(), Failed> {
        match record {
            Record::Entry { room, seq, chain, body } => {
                let place = self.rooms.entry(*room).or_default();
                *place = follow(place, *room, *seq, Chain(*chain), body)?;
                self.sum.rooms += u64::from(*seq == Seq(1));
                self.sum.entries += 1;
            }
            Record::Outcome { room, id, outcome, .. } => {
                let place = self.rooms.entry(*room).or_default();
                let fault = |fault: crate::verify::Fault| Failed::Broken(fault.to_string());
                place.judge(*room, id.0, outcome).map_err(fault)?;
                self.sum.outcomes += 1;
            }
            Record::Invite { pass, .. } => {
                read::<Pass>(pass, "an invite")?;
                self.sum.invites += 1;
            }
            Record::Login { pass, .. } => {
                read::<Pass>(pass, "a login")?;
                self.sum.logins += 1;
            }
            Record::Access { what, .. } => {
                read::<Reading>(what, "a reading of a card")?;
                self.sum.accesses += 1;
            }
            Record::Document { .. } => self.sum.documents += 1,
            Record::End(_) => {}
        }
        Ok(())
    }
}

#[cfg(not(plant = "restore_unverified"))]
fn follow(
    place: &Place,
    room: RoomId,
    seq: Seq,
    chain: Chain,
    body: &str,
) -> Result<Place, Failed> {
    let number = i64::try_from(seq.0).unwrap_or(i64::MAX);
    place
        .follow(room, number, chain, body.as_bytes())
        .map_err(|what| Failed::Broken(format!("room {room}, entry {}: {what}", place.seq.next())))
}

#[cfg(plant = "restore_unverified")]
#[expect(clippy::unnecessary_wraps, reason = "the planted bug refuses nothing")]
fn follow(_: &Place, _: RoomId, seq: Seq, chain: Chain, _: &str) -> Result<Place, Failed> {
    Ok(Place { seq, chain, ..Place::default() })
}

/// Checks that the text parses; the error reveals nothing of its content.
fn read<T: serde::de::DeserializeOwned>(text: &str, what: &str) -> Result<(), Failed> {
    serde_json::from_str::<T>(text).map(drop).map_err(|error| {
        Failed::Broken(format!("{what} cannot be read (column {})", error.column()))
    })
}

fn rank(record: &Record) -> (Kind, Vec<u8>) {
    match record {
        Record::Entry { room, .. } => (Kind::Entry, room.0.as_bytes().to_vec()),
        Record::Outcome { room, id, .. } => {
            (Kind::Outcome, [room.0.as_bytes().as_slice(), id.0.as_bytes()].concat())
        }
        Record::Invite { secret_hash, .. } => (Kind::Invite, secret_hash.to_vec()),
        Record::Login { device, .. } => (Kind::Login, device.0.as_bytes().to_vec()),
        Record::Access { .. } => (Kind::Access, Vec::new()),
        Record::Document { shelf, key, .. } => {
            (Kind::Document, [shelf.as_bytes(), b"\0", key.as_bytes()].concat())
        }
        Record::End(_) => (Kind::End, Vec::new()),
    }
}

fn broken(words: &str) -> Failed {
    Failed::Broken(words.to_owned())
}
