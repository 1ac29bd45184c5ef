//! The hash chain that makes tampering visible, and the tag that proves a screen's position.

use proto::id::{RoomId, Seq, Tag};
use sha2::{Digest, Sha256};

use crate::Stored;

/// `SHA-256(previous chain, body)`; 32 zero bytes before entry 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chain(pub [u8; 32]);

impl Chain {
    /// Returns the chain value of an entry with this body that follows this one.
    #[must_use]
    pub fn link(self, body: &[u8]) -> Self {
        Self(Sha256::new().chain_update(self.0).chain_update(body).finalize().into())
    }

    /// Returns the entry's tag: the first 8 bytes.
    pub fn tag(self) -> Tag {
        let [b0, b1, b2, b3, b4, b5, b6, b7, ..] = self.0;
        Tag([b0, b1, b2, b3, b4, b5, b6, b7])
    }
}

impl std::fmt::Display for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Checks a room's entries as they are read: a damaged store is refused, never served (E4).
#[derive(Debug)]
pub(crate) struct Walk {
    room: RoomId,
    expected: Seq,
    before: Option<Chain>,
}

impl Walk {
    /// Starts at this entry, given the chain value of the one before it, if that exists.
    pub(crate) fn begin(room: RoomId, first: Seq, before: Option<Chain>) -> Self {
        Self { room, expected: first, before }
    }

    /// Advances to an entry, or returns an error when it does not follow.
    pub(crate) fn step(&mut self, entry: &Stored) -> Result<(), String> {
        let linked = self.before.is_some_and(|before| before.link(&entry.body) == entry.chain);
        if entry.seq != self.expected || !linked {
            return Err(format!(
                "entry {} of room {} does not follow the one before it: the database is damaged or \
                 was altered; verify it, and restore a backup",
                self.expected, self.room
            ));
        }
        self.before = Some(entry.chain);
        self.expected = self.expected.next();
        Ok(())
    }
}
