//! The hub: the open rooms of one node.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use journal::Journal;
use proto::{
    command::Envelope,
    id::{Cursor, MemberId, PersonId, RoomId, Seq},
    intake::Register,
    key::Key,
    limit::{MAILBOX_MAX, RETRY_MS},
    log::DeskLog,
    outcome::{CommandFate, Fate},
    person::card::Card,
    role::Audience,
    row::Row,
};
use sha2::{Digest, Sha256};
use tokio::{
    sync::{OnceCell, mpsc, oneshot, watch},
    time::Instant,
};

use crate::{
    archive::Archive,
    author::Author,
    clock::Clock,
    error::Error,
    figures::Figures,
    follower::{Follower, Join},
    frames::Snapshot,
    heard::{self, Heard},
    inquiry::{Answer, Prepared, Read, Submission},
    live::{Live, Means, Shared},
    open::Opened,
    presence::{Attendance, Presence},
    unread::Unread,
    witness::{Watch, Witness},
};

/// A handle to a live room.
#[derive(Debug, Clone)]
pub(crate) struct Handle {
    /// Commands have their own mailbox: when all screens reconnect at once and ask for their
    /// position, commands are not refused for it.
    commands: mpsc::Sender<Submission>,
    mailbox: mpsc::Sender<Read>,
    /// The latest notifications of the room's head.
    pub(crate) heard: watch::Sender<Heard>,
    pub(crate) shared: Arc<Shared>,
}

/// A slot for a room being opened: concurrent callers wait for the same fold.
type Opening = Arc<OnceCell<Handle>>;

/// The state shared by all clones of the hub.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) bus: bus::Bus,
    clock: Arc<dyn Clock>,
    rooms: Mutex<HashMap<RoomId, Opening>>,
    unread: Unread,
    pub(crate) figures: Arc<Figures>,
    presence: Arc<Presence>,
    watch: Watch,
}

impl Inner {
    /// Returns an open room.
    pub(crate) fn handle(&self, room: RoomId) -> Option<Handle> {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.get(&room)?.get().filter(|handle| !handle.mailbox.is_closed()).cloned()
    }

    /// Returns the open rooms.
    pub(crate) fn open_rooms(&self) -> Vec<RoomId> {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let open = rooms
            .iter()
            .filter(|(_, slot)| slot.get().is_some_and(|handle| !handle.mailbox.is_closed()));
        open.map(|(room, _)| *room).collect()
    }
}

/// The live rooms of this node. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub {
    inner: Arc<Inner>,
}

impl Hub {
    /// Returns a hub over a journal. Rooms open on demand. If the journal is shared, it also spawns
    /// a task on the current runtime that follows the other nodes.
    pub fn new(journal: Arc<dyn Journal>, bus: bus::Bus, clock: Arc<dyn Clock>) -> Self {
        Self::watched(journal, bus, clock, None)
    }

    /// Returns a hub with an optional witness.
    pub fn watched(
        journal: Arc<dyn Journal>,
        bus: bus::Bus,
        clock: Arc<dyn Clock>,
        witness: Option<Arc<dyn Witness>>,
    ) -> Self {
        let rooms = Mutex::new(HashMap::new());
        let figures = Arc::default();
        let presence = Arc::new(Presence::new(bus.clone()));
        let watch = Watch(witness);
        let unread = Unread::default();
        let inner =
            Arc::new(Inner { journal, bus, clock, rooms, unread, figures, presence, watch });
        if inner.journal.is_shared() {
            tokio::spawn(heard::listen(Arc::downgrade(&inner), inner.bus.listen()));
        }
        Self { inner }
    }

    /// Returns whether commands can be written.
    pub fn writable(&self) -> bool {
        self.inner.journal.writable()
    }

