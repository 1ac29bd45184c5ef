//! A store's whole content as one stream: for backups, and for moving between kinds of store.
//!
//! The stream is the same for every kind of store: entries by room and number, then outcomes,
//! invites, logins, card readings and documents, each kind in its own order, then the totals. Two
//! stores hold the same content when their streams have the same sum.

use async_trait::async_trait;
use proto::id::{CommandId, DeviceId, MemberId, PersonId, RoomId, Seq, Time};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{Receiver, Sender, channel};

mod check;
mod hex;
mod page;

pub use check::Check;
pub(crate) use page::Spout;

/// Records sent together.
pub type Page = Vec<Record>;

/// Pages buffered between reader and writer; each is about `limit::WHOLE_PAGE_BYTES`.
const PAGES_WAITING: usize = 2;

/// One stored record. JSON columns stay as text, so that fields unknown to this release survive.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Record {
    /// An entry of a room.
    Entry {
        /// The room.
        room: RoomId,
        /// Its number.
        seq: Seq,
        /// Its chain value.
        #[serde(with = "hex")]
        chain: [u8; 32],
        /// Its body.
        body: String,
    },
    /// A command's outcome.
    Outcome {
        /// The room.
        room: RoomId,
        /// The command.
        id: CommandId,
        /// SHA-256 of the command's canonical bytes.
        #[serde(with = "hex")]
        body_hash: [u8; 32],
        /// The outcome.
        outcome: String,
    },
    /// A link that admits somebody.
    Invite {
        /// SHA-256 of its secret.
        #[serde(with = "hex")]
        secret_hash: [u8; 32],
        /// The room it gives access to.
        room: RoomId,
        /// What it passes on to its logins.
        pass: String,
        /// The redemptions left.
        uses_left: Option<u32>,
        /// When it expires.
        expires: Time,
    },
    /// An admitted device.
    Login {
        /// The device.
        device: DeviceId,
        /// SHA-256 of its token.
        #[serde(with = "hex")]
        token_hash: [u8; 32],
        /// The room it may enter.
        room: RoomId,
        /// What the invite passed on.
        pass: String,
        /// When it was created.
        created: Time,
        /// When it expires.
        expires: Time,
        /// Whether it was revoked.
        revoked: bool,
    },
    /// A card reading.
    Access {
        /// The time.
        at: Time,
        /// The room.
        room: RoomId,
        /// The card's person.
        person: PersonId,
        /// The reader.
        member: MemberId,
        /// The reader's device.
        device: DeviceId,
        /// How it was read.
        what: String,
    },
    /// A document on the shelf.
    Document {
        /// The kind of document.
        shelf: String,
        /// Its key.
        key: String,
        /// Its bytes.
        #[serde(with = "hex")]
        body: Vec<u8>,
        /// When it was stored.
        at: Time,
    },
    /// The end, with the totals.
    End(Sum),
}

/// The totals of a stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// Rooms with an entry.
    pub rooms: u64,
    /// Entries.
    pub entries: u64,
    /// Outcomes.
    pub outcomes: u64,
    /// Invites.
    pub invites: u64,
    /// Logins.
    pub logins: u64,
    /// Card readings.
    pub accesses: u64,
    /// Documents on the shelf.
    pub documents: u64,
    /// SHA-256 of all records, in order.
    #[serde(with = "hex")]
    pub digest: [u8; 32],
}

/// Why a transfer failed.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// A store failed.
    #[error(transparent)]
    Store(#[from] crate::Error),
    /// The stream is not what was written.
    #[error("{0}")]
    Broken(String),
    /// The destination is not empty.
    #[error("{0}")]
    Occupied(String),
    /// The stream ended before its end record.
    #[error("the stream ended too early")]
    Short,
    /// The receiving side has stopped, and knows why.
    #[error("the receiving side has stopped")]
    Unheard,
    /// A file outside the stores failed.
    #[error("{0}")]
    File(String),
}

/// A source of everything.
#[async_trait]
pub trait Pour: Send + Sync + std::fmt::Debug {
    /// Sends a snapshot of everything, its end record last. Does not block writers.
    async fn pour(&self, into: Sender<Page>) -> Result<Sum, Failed>;
}

/// A destination for everything.
#[async_trait]
pub trait Fill: Send + Sync + std::fmt::Debug {
    /// Stores everything, checks it link by link, and reads it back before returning. Requires an
    /// empty destination; all or nothing, even when interrupted.
    async fn fill(&self, from: Receiver<Page>) -> Result<Sum, Failed>;
}

/// Copies everything from one place to another; returns the totals.
pub async fn carry(from: &dyn Pour, to: &dyn Fill) -> Result<Sum, Failed> {
    let (into, out) = channel(PAGES_WAITING);
    match tokio::join!(from.pour(into), to.fill(out)) {
        (Ok(poured), Ok(filled)) if poured == filled => Ok(filled),
        (Ok(_), Ok(_)) => Err(Failed::Broken("what was written is not what was read".to_owned())),
        // Each side notices when the other ends; the error of the side that failed first is the
        // cause.
        (Err(Failed::Unheard) | Ok(_), Err(filling)) => Err(filling),
        (Err(pouring), _) => Err(pouring),
    }
}

/// Checks everything and stores nothing.
#[derive(Debug, Clone, Copy)]
pub struct Nowhere;

#[async_trait]
impl Fill for Nowhere {
    async fn fill(&self, mut from: Receiver<Page>) -> Result<Sum, Failed> {
        let mut check = Check::default();
        while let Some(page) = from.recv().await {
            page.iter().try_for_each(|record| check.take(record))?;
        }
        check.end()
    }
}

impl Record {
    /// Returns the approximate size in bytes.
    pub(crate) fn bytes(&self) -> usize {
        const FIELDS: usize = 200;
        FIELDS
            + match self {
                Self::Entry { body, .. } => body.len(),
                Self::Outcome { outcome, .. } => outcome.len(),
                Self::Invite { pass, .. } | Self::Login { pass, .. } => pass.len(),
                Self::Access { what, .. } => what.len(),
                Self::Document { key, body, .. } => key.len() + body.len(),
                Self::End(_) => 0,
            }
    }
}

/// Prints no personal data: a body, a pass or a document may name a person.
impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Entry { room, seq, .. } => write!(f, "Entry({seq} of {room})"),
            Self::Outcome { room, id, .. } => write!(f, "Outcome({id} in {room})"),
            Self::Invite { room, .. } => write!(f, "Invite({room})"),
            Self::Login { device, .. } => write!(f, "Login({device})"),
            Self::Access { person, at, .. } => write!(f, "Access({person} at {})", at.0),
            Self::Document { shelf, .. } => write!(f, "Document({shelf})"),
            Self::End(sum) => write!(f, "End({sum:?})"),
        }
    }
}
