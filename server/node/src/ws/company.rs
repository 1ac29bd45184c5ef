//! Presence: what a socket announces, and what a desk sees of the others.

use bytes::Bytes;
use hub::Attendance;
use proto::{id::PersonId, member::Actor, role::Audience};
use tokio::sync::watch;

use super::live::Pass;
use crate::node::Node;

/// A socket among the others of its room.
#[derive(Debug)]
pub(super) struct Company {
    /// Its own presence; a wall has none, because it is not a person.
    own: Option<Attendance>,
    audience: Audience,
    /// The presence of the others; for desks only.
    frames: Option<watch::Receiver<Bytes>>,
}

impl Company {
    pub(super) fn of(node: &Node, pass: &Pass) -> Self {
        let own = match pass.author.actor {
            Actor::Member(member) => Some(node.hub.attend(pass.room, member, pass.audience)),
            Actor::Screen | Actor::System | Actor::Importer => None,
        };
        let is_told = pass.audience == Audience::Desk;
        let frames = own.as_ref().filter(|_| is_told).map(Attendance::frames);
        Self { own, audience: pass.audience, frames }
    }

    /// Records a sign of life.
    pub(super) fn heard(&self) {
        if let Some(own) = &self.own {
            own.heard();
        }
    }

    /// Records whose panel is open; returns whether this face may report it.
    pub(super) fn looks_at(&self, person: Option<PersonId>) -> bool {
        match (self.audience, &self.own) {
            (Audience::Desk | Audience::Phone, Some(own)) => {
                own.looks_at(person);
                true
            }
            (Audience::Desk | Audience::Phone | Audience::Wall | Audience::Sitrep, _) => false,
        }
    }

    /// Waits for a change. Cancel safe.
    pub(super) async fn changed(&mut self) {
        match &mut self.frames {
            Some(frames) => {
                if frames.changed().await.is_err() {
                    self.frames = None;
                }
            }
            None => std::future::pending().await,
        }
    }

    /// Returns the current presence frame.
    pub(super) fn frame(&mut self) -> Option<Bytes> {
        let frame = self.frames.as_mut()?.borrow_and_update().clone();
        Some(frame).filter(|frame| !frame.is_empty())
    }
}
