//! A follower: one screen's position in a room. Its memory is a cursor, whatever the room does
//! (I-26).

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

/// The result of joining.
#[derive(Debug)]
pub enum Join {
    /// The screen follows.
    Following(Follower),
    /// The screen needs a snapshot first.
    Resync(Why),
}

/// The next thing to send to a screen.
#[derive(Debug)]
pub enum Step {
    /// Encoded frames, in order; the cursor is after them.
    Frames(Vec<Bytes>),
    /// Nothing: the cursor is at the head.
    UpToDate,
    /// The screen needs a snapshot.
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
    /// The last frames handed out, not yet known to be written.
    unwritten: Option<Unwritten>,
}

/// Frames that were handed to a socket, which may not have taken them yet.
#[derive(Debug)]
struct Unwritten {
    /// When the first of them became durable.
    durable: Instant,
    /// The number of entries they advance the screen by.
    entries: u64,
    /// The delivery counters of entries with a witness.
    deliveries: Vec<Arc<Delivery>>,
}

impl Follower {
    /// Joins a room at a cursor. The follower is counted before the room is queried, so that no
    /// frame after the reply is missed.
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

    /// Returns the cursor: the last entry handed to the screen.
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// Returns the head: never behind the cursor.
    pub fn head(&self) -> Cursor {
        self.shared.head.borrow().cursor
    }

    /// Returns the last entry that changed the roster: when it moves, rights must be checked again
    /// (I-18).
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

    /// Returns the next frames and advances the cursor past them.
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

    /// Records the screen's lag, once its socket has taken the last step. Time while the screen was
    /// away is not counted: that is not the node's lag.
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

    /// Returns the size in bytes of the catch-up frame.
    pub fn missed_bytes(&self) -> usize {
        self.catch_up.as_ref().map_or(0, |frame| frame.text.len())
    }

    /// Queries the room for frames that have left the ring.
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

/// Queries a room for what brings a cursor to its head.
async fn since(
    mailbox: &mpsc::Sender<Read>,
    audience: Audience,
    at: Option<Cursor>,
) -> Result<Since, Error> {
    let (reply, answer) = oneshot::channel();
    mailbox.send(Read::Since { audience, at, reply }).await.map_err(|_| Error::Stopped)?;
    answer.await.map_err(|_| Error::Stopped)?
}
