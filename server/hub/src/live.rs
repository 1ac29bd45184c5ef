//! The live room: the only task that changes a room. Always in the order decide, append, apply,
//! publish.

use std::{
    collections::HashMap,
    future::ready,
    sync::{Arc, atomic::Ordering},
};

use journal::Journal;
use proto::{
    frame::Why,
    id::{CommandId, Cursor, RoomId, Seq},
    limit::{BATCH_COMMANDS_MAX, COALESCE_MS},
    role::Audience,
};
use tokio::{
    sync::{mpsc, watch},
    time::{Duration, Instant, MissedTickBehavior, interval, sleep},
};

use crate::{
    clock::Clock,
    error::Error,
    figures::Figures,
    frames::{self, Snapshot},
    heard::Heard,
    inquiry::{Read, Since, Submission},
    open::Opened,
    ring::{Ring, Told},
    time::Ahead,
    witness::{Watch, Way},
};

/// Interval between checks of the timers, in milliseconds.
const TIMERS_MS: u64 = 1_000;

/// Queries answered before commands get their turn.
const READS_AT_ONCE: usize = 64;

/// A room's position, as connections see it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// The last published entry.
    pub(crate) cursor: Cursor,
    /// The last entry that changed the roster.
    pub(crate) roster: Seq,
    /// Whether the room has stopped; it is opened again on demand.
    pub(crate) ended: bool,
}

/// The state shared by a live room and its connections: rings to read and a head to wait for.
#[derive(Debug)]
pub(crate) struct Shared {
    wall: Ring,
    desk: Ring,
    phone: Ring,
    sitrep: Ring,
    /// The room's position. It advances before a batch's frames are available, so that nobody takes
    /// a frame without seeing that the roster changed (I-18).
    pub(crate) head: watch::Sender<Head>,
    /// Follows the head, at the pump's pace; connections wait for it.
    pub(crate) wake: watch::Sender<Head>,
    /// The number of followers of each audience.
    pub(crate) followers: [std::sync::atomic::AtomicUsize; 4],
    pub(crate) figures: Arc<Figures>,
}

impl Shared {
    /// Returns rings without followers.
    pub(crate) fn new(head: Head, figures: Arc<Figures>) -> Self {
        Self {
            wall: Ring::default(),
            desk: Ring::default(),
            phone: Ring::default(),
            sitrep: Ring::default(),
            head: watch::Sender::new(head),
            wake: watch::Sender::new(head),
            followers: std::array::from_fn(|_| std::sync::atomic::AtomicUsize::new(0)),
            figures,
        }
    }

    /// Returns an audience's ring.
    pub(crate) const fn ring(&self, audience: Audience) -> &Ring {
        match audience {
            Audience::Wall => &self.wall,
            Audience::Desk => &self.desk,
            Audience::Phone => &self.phone,
            Audience::Sitrep => &self.sitrep,
        }
    }

    /// Returns the number of an audience's followers.
    pub(crate) const fn count(&self, audience: Audience) -> &std::sync::atomic::AtomicUsize {
        let [wall, desk, phone, sitrep] = &self.followers;
        match audience {
            Audience::Wall => wall,
            Audience::Desk => desk,
            Audience::Phone => phone,
            Audience::Sitrep => sitrep,
        }
    }
}

/// A live room.
pub(crate) struct Live {
    pub(crate) id: RoomId,
    /// The state: as journalled, and while a batch is being decided, with the batch applied.
    pub(crate) opened: Opened,
    /// The state as journalled, kept when other nodes write the room too: conflicts are common
    /// there, and folding the room again for each would be slow.
    pub(crate) settled: Option<Opened>,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) bus: bus::Bus,
    pub(crate) shared: Arc<Shared>,
    /// Advances when a batch's frames are available.
    told: watch::Sender<Head>,
    snapshots: HashMap<Audience, Snapshot>,
    pub(crate) figures: Arc<Figures>,
    pub(crate) ahead: Option<Ahead>,
    pub(crate) watch: Watch,
}

/// The sources served in this round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Turns {
    commands: bool,
    questions: bool,
    bells: bool,
    timers: bool,
}

/// A live room's dependencies.
#[derive(Debug)]
pub(crate) struct Means {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) bus: bus::Bus,
    pub(crate) figures: Arc<Figures>,
    pub(crate) watch: Watch,
}

impl Drop for Live {
    /// Signals to connections that the room has ended, however it ended.
    fn drop(&mut self) {
        self.shared.wake.send_modify(|head| head.ended = true);
    }
}

