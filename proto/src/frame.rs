//! Frames: the messages on the socket. Rows come out here; commands go in over HTTP.

use serde::{Deserialize, Serialize};

use crate::{
    id::{Cursor, PersonId, RoomId, Seq, Tag, Time},
    key::Key,
    presence::Present,
    role::Audience,
    row::Put,
};

/// The subprotocol requested at the upgrade.
pub const SUBPROTOCOL: &str = "muster.v1";
/// This release's version of the protocol.
pub const VERSION: u32 = 1;

/// A frame from the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "frame.ts", optional_fields))]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// The first message, with the protocol version.
    Hello {
        /// The protocol's version.
        v: u32,
    },
    /// Subscribes to a room as an audience, from a cursor or, without one, from a snapshot.
    Sub {
        /// The room.
        room: RoomId,
        /// The audience.
        audience: Audience,
        /// The last entry held and its tag.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Cursor>,
    },
    /// Reports whose panel is open on this screen, for the desks.
    Look {
        /// The room.
        room: RoomId,
        /// The person; none when the panel was closed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
    },
    /// Answers a beat: a sign of life, with the client's cursor.
    Pong {
        /// The client's cursor.
        cursor: Cursor,
    },
}

/// Whether commands are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "frame.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Commands are accepted.
    Live,
    /// Nothing can be written; reading continues.
    ReadOnly,
}

/// Why a client must fetch a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "frame.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The client sent no cursor.
    NoCursor,
    /// The cursor's tag is not of this history (I-21, I-32).
    OtherHistory,
    /// The cursor is ahead of everything this server knows.
    Ahead,
    /// A snapshot is smaller than the missed rows.
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

/// A frame from the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "frame.ts", optional_fields))]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerFrame {
    /// Answers `hello`.
    Welcome {
        /// The protocol's version.
        v: u32,
        /// The server's release; a screen from a different release reloads itself.
        build: String,
        /// The server's time.
        time: Time,
        /// Milliseconds between beats.
        #[cfg_attr(test, ts(type = "number"))]
        beat_ms: u64,
        /// Milliseconds of silence after which a screen shows "not live".
        #[cfg_attr(test, ts(type = "number"))]
        silence_ms: u64,
    },
    /// Changed rows. `from` must equal the client's cursor.
    Rows(Rows),
    /// Sent every few seconds: the head, the time, and whether commands are accepted.
    Beat {
        /// The room.
        room: RoomId,
        /// The head.
        seq: Seq,
        /// The head's tag.
        tag: Tag,
        /// Whether commands are accepted.
        mode: Mode,
        /// The server's time.
        time: Time,
    },
    /// Who is connected, and whose panel they have open; sent to desks, at most once a second. Replaces the
    /// previous one.
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
        /// Reconnect after a random time between these, in milliseconds.
        after_ms: [u32; 2],
    },
}

/// Rows changed between two entries, for one audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "frame.ts"))]
pub struct Rows {
    /// The room.
    pub room: RoomId,
    /// The audience.
    pub audience: Audience,
    /// The entry that the client must hold; 0 in a snapshot.
    pub from: Seq,
    /// The entry that it holds afterwards.
    pub to: Seq,
    /// That entry's tag.
    pub tag: Tag,
    /// Rows to set.
    pub put: Vec<Put>,
    /// Keys of rows to remove.
    pub del: Vec<Key>,
}
