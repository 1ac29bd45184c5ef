//! Who else is connected: what a socket tells of itself, and what a desk is told.

use bytes::Bytes;
use hub::Attendance;
use proto::{id::PersonId, member::Actor, role::Audience};
use tokio::sync::watch;

use super::live::Pass;
use crate::node::Node;

/// A socket among the others of its room.
#[derive(Debug)]
pub(super) struct Company {
    /// Its own place; a wall has none, for it is nobody.
    own: Option<Attendance>,
    audience: Audience,
    /// What is told of the others; to desks alone.
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

    /// Notes a sign of life.
    pub(super) fn heard(&self) {
        if let Some(own) = &self.own {
            own.heard();
        }
    }

    /// Notes whose panel is open; tells whether this face may say so.
    pub(super) fn looks_at(&self, person: Option<PersonId>) -> bool {
        match (self.audience, &self.own) {
            (Audience::Desk | Audience::Phone, Some(own)) => {
                own.looks_at(person);
                true
            }
            (Audience::Desk | Audience::Phone | Audience::Wall | Audience::Sitrep, _) => false,
        }
    }

    /// Waits until there is something to tell. Safe to cancel.
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

    /// Returns what there is to tell.
    pub(super) fn frame(&mut self) -> Option<Bytes> {
        let frame = self.frames.as_mut()?.borrow_and_update().clone();
        Some(frame).filter(|frame| !frame.is_empty())
    }
}
