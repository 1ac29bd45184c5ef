//! A message on the channel: few fixed bytes, ids only, and an authentication code that only nodes
//! can make.
//!
//! `version, kind, sender (16), number (8), payload, HMAC-SHA-256 of all before (32)`; numbers are
//! big-endian.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use proto::{
    id::{Cursor, DeviceId, MemberId, PersonId, RoomId, Seq, Tag},
    limit::{LOOKING_MAX, PRESENT_MAX},
    presence::Present,
    role::Audience,
};
use sha2::Sha256;
use uuid::Uuid;

/// The version of the format that this release writes and reads.
const VERSION: u8 = 1;
/// Length of the authentication code.
const CODE_BYTES: usize = 32;
/// Minimum length of a key: that of the code.
const KEY_BYTES_MIN: usize = 32;

/// The secret that all nodes share: its holder can publish.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a bus key must have at least {KEY_BYTES_MIN} random characters")]
pub struct KeyError;

impl Key {
    /// Parses a key.
    pub fn parse(words: &str) -> Result<Self, KeyError> {
        if words.trim().len() < KEY_BYTES_MIN {
            return Err(KeyError);
        }
        let keyed = Hmac::new_from_slice(words.trim().as_bytes()).map_err(|_| KeyError)?;
        Ok(Self(keyed.chain_update(b"muster doorbell")))
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(hidden)")
    }
}

/// The payload of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// A room advanced.
    Moved { room: RoomId, head: Cursor },
    /// A login was revoked.
    LoginEnded(DeviceId),
    /// More happened than could be listed.
    Missed,
    /// The sender is alive; its echo proves that it receives.
    Beacon,
    /// The presence in a room on the sender's node.
    Shown { room: RoomId, present: Arc<[Present]> },
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The node that sent it.
    pub(crate) sender: Uuid,
    /// Incremented by the sender; a number not above the last one marks an echo or a replay.
    pub(crate) number: u64,
    /// The payload.
    pub(crate) said: Said,
}

/// Why bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The sender does not have the key, or the bytes were changed in transit.
    Forged,
    /// They are from another release.
    Strange,
}

impl Message {
    /// Encodes the message.
    pub(crate) fn encode(&self, key: &Key) -> Vec<u8> {
        let kind = match self.said {
            Said::Moved { .. } => 1,
            Said::LoginEnded(_) => 2,
            Said::Missed => 3,
            Said::Beacon => 4,
            Said::Shown { .. } => 5,
        };
        let mut bytes = vec![VERSION, kind];
        bytes.extend_from_slice(self.sender.as_bytes());
        bytes.extend_from_slice(&self.number.to_be_bytes());
        match &self.said {
            Said::Moved { room, head } => {
                bytes.extend_from_slice(room.0.as_bytes());
                bytes.extend_from_slice(&head.seq.0.to_be_bytes());
                bytes.extend_from_slice(&head.tag.0);
            }
            Said::LoginEnded(device) => bytes.extend_from_slice(device.0.as_bytes()),
            Said::Missed | Said::Beacon => {}
            Said::Shown { room, present } => {
                bytes.extend_from_slice(room.0.as_bytes());
                present.iter().take(PRESENT_MAX).for_each(|present| put(&mut bytes, present));
            }
        }
        let code = key.0.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&code);
        bytes
    }

    /// Decodes a message. The authentication code is verified before anything else.
    pub(crate) fn decode(bytes: &[u8], key: &Key) -> Result<Self, Refused> {
        let (body, code) = bytes.split_last_chunk::<CODE_BYTES>().ok_or(Refused::Forged)?;
        let checked = key.0.clone().chain_update(body).verify_slice(code);
        #[cfg(plant = "ring_unchecked")]
        let checked = checked.or(Ok(()));
        checked.map_err(|_: hmac::digest::MacError| Refused::Forged)?;
        let mut rest = body;
        read(&mut rest).filter(|_| rest.is_empty()).ok_or(Refused::Strange)
    }
}

/// Reads the authenticated part.
fn read(rest: &mut &[u8]) -> Option<Message> {
    let [version, kind] = take(rest)?;
    if version != VERSION {
        return None;
    }
    let sender = Uuid::from_bytes(take(rest)?);
    let number = u64::from_be_bytes(take(rest)?);
    let said = match kind {
        1 => Said::Moved {
            room: RoomId(Uuid::from_bytes(take(rest)?)),
            head: Cursor { seq: Seq(u64::from_be_bytes(take(rest)?)), tag: Tag(take(rest)?) },
        },
        2 => Said::LoginEnded(DeviceId(Uuid::from_bytes(take(rest)?))),
        3 => Said::Missed,
        4 => Said::Beacon,
        5 => Said::Shown { room: RoomId(Uuid::from_bytes(take(rest)?)), present: presents(rest)? },
        _ => return None,
    };
    Some(Message { sender, number, said })
}

/// Writes one connected member: member (16), audience, screens (2), number of people, each person
/// (16).
fn put(bytes: &mut Vec<u8>, present: &Present) {
    let looking = present.looking.get(..LOOKING_MAX).unwrap_or(&present.looking);
    bytes.extend_from_slice(present.member.0.as_bytes());
    bytes.push(face(present.audience));
    bytes.extend_from_slice(&present.screens.to_be_bytes());
    bytes.push(u8::try_from(looking.len()).unwrap_or(0));
    for person in looking {
        bytes.extend_from_slice(person.0.as_bytes());
    }
}

