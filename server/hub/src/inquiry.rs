//! What a live room may be asked, by message.

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
    /// Who asks.
    pub(crate) by: Author,
    /// The commands.
    pub(crate) commands: Vec<Prepared>,
    /// Since when they wait for their room.
    pub(crate) since: Instant,
    /// Where the answer goes. Dropped without an answer, the outcome is unknown (I-13).
    pub(crate) reply: oneshot::Sender<Answer>,
}

/// What a submission is told.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The fates, in the order of the commands; behind a `retry` there are none.
    pub(crate) fates: Vec<CommandFate>,
    /// Those of them that were decided before, and are told again.
    pub(crate) repeated: Vec<CommandId>,
}

/// How a cursor stands to the room.
#[derive(Debug)]
pub(crate) enum Since {
    /// It is the head.
    Current,
    /// One frame takes it to the head.
    Frame(Framed),
    /// A snapshot is needed.
    Resync(Why),
    /// The room was never opened.
    NoRoom,
}

/// A question that changes nothing.
#[derive(Debug)]
pub(crate) enum Read {
    /// What takes this cursor to the head?
    Since { audience: Audience, at: Option<Cursor>, reply: oneshot::Sender<Result<Since, Error>> },
    /// Every row, for somebody who knows of an entry.
    Snapshot {
        audience: Audience,
        after: Option<Seq>,
        reply: oneshot::Sender<Result<Snapshot, Error>>,
    },
    /// May they follow?
    MayFollow { by: Author, audience: Audience, reply: oneshot::Sender<bool> },
    /// May they let others in?
    MayLetIn { by: Author, reply: oneshot::Sender<bool> },
    /// One row.
    Row { audience: Audience, key: Key, reply: oneshot::Sender<Option<Row>> },
    /// May they add homes, and bring lists of homes in?
    MayAddHomes { by: Author, reply: oneshot::Sender<bool> },
    /// One person's card.
    Card { by: Author, person: PersonId, reply: oneshot::Sender<Option<Card>> },
    /// May they register people?
    MayRegister { by: Author, reply: oneshot::Sender<bool> },
    /// Everybody on the register, for whoever registers people.
    Register { by: Author, reply: oneshot::Sender<Option<Register>> },
    /// Older log lines, for the desk.
    Log { before: Seq, limit: usize, reply: oneshot::Sender<Vec<DeskLog>> },
}
