//! Who watches a command on its way: told of each leg of it when that is over, by ids, counts and times alone. A hub
//! has a witness or none; with none, each place that would tell it costs a branch.

use std::{fmt::Debug, sync::Arc};

use proto::{
    command::Envelope,
    id::{CommandId, RoomId, Seq, Time},
    outcome::Fate,
    refusal::Code,
    role::Audience,
};
use tokio::time::Instant;

use crate::{
    delivery::Delivery,
    figures::Became,
    inquiry::{Answer, Submission},
};

/// Watches commands. It is called from a room's own task: it must not wait.
pub trait Witness: Debug + Send + Sync {
    /// Tells whether a command is watched. Every node says the same of the same command.
    fn watches(&self, command: CommandId) -> bool;
    /// Takes note of a leg that is over.
    fn saw(&self, sighting: Sighting);
    /// Takes note of a delivery that begins. It goes on counting the sockets that have it.
    fn delivers(&self, delivery: Arc<Delivery>);
}

/// A leg of the way of a command, as it was seen on this node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The room.
    pub room: RoomId,
    /// The command.
    pub command: CommandId,
    /// When the leg began.
    pub began: Instant,
    /// When it was over.
    pub ended: Instant,
    /// What it was.
    pub leg: Leg,
}

/// What happens to a command on its way. There is no place in it for what somebody said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leg {
    /// It was asked, and answered.
    Answered(Answered),
    /// It waited for its room.
    Waited,
    /// The journal was asked whether it had been decided before.
    Recalled,
    /// The rules decided it.
    Decided,
    /// The journal was asked to make it durable, with whatever else was there.
    Committed {
        /// Commands of the batch.
        commands: usize,
        /// Entries of the batch.
        entries: usize,
        /// How often its batch was tried, this time among them.
        tried: u32,
        /// What came of it, in a word.
        result: &'static str,
    },
    /// Its entry was put into frames, and the room's screens woken.
    Told {
        /// The entry.
        seq: Seq,
    },
    /// The same on a node that another node's entry came to.
    Heard {
        /// The entry.
        seq: Seq,
        /// Whether the doorbell told of it, and not a look at the journal.
        is_rung: bool,
    },
}

/// How a command was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// What it is called on the wire.
    pub kind: Box<str>,
    /// What became of it; nothing where nobody knows.
    pub became: Option<Became>,
    /// Why the rules refused it.
    pub code: Option<Code>,
    /// Milliseconds for which it waited on its device, by the clocks of both.
    pub late_ms: Option<i64>,
    /// Whether this request is the one that it was decided for, and not one that came again.
    pub is_first: bool,
}

/// The witness of a hub, if it has one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch(pub(crate) Option<Arc<dyn Witness>>);

/// A watched command that was asked and is not answered yet.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Its place in its request.
    at: usize,
    command: CommandId,
    kind: Box<str>,
    late_ms: Option<i64>,
}

/// How entries came to a room's head.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    /// They were written here.
    Written,
    /// Another node wrote them.
    Heard {
        /// Since when this node could have known.
        since: Instant,
        /// Whether the doorbell told of them.
        is_rung: bool,
    },
}

impl Watch {
    /// Tells whether a command is watched.
    pub(crate) fn is_on(&self, command: CommandId) -> bool {
        self.0.as_ref().is_some_and(|witness| witness.watches(command))
    }

    /// Returns the time if a command is watched, as the beginning of a leg.
    pub(crate) fn begins(&self, command: CommandId) -> Option<Instant> {
        self.is_on(command).then(Instant::now)
    }

    /// Tells of a leg that began then and is over.
    pub(crate) fn saw(&self, room: RoomId, command: CommandId, began: Instant, leg: Leg) {
        if let Some(witness) = &self.0 {
            witness.saw(Sighting { room, command, began, ended: Instant::now(), leg });
        }
    }

    /// Tells of a leg that all watched commands of a batch took.
    pub(crate) fn saw_all(
        &self,
        room: RoomId,
        batch: &[Submission],
        leg: &Leg,
        began: impl Fn(&Submission) -> Instant,
    ) {
        if self.0.is_none() {
            return;
        }
        for submission in batch {
            let ids = submission.commands.iter().map(|command| command.envelope.id);
            for command in ids.filter(|id| self.is_on(*id)) {
                self.saw(room, command, began(submission), leg.clone());
            }
        }
    }

    /// Returns what is kept of commands until they are answered.
    pub(crate) fn asked(&self, commands: &[Envelope], now: impl Fn() -> Time) -> Vec<Asked> {
        let watched = commands.iter().enumerate().filter(|(_, envelope)| self.is_on(envelope.id));
        let asked = watched.map(|(at, envelope)| Asked {
            at,
            command: envelope.id,
            kind: envelope.command.kind().into(),
            late_ms: envelope.happened_at.map(|happened| now().since_ms(happened)),
        });
        asked.collect()
    }

    /// Tells how commands were answered; without an answer nobody knows.
    pub(crate) fn answered(
        &self,
        room: RoomId,
        received: Instant,
        asked: Vec<Asked>,
        answer: Option<&Answer>,
    ) {
        for Asked { at, command, kind, late_ms } in asked {
            // Behind a `retry` none is told.
            let fate = answer.and_then(|answer| answer.fates.get(at)).map(|told| &told.fate);
            let became = fate.map(Became::of);
            let code = match fate {
                Some(Fate::Refused(refusal)) => Some(refusal.code),
                Some(Fate::Ok { .. } | Fate::Dup { .. } | Fate::Retry { .. }) | None => None,
            };
            let is_first = match became {
                Some(Became::Done | Became::Refused) => {
                    answer.is_some_and(|answer| !answer.repeated.contains(&command))
                }
                Some(Became::Repeated | Became::Retry) | None => false,
            };
            let answered = Answered { kind, became, code, late_ms, is_first };
            self.saw(room, command, received, Leg::Answered(answered));
        }
    }

    /// Begins a delivery of watched entries to an audience.
    pub(crate) fn delivers(
        &self,
        room: RoomId,
        audience: Audience,
        told: (Instant, Way),
        followers: usize,
        entries: Option<&Arc<[(CommandId, Seq)]>>,
    ) -> Option<Arc<Delivery>> {
        let (witness, entries) = (self.0.as_ref()?, Arc::clone(entries?));
        let (durable, way) = told;
        let is_heard = matches!(way, Way::Heard { .. });
        let delivery =
            Arc::new(Delivery::new(room, audience, entries, is_heard, durable, followers));
        witness.delivers(Arc::clone(&delivery));
        Some(delivery)
    }

    /// Tells that watched entries were told to the screens of this node.
    pub(crate) fn told(&self, room: RoomId, told: (Instant, Way), entries: &[(CommandId, Seq)]) {
        let (durable, way) = told;
        for (command, seq) in entries.iter().copied() {
            match way {
                Way::Written => self.saw(room, command, durable, Leg::Told { seq }),
                Way::Heard { since, is_rung } => {
                    self.saw(room, command, since, Leg::Heard { seq, is_rung });
                }
            }
        }
    }
}
