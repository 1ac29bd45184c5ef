//! Follows the writes of other nodes: by notification, and by polling the journal's heads, because
//! a lost last notification leaves no gap that would reveal it (I-23, I-30).

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use bus::{Hearing, Listener};
use journal::Health;
use proto::{
    entry::Entry,
    id::{Cursor, RoomId, Seq},
    limit::{LOOK_MS, LOOK_UNWELL_MS},
};
use room::Room;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use crate::{error::Error, hub::Inner, live::Live, open::Opened, witness::Way};

/// What a room knows of its latest head.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// The entry of the last notification; it may be wrong.
    rung: Seq,
    /// The journal's head when last polled.
    seen: Option<Cursor>,
    /// When the first unfollowed change was noticed.
    since: Option<Instant>,
}

impl Heard {
    /// Records when the room may have advanced past this head, unless an earlier change is still
    /// unfollowed.
    fn moves(&mut self, head: Seq) {
        let is_behind = self.rung > head || self.seen.is_some_and(|seen| seen.seq > head);
        if !is_behind || self.since.is_none() {
            self.since = Some(Instant::now());
        }
    }
}

/// Follows the writes of other nodes for as long as the hub exists.
pub(crate) async fn listen(hub: Weak<Inner>, mut listener: Listener) {
    let Some(mut hearing) = hub.upgrade().map(|hub| hub.bus.hearing()) else { return };
    let mut looked = Instant::now();
    loop {
        let pause = match *hearing.borrow_and_update() {
            Hearing::Well => LOOK_MS,
            Hearing::Unwell => LOOK_UNWELL_MS,
        };
        #[cfg(plant = "unwell_unhurried")]
        let pause = pause.max(LOOK_MS);
        // Counted from the last poll, not from the last notification: a busy room does not hide the
        // others.
        let next = looked + Duration::from_millis(pause);
        // Rare events come first, so that frequent ones do not starve them: the bus seldom changes
        // state, and after a poll notifications have the whole interval.
        tokio::select! {
            biased;
            changed = hearing.changed() => if changed.is_err() { return },
            () = sleep_until(next), if cfg!(not(plant = "last_ring_lost")) => {
                let Some(hub) = hub.upgrade() else { return };
                look_at_all(&hub).await;
                looked = Instant::now();
            }
            heard = listener.next() => {
                let Some(hub) = hub.upgrade() else { return };
                match heard {
                    Some(bus::Heard::Moved { room, head }) => {
                        hub.figures.heard();
                        ring(&hub, room, head.seq);
                    }
                    Some(bus::Heard::LoginEnded(_)) => {}
                    Some(bus::Heard::Missed) => {
                        hub.figures.missed();
                        look_at_all(&hub).await;
                    }
                    None => return,
                }
            }
        }
    }
}

/// Notifies a room that it may have advanced. A room that is not open here has nobody waiting for
/// it.
fn ring(hub: &Inner, room: RoomId, rung: Seq) {
    let Some(handle) = hub.handle(room) else { return };
    let head = handle.shared.head.borrow().cursor.seq;
    if rung > head {
        handle.heard.send_modify(|heard| {
            heard.moves(head);
            heard.rung = rung;
        });
    }
}

/// Reads the heads of all open rooms in one query, and notifies each room. A failed read is
/// repeated at the next poll.
async fn look_at_all(hub: &Inner) {
    let rooms = hub.open_rooms();
    if rooms.is_empty() || *hub.journal.health().borrow() == Health::Away {
        return;
    }
    match hub.journal.heads(&rooms).await {
        Ok(heads) => {
            for (room, head) in heads {
                let Some(handle) = hub.handle(room) else { continue };
                let told = handle.shared.head.borrow().cursor;
                handle.heard.send_if_modified(|heard| {
                    // Repeated for as long as the room is behind: its read may have failed, and
                    // nothing else might ever notify it.
                    let is_behind = cfg!(not(plant = "failed_look_kept")) && told.seq < head.seq;
                    let is_news = heard.seen != Some(head) || is_behind;
                    if is_news {
                        heard.moves(told.seq);
                        heard.seen = Some(head);
                    }
                    is_news
                });
            }
        }
        Err(error) => tracing::warn!(%error, "the heads of the open rooms could not be read"),
    }
}

