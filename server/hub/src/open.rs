//! Opening a room: folds its journal into its state, checking every entry against the chain.

use journal::{Chain, Journal};
use proto::{
    entry::Entry,
    id::{Cursor, RoomId, Seq, Tag},
};
use room::Room;

use crate::error::Error;

/// Entries per read.
const READ_ENTRIES: usize = 1_000;

/// A room's state and the proof of its position.
#[derive(Debug, Clone, Default)]
pub(crate) struct Opened {
    /// The state.
    pub(crate) room: Room,
    /// The chain value of the last entry.
    pub(crate) chain: Chain,
    /// The tag of every entry, from number 1.
    tags: Vec<Tag>,
}

#[cfg(plant = "unread_passed_over")]
fn without_events(body: &[u8]) -> serde_json::Result<Entry> {
    let mut read: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(body)?;
    read.retain(|name, _| matches!(name.as_str(), "room" | "seq" | "at" | "nonce"));
    read.insert("actor".to_owned(), serde_json::json!({"is": "system"}));
    read.insert("command".to_owned(), serde_json::json!(uuid::Uuid::nil()));
    read.insert("events".to_owned(), serde_json::json!([]));
    serde_json::from_value(read.into())
}

impl Opened {
    /// Folds a room from its journal.
    pub(crate) async fn from_journal(journal: &dyn Journal, id: RoomId) -> Result<Self, Error> {
        let mut opened = Self::default();
        let apply = |room: &mut Room, entry: &Entry| drop(room.apply(entry));
        opened.follow(journal, id, Seq(u64::MAX), apply).await?;
        Ok(opened)
    }

    /// Folds the journal's entries after the head, up to and including an entry, with the caller's
    /// `apply`. Returns [`journal::Error::Broken`] when an entry does not follow; the entries
    /// before it are applied.
    pub(crate) async fn follow(
        &mut self,
        journal: &dyn Journal,
        id: RoomId,
        up_to: Seq,
        mut apply: impl FnMut(&mut Room, &Entry) + Send,
    ) -> Result<(), Error> {
        loop {
            let from = self.room.head().next();
            let stored = journal.read(id, from, READ_ENTRIES).await?;
            let is_last = stored.len() < READ_ENTRIES;
            for stored in stored {
                let entry = Entry::from_bytes(&stored.body);
                #[cfg(plant = "unread_passed_over")]
                let entry = entry.or_else(|_| without_events(&stored.body));
                let entry =
                    entry.map_err(|source| Error::Json { attempt: "reading an entry", source })?;
                let chain = self.chain.link(&stored.body);
                if chain != stored.chain || entry.seq != self.room.head().next() {
                    let what = format!("entry {} of room {id} is not the one written", stored.seq);
                    return Err(journal::Error::Broken(what).into());
                }
                if entry.seq > up_to {
                    return Ok(());
                }
                apply(&mut self.room, &entry);
                self.stands(chain);
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Applies an entry with a known chain value.
    pub(crate) fn apply(&mut self, entry: &Entry, chain: Chain) {
        self.room.apply(entry);
        self.stands(chain);
    }

    /// Records the chain value of the applied entry.
    fn stands(&mut self, chain: Chain) {
        self.chain = chain;
        self.tags.push(chain.tag());
    }

    /// Copies the position of another state with the same entries.
    pub(crate) fn stands_with(&mut self, other: &Self) {
        self.chain = other.chain;
        let known = self.tags.len();
        self.tags.extend(other.tags.iter().skip(known));
    }

    /// Returns the room's position.
    pub(crate) fn head(&self) -> Cursor {
        let tag = self.tags.last().copied().unwrap_or_default();
        Cursor { seq: self.room.head(), tag }
    }

    /// Returns the tag of an entry, or the zero tag for entry 0.
    pub(crate) fn tag(&self, seq: Seq) -> Option<Tag> {
        let Some(before) = seq.0.checked_sub(1) else { return Some(Tag::default()) };
        usize::try_from(before).ok().and_then(|at| self.tags.get(at)).copied()
    }
}