impl Live {
    /// Returns a room that was just folded.
    pub(crate) fn new(id: RoomId, opened: Opened, means: Means) -> Self {
        let Means { journal, clock, bus, figures, watch } = means;
        let settled = journal.is_shared().then(|| opened.clone());
        let head = Head { cursor: opened.head(), roster: opened.room.roster_at(), ended: false };
        let shared = Arc::new(Shared::new(head, Arc::clone(&figures)));
        let snapshots = HashMap::new();
        let told = watch::Sender::new(head);
        let ahead = None;
        Self {
            id,
            opened,
            settled,
            journal,
            clock,
            bus,
            shared,
            told,
            snapshots,
            figures,
            ahead,
            watch,
        }
    }

    /// Serves messages until the hub drops the room or its journal fails. Commands, queries,
    /// notifications and timers take turns, so that no kind starves another: a source that was
    /// served waits until the others are idle. The order is deterministic, so that a storm's
    /// failure can be reproduced.
    pub(crate) async fn run(
        mut self,
        mut submissions: mpsc::Receiver<Submission>,
        mut reads: mpsc::Receiver<Read>,
        mut heard: watch::Receiver<Heard>,
    ) {
        let pump = tokio::spawn(pump(self.told.subscribe(), Arc::clone(&self.shared)));
        let mut timers = interval(Duration::from_millis(TIMERS_MS));
        timers.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut had = Turns::default();
        loop {
            let done = tokio::select! {
                biased;
                first = submissions.recv(), if !had.commands => match first {
                    Some(first) => {
                        had.commands = true;
                        self.take(first, &mut submissions).await
                    }
                    None => break,
                },
                first = reads.recv(), if !had.questions => match first {
                    Some(first) => {
                        had.questions = true;
                        self.answer(first, &mut reads).await
                    }
                    None => break,
                },
                moved = heard.changed(), if !had.bells => match moved {
                    Ok(()) => {
                        had.bells = true;
                        self.hear(&mut heard).await
                    }
                    Err(_) => break,
                },
                _ = timers.tick(), if !had.timers => {
                    had.timers = true;
                    self.raise_timers().await
                }
                // Nobody else is waiting: the round is over.
                () = ready(()), if had != Turns::default() => {
                    had = Turns::default();
                    Ok(())
                }
            };
            if let Err(error) = done {
                tracing::error!(room = %self.id, %error, "the room has stopped");
                break;
            }
        }
        pump.abort();
    }

    /// Writes one submission together with all others that are queued.
    async fn take(
        &mut self,
        first: Submission,
        submissions: &mut mpsc::Receiver<Submission>,
    ) -> Result<(), Error> {
        let mut commands = first.commands.len();
        let mut batch = vec![first];
        while commands < BATCH_COMMANDS_MAX
            && let Ok(next) = submissions.try_recv()
        {
            commands += next.commands.len();
            batch.push(next);
        }
        self.write(batch).await
    }

    /// Answers a query together with others that are queued. If the journal is shared, it is
    /// checked first, so that nobody sees less than what was acknowledged to them (I-22).
    async fn answer(&mut self, first: Read, reads: &mut mpsc::Receiver<Read>) -> Result<(), Error> {
        let mut waiting = vec![first];
        while waiting.len() < READS_AT_ONCE
            && let Ok(next) = reads.try_recv()
        {
            waiting.push(next);
        }
        let is_sure = self.look().await?;
        for read in waiting {
            self.show(read, is_sure);
        }
        Ok(())
    }

    /// Answers one query; the caller may be gone. A caller that knows of a later entry gets an
    /// answer only if the journal confirms it.
    fn show(&mut self, read: Read, is_sure: bool) {
        match read {
            Read::Since { audience, at, reply } => {
                let is_behind = !is_sure && self.is_before(at.map(|at| at.seq));
                let since = if is_behind { Err(Error::Busy) } else { self.since(audience, at) };
                drop(reply.send(since));
            }
            Read::Snapshot { audience, after, reply } => {
                let is_behind = !is_sure && self.is_before(after);
                drop(reply.send(if is_behind {
                    Err(Error::Busy)
                } else {
                    self.snapshot(audience)
                }));
            }
            Read::MayFollow { by, audience, reply } => {
                let may = self.opened.room.may_follow(by.actor, by.ceiling, audience);
                reply.send(may).unwrap_or_default();
            }
            Read::MayLetIn { by, reply } => {
                let may = self.opened.room.may_let_in(by.actor, by.ceiling);
                reply.send(may).unwrap_or_default();
            }
            Read::Row { audience, key, reply } => {
                drop(reply.send(self.opened.room.row(audience, key)));
            }
            Read::MayAddHomes { by, reply } => {
                let may = self.opened.room.may_add_homes(by.actor, by.ceiling);
                reply.send(may).unwrap_or_default();
            }
            Read::Card { by, person, reply } => {
                drop(reply.send(self.opened.room.card(by.actor, by.ceiling, person)));
            }
            Read::MayRegister { by, reply } => {
                let may = self.opened.room.may_register(by.actor, by.ceiling);
                reply.send(may).unwrap_or_default();
            }
            Read::Register { by, reply } => {
                drop(reply.send(self.opened.room.register(by.actor, by.ceiling)));
            }
            Read::Log { before, limit, reply } => {
                drop(reply.send(self.opened.room.log_before(before, limit)));
            }
        }
    }