/// Reads members to the end.
fn presents(rest: &mut &[u8]) -> Option<Arc<[Present]>> {
    let mut presents = Vec::new();
    while !rest.is_empty() {
        let member = MemberId(Uuid::from_bytes(take(rest)?));
        let [which] = take(rest)?;
        let audience = Audience::ALL.into_iter().find(|audience| face(*audience) == which)?;
        let screens = u16::from_be_bytes(take(rest)?);
        let [people] = take(rest)?;
        let looking: Option<_> =
            (0..people).map(|_| Some(PersonId(Uuid::from_bytes(take(rest)?)))).collect();
        let looking: Vec<PersonId> = looking?;
        if looking.len() > LOOKING_MAX || presents.len() >= PRESENT_MAX {
            return None;
        }
        presents.push(Present { member, audience, screens, looking });
    }
    Some(presents.into())
}

/// Returns an audience's number.
const fn face(audience: Audience) -> u8 {
    match audience {
        Audience::Wall => 0,
        Audience::Desk => 1,
        Audience::Phone => 2,
        Audience::Sitrep => 3,
    }
}

/// Takes `N` bytes from the front.
fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk()?;
    *rest = left;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::parse("one secret that every node shares, 32").unwrap()
    }

    fn message(said: Said) -> Message {
        Message { sender: Uuid::from_u128(7), number: 41, said }
    }

    fn all() -> [Message; 5] {
        let head = Cursor { seq: Seq(4_182), tag: Tag([1, 2, 3, 4, 5, 6, 7, 8]) };
        [
            message(Said::Moved { room: RoomId(Uuid::from_u128(1)), head }),
            message(Said::LoginEnded(DeviceId(Uuid::from_u128(2)))),
            message(Said::Missed),
            message(Said::Beacon),
            message(Said::Shown {
                room: RoomId(Uuid::from_u128(1)),
                present: [present(&[]), present(&[8, 9])].into(),
            }),
        ]
    }

    fn present(looking: &[u128]) -> Present {
        Present {
            member: MemberId(Uuid::from_u128(3)),
            audience: Audience::Phone,
            screens: 300,
            looking: looking.iter().map(|n| PersonId(Uuid::from_u128(*n))).collect(),
        }
    }

    #[test]
    fn a_presence_message_is_truncated_to_its_limits() {
        let people: Vec<u128> = (0..100).collect();
        let many = vec![present(&people); PRESENT_MAX + 5];
        let said = Said::Shown { room: RoomId(Uuid::from_u128(1)), present: many.into() };
        let bytes = message(said).encode(&key());
        let Said::Shown { present, .. } = Message::decode(&bytes, &key()).unwrap().said else {
            panic!("it is presence");
        };
        assert_eq!((present.len(), present[0].looking.len()), (PRESENT_MAX, LOOKING_MAX));
    }

    #[test]
    fn a_message_round_trips() {
        for message in all() {
            assert_eq!(Message::decode(&message.encode(&key()), &key()), Ok(message));
        }
    }

    #[test]
    fn a_message_with_one_bit_changed_is_rejected() {
        for message in all() {
            let bytes = message.encode(&key());
            for bit in 0..8 * bytes.len() {
                let mut forged = bytes.clone();
                forged[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(Message::decode(&forged, &key()), Err(Refused::Forged), "bit {bit}");
            }
            for cut in 0..bytes.len() {
                assert_eq!(Message::decode(&bytes[..cut], &key()), Err(Refused::Forged));
            }
        }
    }

    #[test]
    fn a_message_under_another_key_is_rejected() {
        let other = Key::parse("another secret that no node shares 32").unwrap();
        for message in all() {
            let bytes = message.encode(&other);
            assert_eq!(Message::decode(&bytes, &key()), Err(Refused::Forged));
        }
    }

    /// I-36
    #[test]
    fn a_message_of_another_release_is_dropped() {
        let signed = |mut body: Vec<u8>| {
            let code = key().0.chain_update(&body).finalize().into_bytes();
            body.extend_from_slice(&code);
            body
        };
        let full = all()[0].encode(&key());
        let body = full[..full.len() - CODE_BYTES].to_vec();
        let mut newer = body.clone();
        newer[0] = VERSION + 1;
        let mut unknown = body.clone();
        unknown[1] = 99;
        let longer = [body.clone(), vec![0]].concat();
        let shorter = body[..body.len() - 1].to_vec();
        for strange in [newer, unknown, longer, shorter, Vec::new()] {
            assert_eq!(Message::decode(&signed(strange), &key()), Err(Refused::Strange));
        }
    }

    #[test]
    fn a_key_must_be_long_and_is_never_shown() {
        assert_eq!(Key::parse(&"x".repeat(31)).err(), Some(KeyError));
        assert_eq!(Key::parse(&format!("  {}  ", "x".repeat(31))).err(), Some(KeyError));
        let key = Key::parse(&"secret".repeat(6)).unwrap();
        assert!(!format!("{key:?}").contains("secret"));
    }
}