impl Live {
    /// Follows a notification, after checking it against the journal.
    pub(crate) async fn hear(&mut self, heard: &mut watch::Receiver<Heard>) -> Result<(), Error> {
        let Heard { rung, seen, since } = *heard.borrow_and_update();
        let since = since.unwrap_or_else(Instant::now);
        let head = self.opened.head();
        if seen.is_some_and(|seen| seen != head) {
            if seen.is_some_and(|seen| seen.seq > head.seq.max(rung)) {
                self.figures.found();
            }
            self.look_since(since).await.map(drop)
        } else if rung > head.seq {
            let read = self.read_on(Way::Heard { since, is_rung: true }).await;
            self.unless_away(read).map(drop)
        } else {
            Ok(())
        }
    }

    /// Polls the journal if other nodes write it too, and applies what they wrote. Returns whether
    /// the room is at the journal's head; `false` when the journal is unreachable.
    pub(crate) async fn look(&mut self) -> Result<bool, Error> {
        self.look_since(Instant::now()).await
    }

    /// Polls; `since` is when the change could first have been noticed.
    async fn look_since(&mut self, since: Instant) -> Result<bool, Error> {
        if cfg!(plant = "stale_shown") || !self.journal.is_shared() {
            return Ok(true);
        }
        if *self.journal.health().borrow() == Health::Away {
            return Ok(false);
        }
        let looked = self.catch_up(Way::Heard { since, is_rung: false }).await;
        self.unless_away(looked)
    }

    /// Reads up to a head reported by the journal.
    pub(crate) async fn reach(&mut self, head: Cursor) -> Result<(), Error> {
        if head.seq <= self.opened.head().seq {
            return self.look().await.map(drop);
        }
        let read = self.read_on(Way::Heard { since: Instant::now(), is_rung: false }).await;
        self.unless_away(read).map(drop)
    }

    /// Tolerates a failed read, which is repeated the next time; screens are read-only meanwhile.
    /// Returns whether it was read.
    fn unless_away(&self, looked: Result<(), Error>) -> Result<bool, Error> {
        match looked {
            Err(Error::Journal(
                error @ (journal::Error::Away(_) | journal::Error::Read { .. }),
            )) => {
                tracing::warn!(room = %self.id, %error, "the room could not be read on");
                Ok(false)
            }
            other => other.map(|()| true),
        }
    }

    /// Reads up to the journal's head.
    async fn catch_up(&mut self, way: Way) -> Result<(), Error> {
        let head = self.journal.head(self.id).await?.unwrap_or_default();
        let ours = self.opened.head();
        if head == ours {
            Ok(())
        } else if head.seq > ours.seq {
            self.read_on(way).await
        } else {
            Err(self.other_history())
        }
    }

    /// Applies what others wrote, and publishes it.
    async fn read_on(&mut self, way: Way) -> Result<(), Error> {
        let (from, journal) = (self.opened.head().seq, Arc::clone(&self.journal));
        let (settled, watch, mut watched) = (&mut self.settled, &self.watch, Vec::new());
        let apply = |room: &mut Room, entry: &Entry| {
            room.apply(entry);
            if let Some(settled) = settled {
                settled.room.apply(entry);
            }
            if watch.is_on(entry.command) {
                watched.push((entry.command, entry.seq));
            }
        };
        let read = self.opened.follow(journal.as_ref(), self.id, Seq(u64::MAX), apply).await;
        if let Some(settled) = &mut self.settled {
            settled.stands_with(&self.opened);
        }
        self.tell(from, way, watched)?;
        read
    }

    /// The journal holds a different history from the one shown, as after an older copy was
    /// restored: the room ends here, and returning screens are checked by their tags (I-32).
    fn other_history(&self) -> Error {
        let words = format!("the journal of room {} holds another history than before", self.id);
        tracing::error!(room = %self.id, "{words}");
        journal::Error::Broken(words).into()
    }

    /// Returns to the journalled state, after a batch that was not written.
    pub(crate) async fn go_back(&mut self) -> Result<(), Error> {
        self.opened = match &self.settled {
            Some(settled) => settled.clone(),
            None => Opened::from_journal(self.journal.as_ref(), self.id).await?,
        };
        Ok(())
    }
}
