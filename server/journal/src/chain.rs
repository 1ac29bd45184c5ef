//! The chain that makes altering an entry visible, and the tag that proves where a screen stands.

use proto::id::Tag;
use sha2::{Digest, Sha256};

/// `SHA-256(previous chain, body)`; 32 zero bytes before entry 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chain(pub [u8; 32]);

impl Chain {
    /// Returns the chain value of the entry with this body after this one.
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
