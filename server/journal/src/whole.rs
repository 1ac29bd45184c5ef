//! Everything that a store keeps, as one stream: for backups, and for moving from one kind of store to another.
//!
//! The stream is the same whatever store it comes from: entries by room and number, then outcomes, invites,
//! logins, readings of cards and documents, each kind in its own order, then how much it was. Two stores hold
//! the same when their streams have the same sum.

use async_trait::async_trait;
use proto::id::{CommandId, DeviceId, MemberId, PersonId, RoomId, Seq, Time};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{Receiver, Sender, channel};

mod check;
mod hex;
mod page;

pub use check::Check;
pub(crate) use page::Spout;

/// Records that are handed on together.
pub type Page = Vec<Record>;

/// Pages that may wait between who pours and who fills; each is about `limit::WHOLE_PAGE_BYTES`.
const PAGES_WAITING: usize = 2;

/// One thing that a store keeps, as it is kept. What is kept as JSON stays the text that it is, so that nothing
/// is lost which this release does not know.
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
    /// What was decided about a command.
    Outcome {
        /// The room.
        room: RoomId,
        /// The command.
        id: CommandId,
        /// SHA-256 of the command's canonical bytes.
        #[serde(with = "hex")]
        body_hash: [u8; 32],
        /// What was decided.
        outcome: String,
    },
    /// A link that lets somebody in.
    Invite {
        /// SHA-256 of its secret.
        #[serde(with = "hex")]
        secret_hash: [u8; 32],
        /// The room it opens.
        room: RoomId,
        /// What it hands on to its logins.
        pass: String,
        /// How often it can still be redeemed.
        uses_left: Option<u32>,
        /// When it ends.
        expires: Time,
    },
    /// A device that was let in.
    Login {
        /// The device.
        device: DeviceId,
        /// SHA-256 of its token.
        #[serde(with = "hex")]
        token_hash: [u8; 32],
        /// The room it is let into.
        room: RoomId,
        /// What the invite handed on.
        pass: String,
        /// When it was let in.
        created: Time,
        /// When that ends.
        expires: Time,
        /// Whether somebody ended it.
        revoked: bool,
    },
    /// A reading of a card.
    Access {
        /// When.
        at: Time,
        /// In which room.
        room: RoomId,
        /// Whose card.
        person: PersonId,
        /// By whom.
        member: MemberId,
        /// On which device.
        device: DeviceId,
        /// How.
        what: String,
    },
    /// A document on the shelf.
    Document {
        /// What kind of document.
        shelf: String,
        /// Its key.
        key: String,
        /// Its bytes.
        #[serde(with = "hex")]
        body: Vec<u8>,
        /// When it was kept.
        at: Time,
    },
    /// The end: how much there was.
    End(Sum),
}

/// How much was poured, and what.
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
    /// Readings of cards.
    pub accesses: u64,
    /// Documents on the shelf.
    pub documents: u64,
    /// SHA-256 of all of it, in order.
    #[serde(with = "hex")]
    pub digest: [u8; 32],
}

/// Why not everything went from one place to the other.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// A store failed.
    #[error(transparent)]
    Store(#[from] crate::Error),
    /// What came is not what was written.
    #[error("{0}")]
    Broken(String),
    /// There is something already where all of it was to go.
    #[error("{0}")]
    Occupied(String),
    /// It ended before its end.
    #[error("what came ended too early")]
    Short,
    /// Whoever was to take it takes no more; they know why.
    #[error("nobody takes what was read")]
    Unheard,
    /// A file beside the stores failed.
    #[error("{0}")]
    File(String),
}

/// Where everything can come from.
#[async_trait]
pub trait Pour: Send + Sync + std::fmt::Debug {
    /// Hands on everything as it was at one moment, its end last. Whoever writes meanwhile is not held up.
    async fn pour(&self, into: Sender<Page>) -> Result<Sum, Failed>;
}

/// Where everything can go.
#[async_trait]
pub trait Fill: Send + Sync + std::fmt::Debug {
    /// Takes everything, checks it link by link, and reads it back before it says so. Only where nothing is
    /// yet; and all of it or nothing, whenever it is cut short.
    async fn fill(&self, from: Receiver<Page>) -> Result<Sum, Failed>;
}

/// Carries everything from one place to another; returns what that was.
pub async fn carry(from: &dyn Pour, to: &dyn Fill) -> Result<Sum, Failed> {
    let (into, out) = channel(PAGES_WAITING);
    match tokio::join!(from.pour(into), to.fill(out)) {
        (Ok(poured), Ok(filled)) if poured == filled => Ok(filled),
        (Ok(_), Ok(_)) => Err(Failed::Broken("what was written is not what was read".to_owned())),
        // Each side notices that the other has ended; the one that did not only notice knows why.
        (Err(Failed::Unheard) | Ok(_), Err(filling)) => Err(filling),
        (Err(pouring), _) => Err(pouring),
    }
}

/// Takes everything, checks it, and keeps nothing.
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
    /// Returns about how many bytes it takes.
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

/// No person is in it: a body, a pass or a document may name one.
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
