//! A witness observes commands on their way: it is notified of each finished leg, with ids, counts
//! and times alone. A hub without a witness pays one branch per leg.

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

/// Observes commands. It is called from a room's own task, so it must not block.
pub trait Witness: Debug + Send + Sync {
    /// Returns whether a command is observed. Every node returns the same for the same command.
    fn watches(&self, command: CommandId) -> bool;
    /// Records a finished leg.
    fn saw(&self, sighting: Sighting);
    /// Records a delivery that begins. It keeps counting the sockets that received it.
    fn delivers(&self, delivery: Arc<Delivery>);
}

/// A leg of a command's way, as seen on this node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The room.
    pub room: RoomId,
    /// The command.
    pub command: CommandId,
    /// When the leg began.
    pub began: Instant,
    /// When the leg ended.
    pub ended: Instant,
    /// The leg.
    pub leg: Leg,
}

/// A leg of a command's way. It has no field for user content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leg {
    /// The request was received and answered.
    Answered(Answered),
    /// The command waited for its room.
    Waited,
    /// The journal was queried for an earlier outcome.
    Recalled,
    /// The rules decided it.
    Decided,
    /// The journal committed it, in a batch.
    Committed {
        /// Commands of the batch.
        commands: usize,
        /// Entries of the batch.
        entries: usize,
        /// The number of attempts at its batch, this one included.
        tried: u32,
        /// The label of the result.
        result: &'static str,
    },
    /// Its entry was put into frames, and the room's screens were woken.
    Told {
        /// The entry.
        seq: Seq,
    },
    /// The same on another node, which followed the entry.
    Heard {
        /// The entry.
        seq: Seq,
        /// Whether a notification announced it, and not a poll of the journal.
        is_rung: bool,
    },
}

/// How a command was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Its kind on the wire.
    pub kind: Box<str>,
    /// Its fate; `None` when it is unknown.
    pub became: Option<Became>,
    /// Why the rules refused it.
    pub code: Option<Code>,
    /// Milliseconds it waited on its device, by the clocks of both.
    pub late_ms: Option<i64>,
    /// Whether it was decided for this request, and not for an earlier one.
    pub is_first: bool,
}

/// The witness of a hub, if it has one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch(pub(crate) Option<Arc<dyn Witness>>);

/// An observed command that has not been answered yet.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Its index in its request.
    at: usize,
    command: CommandId,
    kind: Box<str>,
    late_ms: Option<i64>,
}

/// How entries reached a room's head.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    /// They were written here.
    Written,
    /// Another node wrote them.
    Heard {
        /// When this node could first have known.
        since: Instant,
        /// Whether a notification announced them.
        is_rung: bool,
    },
}

impl Watch {
    /// Returns whether a command is observed.
    pub(crate) fn is_on(&self, command: CommandId) -> bool {
        self.0.as_ref().is_some_and(|witness| witness.watches(command))
    }

    /// Returns the time if a command is observed, as the start of a leg.
    pub(crate) fn begins(&self, command: CommandId) -> Option<Instant> {
        self.is_on(command).then(Instant::now)
    }

    /// Reports a leg that began then and is over.
    pub(crate) fn saw(&self, room: RoomId, command: CommandId, began: Instant, leg: Leg) {
        if let Some(witness) = &self.0 {
            witness.saw(Sighting { room, command, began, ended: Instant::now(), leg });
        }
    }

    /// Reports a leg that all observed commands of a batch took.
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

    /// Returns what must be kept of commands until they are answered.
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

    /// Reports how commands were answered; no answer means that the outcome is unknown.
    pub(crate) fn answered(
        &self,
        room: RoomId,
        received: Instant,
        asked: Vec<Asked>,
        answer: Option<&Answer>,
    ) {
        for Asked { at, command, kind, late_ms } in asked {
            // Commands after a `retry` have no fate.
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

    /// Starts a delivery of observed entries to an audience.
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

    /// Reports that observed entries were published to this node's screens.
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
