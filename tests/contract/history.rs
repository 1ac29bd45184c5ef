//! Builds a room's history: batches as the hub would write them.

use std::sync::Arc;

use journal::{Batch, Chain, Decided, Stored};
use proto::{
    id::{CommandId, Cursor, RoomId, Seq},
    outcome::Outcome,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The end of a history, and how to extend it.
#[derive(Debug, Clone)]
pub struct History {
    pub room: RoomId,
    seq: Seq,
    chain: Chain,
}

impl History {
    /// Starts a room whose id is derived from this number.
    pub fn of(room: u128) -> Self {
        Self { room: RoomId(Uuid::from_u128(room)), seq: Seq(0), chain: Chain::default() }
    }

    /// Continues after an entry that was read.
    pub fn after(room: RoomId, last: Option<&Stored>) -> Self {
        let (seq, chain) = last.map_or_else(Default::default, |last| (last.seq, last.chain));
        Self { room, seq, chain }
    }

    /// Returns the end of the history.
    pub fn head(&self) -> Cursor {
        Cursor { seq: self.seq, tag: self.chain.tag() }
    }

    /// Appends this many entries, each with its command's outcome. `salt` makes two histories of
    /// the same length differ.
    pub fn write(&mut self, entries: u64, salt: &str) -> Batch {
        let mut batch = self.nothing();
        for _ in 0..entries {
            let entry = self.entry(salt);
            batch.outcomes.push(accepted(self.command(entry.seq, salt), entry.seq));
            batch.entries.push(entry);
        }
        batch
    }

    /// Returns an empty batch on the head.
    pub fn nothing(&self) -> Batch {
        let after = self.head();
        Batch { room: self.room, after, entries: Vec::new(), outcomes: Vec::new() }
    }

    /// Returns the id of the command behind an entry.
    pub fn command(&self, seq: Seq, salt: &str) -> CommandId {
        let hash = Sha256::digest(format!("{} {seq} {salt}", self.room));
        CommandId(Uuid::from_slice(&hash[..16]).unwrap())
    }

    fn entry(&mut self, salt: &str) -> Stored {
        let seq = self.seq.next();
        let at = 1_760_000_000_000 + seq.0;
        let room = self.room;
        let text =
            format!(r#"{{"at":{at},"events":[],"nonce":"{salt}","room":"{room}","seq":{seq}}}"#);
        let body: Arc<[u8]> = text.into_bytes().into();
        self.chain = self.chain.link(&body);
        self.seq = seq;
        Stored { seq, chain: self.chain, body }
    }
}

/// Returns the outcome "ok" of a command.
pub fn accepted(id: CommandId, seq: Seq) -> Decided {
    Decided { id, body_hash: hash(id), outcome: Outcome::Ok { seq } }
}

/// Returns a stand-in for the hash of a command's body.
pub fn hash(id: CommandId) -> [u8; 32] {
    Sha256::digest(id.0.as_bytes()).into()
}
