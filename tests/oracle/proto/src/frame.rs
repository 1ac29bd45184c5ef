//! Frames: one message on the socket. One way out; commands go by HTTP.

use serde::{Deserialize, Serialize};

use crate::{
    id::{Cursor, PersonId, RoomId, Seq, Tag, Time},
    key::Key,
    presence::Present,
    role::Audience,
    row::Put,
};

/// The subprotocol asked for at the upgrade.
pub const SUBPROTOCOL: &str = "muster.v1";
/// The version of the protocol that this release speaks.
pub const VERSION: u32 = 1;

/// What a client says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// The first message: which version is spoken.
    Hello {
        /// The protocol's version.
        v: u32,
    },
    /// Follows a room as an audience, from a cursor or, without one, from a snapshot.
    Sub {
        /// The room.
        room: RoomId,
        /// The audience.
        audience: Audience,
        /// The last entry held and its tag.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Cursor>,
    },
    /// Says whose panel is open on this screen, for the colleagues at the desks to see.
    Look {
        /// The room.
        room: RoomId,
        /// The person; nobody, when the panel was closed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
    },
    /// Answers a beat: the client lives, and stands here.
    Pong {
        /// Where it stands.
        cursor: Cursor,
    },
}

/// Whether commands are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Commands are taken.
    Live,
    /// Nothing can be written; what is shown is true.
    ReadOnly,
}

/// Why a client must fetch a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It came without a cursor.
    NoCursor,
    /// Its cursor's tag is not of this history (I-21, I-32).
    OtherHistory,
    /// Its cursor is ahead of everything this server knows.
    Ahead,
    /// A snapshot is smaller than what it missed.
    Smaller,
}

impl Why {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::NoCursor, Self::OtherHistory, Self::Ahead, Self::Smaller];

    /// Returns the reason's word, as on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoCursor => "no_cursor",
            Self::OtherHistory => "other_history",
            Self::Ahead => "ahead",
            Self::Smaller => "smaller",
        }
    }
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerFrame {
    /// Answers `hello`.
    Welcome {
        /// The protocol's version.
        v: u32,
        /// The server's release; a screen that differs reloads itself.
        build: String,
        /// The server's time.
        time: Time,
        /// Milliseconds between beats.
        beat_ms: u64,
        /// Milliseconds of silence after which a screen says "not live".
        silence_ms: u64,
    },
    /// Rows to replace. `from` must equal the client's cursor.
    Rows(Rows),
    /// Sent every few seconds: the head, the time, and whether commands are taken.
    Beat {
        /// The room.
        room: RoomId,
        /// The head.
        seq: Seq,
        /// The head's tag.
        tag: Tag,
        /// Whether commands are taken.
        mode: Mode,
        /// The server's time.
        time: Time,
    },
    /// Who is connected, and whose panel they have open; to desks, at most once a second. It takes the place of
    /// what was told before.
    Presence {
        /// The room.
        room: RoomId,
        /// Each member, once for each face.
        present: Vec<Present>,
    },
    /// The client must fetch a snapshot and subscribe from it.
    Resync {
        /// The room.
        room: RoomId,
        /// The audience.
        audience: Audience,
        /// Why.
        why: Why,
    },
    /// The node is about to stop.
    Bye {
        /// Why, in words.
        why: String,
        /// Come back after a random time between these, in milliseconds.
        after_ms: [u32; 2],
    },
}

/// Rows changed between two entries, for one audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// The room.
    pub room: RoomId,
    /// The audience.
    pub audience: Audience,
    /// The entry the client must hold; 0 in a snapshot.
    pub from: Seq,
    /// The entry it holds afterwards.
    pub to: Seq,
    /// That entry's tag.
    pub tag: Tag,
    /// Rows that stand from here on.
    pub put: Vec<Put>,
    /// Rows that no longer stand.
    pub del: Vec<Key>,
}
