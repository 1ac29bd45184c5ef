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

/// A live room, seen from outside.
#[derive(Debug, Clone)]
pub(crate) struct Handle {
    /// Commands have a mailbox of their own: when all screens come back at once and ask where they stand,
    /// what somebody does is not turned away for it.
    commands: mpsc::Sender<Submission>,
    mailbox: mpsc::Sender<Read>,
    /// What is heard of the room's head.
    pub(crate) heard: watch::Sender<Heard>,
    pub(crate) shared: Arc<Shared>,
}

/// A place for a room being opened: whoever comes meanwhile waits for the same fold.
type Opening = Arc<OnceCell<Handle>>;

/// What every copy of the hub shares.
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
    /// Returns a room that is open.
    pub(crate) fn handle(&self, room: RoomId) -> Option<Handle> {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.get(&room)?.get().filter(|handle| !handle.mailbox.is_closed()).cloned()
    }

    /// Returns the rooms that are open.
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
    /// Returns a hub over a journal. Rooms open when somebody asks for them. Where others write the same
    /// journal it listens for them, on the runtime that it is called on.
    pub fn new(journal: Arc<dyn Journal>, bus: bus::Bus, clock: Arc<dyn Clock>) -> Self {
        Self::watched(journal, bus, clock, None)
    }

    /// Returns a hub whose commands somebody may watch.
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

    /// Tells whether commands can be written.
    pub fn writable(&self) -> bool {
        self.inner.journal.writable()
    }

    /// Returns the states that a journal can be in, in words, and which of them this one is in.
    pub fn journal_states(&self) -> [(&'static str, bool); 4] {
        let health = *self.inner.journal.health().borrow();
        journal::Health::ALL.map(|state| (state.word(), state == health))
    }

    /// Tells whether other nodes write the same journal.
    pub fn is_shared(&self) -> bool {
        self.inner.journal.is_shared()
    }

    /// Returns how many bytes the journal takes, where the store itself knows.
    pub fn journal_bytes(&self) -> Option<u64> {
        self.inner.journal.bytes()
    }

    /// Tells whether what other nodes say is heard, or there are none.
    pub fn hears(&self) -> bool {
        *self.inner.bus.hearing().borrow() == bus::Hearing::Well
    }

    /// Returns how many messages from elsewhere were passed over, by reason.
    pub fn rings_dropped(&self) -> [(&'static str, u64); 3] {
        self.inner.bus.dropped().by_reason()
    }

    /// Returns how many rooms are open.
    pub fn rooms_open(&self) -> usize {
        self.inner.open_rooms().len()
    }

    /// Returns how many rooms hold an entry that this release cannot read: a later one wrote it, or it is damaged. Each
    /// counts from when somebody asks for it until it opens.
    pub fn rooms_unread(&self) -> usize {
        self.inner.unread.count()
    }

    /// Returns what this hub counted.
    pub fn figures(&self) -> &Figures {
        &self.inner.figures
    }

    /// Decides commands in order and returns their fates once they are durable. After a `retry` there are
    /// no more fates. [`Error::Stopped`] means that the outcome is unknown (I-13): send them again.
    pub async fn submit(
        &self,
        room: RoomId,
        by: Author,
        commands: Vec<Envelope>,
    ) -> Result<Vec<CommandFate>, Error> {
        self.submit_since(Instant::now(), room, by, commands).await
    }

    /// Submits commands that came in a request whose first byte was there then.
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

    /// Hands commands to their room and waits for what becomes of them.
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

    /// Follows a room as an audience, from a cursor.
    pub async fn join(
        &self,
        room: RoomId,
        audience: Audience,
        at: Option<Cursor>,
    ) -> Result<Join, Error> {
        let handle = self.live(room).await?;
        Follower::join(audience, at, Arc::clone(&handle.shared), &handle.mailbox).await
    }

    /// Returns every row of a room for an audience. Whoever was told of an entry says so: [`Error::Busy`] where
    /// it is not here and the journal cannot be asked for it (I-22).
    pub async fn snapshot(
        &self,
        room: RoomId,
        audience: Audience,
        after: Option<Seq>,
    ) -> Result<Snapshot, Error> {
        self.ask(room, |reply| Read::Snapshot { audience, after, reply }).await?
    }

    /// Returns how many snapshots were encoded since this hub began. However many screens ask, there is
    /// at most one for each room, audience and entry (I-28).
    pub fn snapshots_encoded(&self) -> u64 {
        self.inner.figures.totals().snapshots
    }

    /// Returns a room's head, or `None` for a room that was never opened.
    pub async fn head(&self, room: RoomId) -> Result<Option<Cursor>, Error> {
        let head = self.live(room).await?.shared.head.borrow().cursor;
        Ok(Some(head).filter(|head| head.seq > Seq(0)))
    }

    /// Returns the entry that changed a room's roster last: when it moved, rights must be asked again (I-18).
    pub async fn roster(&self, room: RoomId) -> Result<Seq, Error> {
        Ok(self.live(room).await?.shared.head.borrow().roster)
    }

    /// Tells whether somebody may follow a room as an audience.
    pub async fn may_follow(
        &self,
        room: RoomId,
        who: &Author,
        audience: Audience,
    ) -> Result<bool, Error> {
        let by = *who;
        self.ask(room, |reply| Read::MayFollow { by, audience, reply }).await
    }

    /// Tells whether somebody may let others into a room.
    pub async fn may_let_in(&self, room: RoomId, who: &Author) -> Result<bool, Error> {
        let by = *who;
        self.ask(room, |reply| Read::MayLetIn { by, reply }).await
    }

    /// Returns the row that stands under a key for an audience.
    pub async fn row(
        &self,
        room: RoomId,
        audience: Audience,
        key: Key,
    ) -> Result<Option<Row>, Error> {
        self.ask(room, |reply| Read::Row { audience, key, reply }).await
    }

    /// Tells whether somebody may add homes to a room, and bring in the lists that they are found in.
    pub async fn may_add_homes(&self, room: RoomId, who: &Author) -> Result<bool, Error> {
        let by = *who;
        self.ask(room, |reply| Read::MayAddHomes { by, reply }).await
    }

    /// Returns a person's card as this reader may see it. `None` for somebody unknown and for somebody
    /// not theirs, alike.
    pub async fn card(
        &self,
        room: RoomId,
        who: &Author,
        person: PersonId,
    ) -> Result<Option<Card>, Error> {
        let by = *who;
        self.ask(room, |reply| Read::Card { by, person, reply }).await
    }

    /// Tells whether somebody of the staff registers people, and so may bring in a list of them.
    pub async fn may_register(&self, room: RoomId, who: &Author) -> Result<bool, Error> {
        let by = *who;
        self.ask(room, |reply| Read::MayRegister { by, reply }).await
    }

    /// Returns everybody on the register, for somebody of the staff who registers people; `None` for
    /// anybody else.
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

    /// Returns what reads a room for an export up to and with an entry, off the room's own task: whoever
    /// works in the room does not wait for it.
    pub fn archive(&self, room: RoomId, up_to: Seq) -> Archive {
        Archive::new(Arc::clone(&self.inner.journal), room, up_to)
    }

    /// Counts a member's screen as connected for as long as the answer is kept.
    pub fn attend(&self, room: RoomId, member: MemberId, audience: Audience) -> Attendance {
        self.inner.presence.attend(room, member, audience)
    }

    /// Asks a room something and waits for its answer.
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

    /// Returns the live room, opening it when it is not. A room that stopped is opened again from its
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
