//! The archive: reads a room from its journal for an export, beside its writer and never through
//! it.

use std::sync::Arc;

use journal::Journal;
use proto::{
    export::{KeptEntry, LogEntry, Movement, PersonLine, Reader},
    id::{RoomId, Seq},
};

use crate::{error::Error, open::Opened};

/// A room's journal up to and including one entry.
#[derive(Debug, Clone)]
pub struct Archive {
    journal: Arc<dyn Journal>,
    room: RoomId,
    up_to: Seq,
}

/// A room folded for one export and one reader.
#[derive(Debug)]
pub struct Folded {
    opened: Opened,
    reader: Reader,
    movements: Vec<Movement>,
}

impl Archive {
    /// Returns the archive of a room in this journal.
    pub fn new(journal: Arc<dyn Journal>, room: RoomId, up_to: Seq) -> Self {
        Self { journal, room, up_to }
    }

    /// Folds the room as of the last entry.
    pub async fn fold(&self, reader: Reader) -> Result<Folded, Error> {
        let mut movements = Vec::new();
        let apply = |room: &mut room::Room, entry: &proto::entry::Entry| {
            movements.extend(room.apply_moving(entry, reader));
        };
        let mut opened = Opened::default();
        opened.follow(self.journal.as_ref(), self.room, self.up_to, apply).await?;
        opened.room.guard_movements(&mut movements);
        if opened.room.head() == Seq(0) {
            return Err(Error::NoRoom);
        }
        Ok(Folded { opened, reader, movements })
    }

    /// Returns at most `limit` stored entries, starting at a number.
    pub async fn kept(&self, from: Seq, limit: usize) -> Result<Vec<KeptEntry>, Error> {
        let stored = self.journal.read(self.room, from, limit).await?;
        let wanted = stored.into_iter().take_while(|stored| stored.seq <= self.up_to);
        let kept = wanted.map(|stored| {
            let body = String::from_utf8(stored.body.to_vec()).map_err(|_| {
                let what = format!("entry {} of room {} is not text", stored.seq, self.room);
                journal::Error::Broken(what)
            })?;
            let chain = stored.chain.to_string();
            Ok(KeptEntry { seq: stored.seq, tag: stored.chain.tag(), chain, body })
        });
        kept.collect()
    }
}

impl Folded {
    /// Returns the people, by reference.
    pub fn people(&self) -> Vec<PersonLine> {
        self.opened.room.export_people(self.reader)
    }

    /// Returns every movement, in the order of the entries.
    pub fn movements(&self) -> &[Movement] {
        &self.movements
    }

    /// Returns at most `limit` log lines starting at an entry, the earliest first.
    pub fn log(&self, from: Seq, limit: usize) -> Vec<LogEntry> {
        self.opened.room.export_log(from, limit)
    }
}