    /// Returns every state of a journal, and whether this journal is in it.
    pub fn journal_states(&self) -> [(&'static str, bool); 4] {
        let health = *self.inner.journal.health().borrow();
        journal::Health::ALL.map(|state| (state.word(), state == health))
    }

    /// Returns whether other nodes write the same journal.
    pub fn is_shared(&self) -> bool {
        self.inner.journal.is_shared()
    }

    /// Returns the journal's size in bytes, where the store itself knows it.
    pub fn journal_bytes(&self) -> Option<u64> {
        self.inner.journal.bytes()
    }

    /// Returns whether other nodes are received, or there are none.
    pub fn hears(&self) -> bool {
        *self.inner.bus.hearing().borrow() == bus::Hearing::Well
    }

    /// Returns the number of dropped bus messages, by reason.
    pub fn rings_dropped(&self) -> [(&'static str, u64); 3] {
        self.inner.bus.dropped().by_reason()
    }

    /// Returns the number of open rooms.
    pub fn rooms_open(&self) -> usize {
        self.inner.open_rooms().len()
    }

    /// Returns the number of rooms with an entry that this release cannot read: a later release
    /// wrote it, or it is damaged. A room counts from when it is requested until it opens.
    pub fn rooms_unread(&self) -> usize {
        self.inner.unread.count()
    }

    /// Returns this hub's metrics.
    pub fn figures(&self) -> &Figures {
        &self.inner.figures
    }

    /// Decides commands in order and returns their fates once they are durable. A `retry` is the
    /// last fate. [`Error::Stopped`] means that the outcome is unknown (I-13): send them again.
    pub async fn submit(
        &self,
        room: RoomId,
        by: Author,
        commands: Vec<Envelope>,
    ) -> Result<Vec<CommandFate>, Error> {
        self.submit_since(Instant::now(), room, by, commands).await
    }

    /// Submits commands of a request whose first byte arrived at `received`.
    pub async fn submit_since(
        &self,
        received: Instant,
        room: RoomId,
        by: Author,
        commands: Vec<Envelope>,
    ) -> Result<Vec<CommandFate>, Error> {
        let watch = &self.inner.watch;
        let asked = watch.asked(&commands, || self.inner.clock.now());
        let answer = self.decided(room, by, commands).await;
        watch.answered(room, received, asked, answer.as_ref().ok());
        let fates = answer?.fates;
        self.inner.figures.fates(&fates);
        Ok(fates)
    }

    /// Sends commands to their room and waits for their fates.
    async fn decided(
        &self,
        room: RoomId,
        by: Author,
        commands: Vec<Envelope>,
    ) -> Result<Answer, Error> {
        let repeated = Vec::new();
        let Some(first) = commands.first().map(|command| command.id) else {
            return Ok(Answer { fates: Vec::new(), repeated });
        };
        let commands = commands.into_iter().map(prepare).collect::<Result<Vec<_>, Error>>()?;
        let handle = self.live(room).await?;
        let (reply, answer) = oneshot::channel();
        let since = Instant::now();
        match handle.commands.try_send(Submission { by, commands, since, reply }) {
            Ok(()) => answer.await.map_err(|_| Error::Stopped),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(Error::Stopped),
            Err(mpsc::error::TrySendError::Full(_)) => {
                let words = "the room is busy".to_owned();
                let fate = Fate::Retry { after_ms: RETRY_MS, words };
                Ok(Answer { fates: vec![CommandFate { id: first, fate }], repeated })
            }
        }
    }

    /// Joins a room as an audience, from a cursor.
    pub async fn join(
        &self,
        room: RoomId,
        audience: Audience,
        at: Option<Cursor>,
    ) -> Result<Join, Error> {
        let handle = self.live(room).await?;
        Follower::join(audience, at, Arc::clone(&handle.shared), &handle.mailbox).await
    }

    /// Returns every row of a room for an audience. `after` is an entry that the caller knows of:
    /// [`Error::Busy`] when it is not here and the journal is unreachable (I-22).
    pub async fn snapshot(
        &self,
        room: RoomId,
        audience: Audience,
        after: Option<Seq>,
    ) -> Result<Snapshot, Error> {
        self.ask(room, |reply| Read::Snapshot { audience, after, reply }).await?
    }

    /// Returns the number of snapshots encoded. However many screens ask, there is at most one for
    /// each room, audience and entry (I-28).
    pub fn snapshots_encoded(&self) -> u64 {
        self.inner.figures.totals().snapshots
    }

    /// Returns a room's head, or `None` for a room that was never opened.
    pub async fn head(&self, room: RoomId) -> Result<Option<Cursor>, Error> {
        let head = self.live(room).await?.shared.head.borrow().cursor;
        Ok(Some(head).filter(|head| head.seq > Seq(0)))
    }

    /// Returns the last entry that changed the room's roster: when it moves, rights must be checked
    /// again (I-18).
    pub async fn roster(&self, room: RoomId) -> Result<Seq, Error> {
        Ok(self.live(room).await?.shared.head.borrow().roster)
    }

    /// Returns whether the author may follow a room as an audience.
    pub async fn may_follow(
        &self,
        room: RoomId,
        who: &Author,
        audience: Audience,
    ) -> Result<bool, Error> {
        let by = *who;
        self.ask(room, |reply| Read::MayFollow { by, audience, reply }).await
    }

    /// Returns whether the author may let others into a room.
    pub async fn may_let_in(&self, room: RoomId, who: &Author) -> Result<bool, Error> {
        let by = *who;
        self.ask(room, |reply| Read::MayLetIn { by, reply }).await
    }

    /// Returns the row under a key for an audience.
    pub async fn row(
        &self,
        room: RoomId,
        audience: Audience,
        key: Key,
    ) -> Result<Option<Row>, Error> {
        self.ask(room, |reply| Read::Row { audience, key, reply }).await
    }

    /// Returns whether the author may add homes to a room, and import lists of homes.
    pub async fn may_add_homes(&self, room: RoomId, who: &Author) -> Result<bool, Error> {
        let by = *who;
        self.ask(room, |reply| Read::MayAddHomes { by, reply }).await
    }

    /// Returns a person's card as this reader may see it; `None` both for an unknown person and for
    /// one that the reader may not see.
    pub async fn card(
        &self,
        room: RoomId,
        who: &Author,
        person: PersonId,
    ) -> Result<Option<Card>, Error> {
        let by = *who;
        self.ask(room, |reply| Read::Card { by, person, reply }).await
    }

    /// Returns whether the author is staff who register people, and so may import a list of them.
    pub async fn may_register(&self, room: RoomId, who: &Author) -> Result<bool, Error> {
        let by = *who;
        self.ask(room, |reply| Read::MayRegister { by, reply }).await
    }

    /// Returns the whole register to staff who register people; `None` to anybody else.
    pub async fn register(&self, room: RoomId, who: &Author) -> Result<Option<Register>, Error> {
        let by = *who;
        self.ask(room, |reply| Read::Register { by, reply }).await
    }

    /// Returns the desk's log lines before an entry, the latest first.
    pub async fn log(
        &self,
        room: RoomId,
        before: Seq,
        limit: usize,
    ) -> Result<Vec<DeskLog>, Error> {
        self.ask(room, |reply| Read::Log { before, limit, reply }).await
    }

    /// Returns a reader of a room for an export, up to and including an entry. It runs off the
    /// room's own task, so it delays nobody.
    pub fn archive(&self, room: RoomId, up_to: Seq) -> Archive {
        Archive::new(Arc::clone(&self.inner.journal), room, up_to)
    }

    /// Counts a member's screen as connected until the returned guard is dropped.
    pub fn attend(&self, room: RoomId, member: MemberId, audience: Audience) -> Attendance {
        self.inner.presence.attend(room, member, audience)
    }

    /// Sends a query to a room and waits for its reply.
    async fn ask<T>(
        &self,
        room: RoomId,
        read: impl FnOnce(oneshot::Sender<T>) -> Read,
    ) -> Result<T, Error> {
        let handle = self.live(room).await?;
        let (reply, answer) = oneshot::channel();
        handle.mailbox.send(read(reply)).await.map_err(|_| Error::Stopped)?;
        answer.await.map_err(|_| Error::Stopped)
    }

    /// Returns the live room, opening it if needed. A stopped room is opened again from its
    /// journal.
    async fn live(&self, room: RoomId) -> Result<Handle, Error> {
        let opening = {
            let mut rooms = self.inner.rooms.lock().unwrap_or_else(PoisonError::into_inner);
            let slot = rooms.entry(room).or_default();
            if slot.get().is_some_and(|handle| handle.mailbox.is_closed()) {
                *slot = Opening::default();
            }
            Arc::clone(slot)
        };
        let handle = opening.get_or_try_init(|| self.open(room)).await?;
        Ok(handle.clone())
    }

    /// Folds a room from its journal and starts its task.
    async fn open(&self, id: RoomId) -> Result<Handle, Error> {
        let journal = Arc::clone(&self.inner.journal);
        let opened = Opened::from_journal(journal.as_ref(), id).await;
        self.inner.unread.tried(id, opened.as_ref().err());
        let opened = opened?;
        let (clock, bus) = (Arc::clone(&self.inner.clock), self.inner.bus.clone());
        let figures = Arc::clone(&self.inner.figures);
        figures.opened();
        let watch = self.inner.watch.clone();
        let live = Live::new(id, opened, Means { journal, clock, bus, figures, watch });
        let shared = Arc::clone(&live.shared);
        let (commands, submissions) = mpsc::channel(MAILBOX_MAX);
        let (mailbox, reads) = mpsc::channel(MAILBOX_MAX);
        let heard = watch::Sender::default();
        tokio::spawn(live.run(submissions, reads, heard.subscribe()));
        Ok(Handle { commands, mailbox, heard, shared })
    }
}

/// Returns a command with the hash of its canonical bytes.
fn prepare(envelope: Envelope) -> Result<Prepared, Error> {
    let bytes = serde_json::to_vec(&envelope)
        .map_err(|source| Error::Json { attempt: "hashing a command", source })?;
    Ok(Prepared { envelope, body_hash: Sha256::digest(&bytes).into() })
}
