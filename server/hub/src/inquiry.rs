//! The messages a live room accepts.

use proto::{
    command::Envelope,
    frame::Why,
    id::{CommandId, Cursor, PersonId, Seq},
    intake::Register,
    key::Key,
    log::DeskLog,
    outcome::CommandFate,
    person::card::Card,
    role::Audience,
    row::Row,
};
use tokio::{sync::oneshot, time::Instant};

use crate::{author::Author, error::Error, frames::Snapshot, ring::Framed};

/// A command with the hash of its canonical bytes.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The command.
    pub(crate) envelope: Envelope,
    /// SHA-256 of its canonical bytes (I-9).
    pub(crate) body_hash: [u8; 32],
}

/// Commands of one request, decided in order.
#[derive(Debug)]
pub(crate) struct Submission {
    /// The author.
    pub(crate) by: Author,
    /// The commands.
    pub(crate) commands: Vec<Prepared>,
    /// When it was queued.
    pub(crate) since: Instant,
    /// The reply channel. Dropped without a reply, the outcome is unknown (I-13).
    pub(crate) reply: oneshot::Sender<Answer>,
}

/// The reply to a submission.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The fates, in the order of the commands; there are none after a `retry`.
    pub(crate) fates: Vec<CommandFate>,
    /// The commands that had been decided before, and got the same answer.
    pub(crate) repeated: Vec<CommandId>,
}

/// A cursor's relation to the room.
#[derive(Debug)]
pub(crate) enum Since {
    /// It is at the head.
    Current,
    /// One frame takes it to the head.
    Frame(Framed),
    /// A snapshot is needed.
    Resync(Why),
    /// The room was never opened.
    NoRoom,
}

/// A read-only query.
#[derive(Debug)]
pub(crate) enum Read {
    /// What brings this cursor to the head?
    Since { audience: Audience, at: Option<Cursor>, reply: oneshot::Sender<Result<Since, Error>> },
    /// Every row, for a caller that knows of an entry.
    Snapshot {
        audience: Audience,
        after: Option<Seq>,
        reply: oneshot::Sender<Result<Snapshot, Error>>,
    },
    /// May the author follow?
    MayFollow { by: Author, audience: Audience, reply: oneshot::Sender<bool> },
    /// May the author let others in?
    MayLetIn { by: Author, reply: oneshot::Sender<bool> },
    /// One row.
    Row { audience: Audience, key: Key, reply: oneshot::Sender<Option<Row>> },
    /// May the author add homes, and import lists of homes?
    MayAddHomes { by: Author, reply: oneshot::Sender<bool> },
    /// One person's card.
    Card { by: Author, person: PersonId, reply: oneshot::Sender<Option<Card>> },
    /// May the author register people?
    MayRegister { by: Author, reply: oneshot::Sender<bool> },
    /// The whole register, for an author who registers people.
    Register { by: Author, reply: oneshot::Sender<Option<Register>> },
    /// Older log lines, for the desk.
    Log { before: Seq, limit: usize, reply: oneshot::Sender<Vec<DeskLog>> },
}
