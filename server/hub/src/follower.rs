//! A follower: one screen's position in a room. Its memory is a cursor, whatever the room does (I-26).

use std::sync::{Arc, atomic::Ordering};

use bytes::Bytes;
use proto::{
    frame::Why,
    id::{Cursor, Seq},
    role::Audience,
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};

use crate::{
    delivery::Delivery,
    error::{Ended, Error},
    inquiry::{Read, Since},
    live::{Head, Shared},
    ring::{Framed, Run, Slice},
};

/// The answer to a screen that wants to follow.
#[derive(Debug)]
pub enum Join {
    /// It follows.
    Following(Follower),
    /// It fetches a snapshot first.
    Resync(Why),
}

/// What a follower writes next.
#[derive(Debug)]
pub enum Step {
    /// Ready frames, in order; the cursor stands after them.
    Frames(Vec<Bytes>),
    /// Nothing: the cursor is the head.
    UpToDate,
    /// The screen fetches a snapshot.
    Resync(Why),
}

/// A position in a room, for one audience.
#[derive(Debug)]
pub struct Follower {
    audience: Audience,
    cursor: Cursor,
    shared: Arc<Shared>,
    wake: watch::Receiver<Head>,
    mailbox: mpsc::WeakSender<Read>,
    catch_up: Option<Box<Framed>>,
    /// What was handed out last and is not known to be written.
    unwritten: Option<Unwritten>,
}

/// Frames that a socket was given and may not have taken yet.
#[derive(Debug)]
struct Unwritten {
    /// Since when the first of them is durable.
    durable: Instant,
    /// How many entries they take the screen on.
    entries: u64,
    /// What counts the sockets that have them, for those that somebody watches.
    deliveries: Vec<Arc<Delivery>>,
}

impl Follower {
    /// Joins a room at a cursor. The follower counts before the room is asked, so that no frame after the
    /// answer is missed.
    pub(crate) async fn join(
        audience: Audience,
        at: Option<Cursor>,
        shared: Arc<Shared>,
        mailbox: &mpsc::Sender<Read>,
    ) -> Result<Join, Error> {
        shared.count(audience).fetch_add(1, Ordering::AcqRel);
        let mut follower = Self {
            audience,
            cursor: at.unwrap_or_default(),
            wake: shared.wake.subscribe(),
            shared,
            mailbox: mailbox.downgrade(),
            catch_up: None,
            unwritten: None,
        };
        match since(mailbox, audience, at).await? {
            Since::Current => {}
            Since::Frame(frame) => follower.catch_up = Some(Box::new(frame)),
            Since::Resync(why) => return Ok(Join::Resync(why)),
            Since::NoRoom => return Err(Error::NoRoom),
        }
        Ok(Join::Following(follower))
    }

    /// Returns the cursor: the last entry written to the screen.
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// Returns the head: never behind the cursor.
    pub fn head(&self) -> Cursor {
        self.shared.head.borrow().cursor
    }

    /// Returns the entry that changed the roster last: when it moved, rights must be asked again (I-18).
    pub fn roster(&self) -> Seq {
        self.shared.head.borrow().roster
    }

    /// Waits until there is something after the cursor. Cancel safe.
    pub async fn changed(&mut self) -> Result<(), Ended> {
        if self.catch_up.is_some() {
            return Ok(());
        }
        let cursor = self.cursor.seq;
        let moved = self.wake.wait_for(|head| head.ended || head.cursor.seq > cursor).await;
        if moved.map_err(|_| Ended)?.ended { Err(Ended) } else { Ok(()) }
    }

    /// Returns the next frames and moves the cursor after them.
    pub async fn step(&mut self) -> Result<Step, Ended> {
        if let Some(frame) = self.catch_up.take() {
            self.cursor = frame.to;
            return Ok(Step::Frames(vec![frame.text]));
        }
        match self.shared.ring(self.audience).slice(self.cursor) {
            Slice::Frames(Run { frames, to, durable, deliveries }) => {
                let entries = to.seq.0.saturating_sub(self.cursor.seq.0);
                self.unwritten = Some(Unwritten { durable, entries, deliveries });
                self.cursor = to;
                Ok(Step::Frames(frames))
            }
            Slice::End => Ok(Step::UpToDate),
            Slice::Behind => self.catch_up().await,
        }
    }

    /// Counts how late the screen was, once its socket has taken the last step. What a screen missed while
    /// it was away is not counted: that is its own time and not the node's.
    pub fn written(&mut self) {
        if let Some(Unwritten { durable, entries, deliveries }) = self.unwritten.take() {
            let now = Instant::now();
            let took = now.saturating_duration_since(durable);
            self.shared.figures.written(self.audience, took, entries);
            for delivery in deliveries {
                delivery.written(now);
            }
        }
    }

    /// Returns how many bytes take this screen from where it was to the head.
    pub fn missed_bytes(&self) -> usize {
        self.catch_up.as_ref().map_or(0, |frame| frame.text.len())
    }

    /// Asks the room for what the ring no longer holds.
    async fn catch_up(&mut self) -> Result<Step, Ended> {
        let mailbox = self.mailbox.upgrade().ok_or(Ended)?;
        match since(&mailbox, self.audience, Some(self.cursor)).await.map_err(|_| Ended)? {
            Since::Current => Ok(Step::UpToDate),
            Since::Frame(frame) => {
                self.cursor = frame.to;
                Ok(Step::Frames(vec![frame.text]))
            }
            Since::Resync(why) => Ok(Step::Resync(why)),
            Since::NoRoom => Err(Ended),
        }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.shared.count(self.audience).fetch_sub(1, Ordering::AcqRel);
    }
}

/// Asks a room what takes a cursor to its head.
async fn since(
    mailbox: &mpsc::Sender<Read>,
    audience: Audience,
    at: Option<Cursor>,
) -> Result<Since, Error> {
    let (reply, answer) = oneshot::channel();
    mailbox.send(Read::Since { audience, at, reply }).await.map_err(|_| Error::Stopped)?;
    answer.await.map_err(|_| Error::Stopped)?
}