    /// Returns whether the caller knows of an entry that is not here (I-22).
    fn is_before(&self, known: Option<Seq>) -> bool {
        cfg!(not(plant = "older_shown"))
            && known.is_some_and(|known| known > self.opened.head().seq)
    }

    /// Returns what brings a cursor to the head. Only a cursor whose tag is of this history
    /// continues without a snapshot (I-21).
    fn since(&self, audience: Audience, at: Option<Cursor>) -> Result<Since, Error> {
        let (head, room) = (self.opened.head(), &self.opened.room);
        if head.seq == Seq(0) {
            return Ok(Since::NoRoom);
        }
        self.shared.ring(audience).start(head);
        let Some(at) = at else { return Ok(Since::Resync(Why::NoCursor)) };
        if at.seq > head.seq {
            return Ok(Since::Resync(Why::Ahead));
        }
        let fits = self.opened.tag(at.seq) == Some(at.tag);
        #[cfg(plant = "stale_tag_accepted")]
        let fits = fits || at.seq <= head.seq;
        if !fits {
            return Ok(Since::Resync(Why::OtherHistory));
        }
        if at.seq == head.seq {
            return Ok(Since::Current);
        }
        let touched = room.touched_since(at.seq);
        if touched.len() > room.rows_at_most() {
            return Ok(Since::Resync(Why::Smaller));
        }
        frames::frame(self.id, room, audience, &touched, at.seq, head).map(Since::Frame)
    }

    /// Returns every row, encoded once for each audience and entry (I-28).
    fn snapshot(&mut self, audience: Audience) -> Result<Snapshot, Error> {
        let head = self.opened.head();
        if head.seq == Seq(0) {
            return Err(Error::NoRoom);
        }
        if let Some(kept) = self.snapshots.get(&audience).filter(|kept| kept.cursor == head) {
            return Ok(kept.clone());
        }
        let fresh = frames::snapshot(self.id, &self.opened.room, audience, head)?;
        self.figures.snapshot();
        self.snapshots.insert(audience, fresh.clone());
        Ok(fresh)
    }

    /// Publishes to every followed audience what changed since an entry, advances the head and
    /// wakes the screens. `watched` are the entries with a witness.
    pub(crate) fn tell(
        &mut self,
        from: Seq,
        way: Way,
        watched: Vec<(CommandId, Seq)>,
    ) -> Result<(), Error> {
        let (to, room) = (self.opened.head(), &self.opened.room);
        if to.seq == from {
            return Ok(());
        }
        let touched = room.touched_since(from);
        let durable = Instant::now();
        let watched: Option<Arc<[_]>> = (!watched.is_empty()).then(|| watched.into());
        let head = Head { cursor: to, roster: room.roster_at(), ended: false };
        self.shared.head.send_replace(head);
        for audience in Audience::ALL {
            let ring = self.shared.ring(audience);
            let followers = self.shared.count(audience).load(Ordering::Acquire);
            if followers == 0 {
                ring.stop();
            }
            if ring.runs() {
                let frame = frames::frame(self.id, room, audience, &touched, from, to)?;
                let told = (durable, way);
                let watched = watched.as_ref();
                let delivery = self.watch.delivers(self.id, audience, told, followers, watched);
                ring.push(Told { frame, durable, delivery });
            }
        }
        self.told.send_replace(head);
        self.watch.told(self.id, (durable, way), watched.as_deref().unwrap_or_default());
        Ok(())
    }
}

/// Wakes connections: at once for the first change, then once per coalescing interval. A wake-up
/// may be delayed, but frames are never reordered.
async fn pump(mut told: watch::Receiver<Head>, shared: Arc<Shared>) {
    while told.changed().await.is_ok() {
        let reached = *told.borrow_and_update();
        shared.wake.send_modify(|head| *head = Head { ended: head.ended, ..reached });
        sleep(Duration::from_millis(COALESCE_MS)).await;
    }
}
