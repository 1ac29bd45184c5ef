//! Opening a room: its journal folded into its state, every entry checked against the chain on the way.

use journal::{Chain, Journal};
use proto::{
    entry::Entry,
    id::{Cursor, RoomId, Seq, Tag},
};
use room::Room;

use crate::error::Error;

/// Entries read at once.
const READ_ENTRIES: usize = 1_000;

/// A room's state and the proof of where it stands.
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

    /// Folds what a room's journal has after its head, up to and with an entry, applying each in the
    /// caller's way. [`journal::Error::Broken`] when that does not follow the head; what came before the
    /// fault is applied.
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

    /// Applies an entry whose chain value is known.
    pub(crate) fn apply(&mut self, entry: &Entry, chain: Chain) {
        self.room.apply(entry);
        self.stands(chain);
    }

    /// Keeps the chain value of the entry that was applied.
    fn stands(&mut self, chain: Chain) {
        self.chain = chain;
        self.tags.push(chain.tag());
    }

    /// Takes the proof of where another state stands that has the same entries.
    pub(crate) fn stands_with(&mut self, other: &Self) {
        self.chain = other.chain;
        let known = self.tags.len();
        self.tags.extend(other.tags.iter().skip(known));
    }

    /// Returns where the room stands.
    pub(crate) fn head(&self) -> Cursor {
        let tag = self.tags.last().copied().unwrap_or_default();
        Cursor { seq: self.room.head(), tag }
    }

    /// Returns the tag of an entry; a zero tag before the first.
    pub(crate) fn tag(&self, seq: Seq) -> Option<Tag> {
        let Some(before) = seq.0.checked_sub(1) else { return Some(Tag::default()) };
        usize::try_from(before).ok().and_then(|at| self.tags.get(at)).copied()
    }
}
