//! Rooms that cannot be read: a later release wrote them, or an entry is damaged.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use proto::id::RoomId;

use crate::error::Error;

/// The rooms with an entry that this release cannot read, each from when it is requested until it
/// opens.
#[derive(Debug, Default)]
pub(crate) struct Unread(Mutex<HashSet<RoomId>>);

impl Unread {
    /// Records whether a room could be opened. An unreachable journal says nothing about its rooms.
    pub(crate) fn tried(&self, room: RoomId, error: Option<&Error>) {
        match error {
            None => {
                self.rooms().remove(&room);
            }
            Some(error @ (Error::Json { .. } | Error::Journal(journal::Error::Broken(_)))) => {
                if self.rooms().insert(room) {
                    tracing::error!(%room, %error, "the room cannot be read");
                }
            }
            Some(Error::NoRoom | Error::Busy | Error::Stopped | Error::Journal(_)) => {}
        }
    }

    /// Returns the number of unreadable rooms.
    pub(crate) fn count(&self) -> usize {
        self.rooms().len()
    }

    fn rooms(&self) -> MutexGuard<'_, HashSet<RoomId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
