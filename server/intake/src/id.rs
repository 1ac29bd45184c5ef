//! Derived (not random) ids, so that an import is idempotent.

use proto::{
    command::{Command, Envelope},
    id::{CommandId, RoomId},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Returns the SHA-256 of a file's bytes.
pub(super) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Derives a UUID from the room and these parts.
pub fn derived(room: RoomId, parts: &[&[u8]]) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"muster import 1\0");
    hash.update(room.0.as_bytes());
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    Uuid::new_v8(bytes)
}

/// Returns a hash in hex.
pub(super) fn hex(hash: [u8; 32]) -> String {
    let digits = |byte: u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16));
    hash.into_iter().flat_map(digits).flatten().collect()
}

/// Returns an envelope whose id is derived from the room and the command: equal commands have equal ids, and
/// one id never has two bodies.
pub(super) fn envelope(room: RoomId, command: Command) -> Envelope {
    // Serialising a command cannot fail; if it did, the room would refuse the second command with this id.
    let body = serde_json::to_vec(&command).unwrap_or_default();
    let id = CommandId(derived(room, &[b"command", &body]));
    Envelope { id, based_on: None, happened_at: None, late_reason: None, command }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_depend_only_on_their_parts() {
        let (one, two) = (RoomId(Uuid::from_u128(1)), RoomId(Uuid::from_u128(2)));
        assert_eq!(derived(one, &[b"ab", b"c"]), derived(one, &[b"ab", b"c"]));
        assert_ne!(derived(one, &[b"ab", b"c"]), derived(two, &[b"ab", b"c"]));
        assert_ne!(derived(one, &[b"ab", b"c"]), derived(one, &[b"a", b"bc"]));
        assert_eq!(derived(one, &[]).get_version_num(), 8);
    }
}
