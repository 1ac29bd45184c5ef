//! The only task of a node that writes entries. It takes all that waits, one batch of a room, and writes it
//! by one statement; and it finds out what became of a statement whose connection was lost.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use proto::id::{Cursor, RoomId};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};
use tokio_postgres::{error::SqlState, types::Type};
use uuid::Uuid;

use super::{
    address::Address,
    group::{self, Answer},
    pause::{Came, Pause},
    reader::{digest, get, number},
    session::{Failed, Given, Session},
};
use crate::{
    Batch, Error, Health,
    admit::{Head, admit},
};

/// Batches that may wait; one more waits outside.
const QUEUE_MAX: usize = 1024;
/// Batches in one statement: beyond it a commit takes longer than those behind it like to wait.
const GROUP_MAX: usize = 512;
/// Bytes of bodies in one statement, for the same reason.
const GROUP_BYTES_MAX: usize = 1024 * 1024;
/// How long a database that was certainly not told is tried: about as long as one takes to be started again.
const AWAY_AFTER: Duration = Duration::from_secs(2);
/// How long it is tried to find out what became of a commit. What a lost connection left behind has ended
/// by then, unless the machine that it is on stands still.
const UNKNOWN_AFTER: Duration = Duration::from_secs(10);
/// Times that a batch is tried again that the database refuses.
const TRIES_MAX: u32 = 8;
/// Times after which it is tried alone: it may be another one that the database refuses.
const TRIES_TOGETHER: u32 = 3;
/// A batch, the head that it leads to, and whom to answer.
#[derive(Debug)]
struct Queued {
    batch: Batch,
    reached: Head,
    reply: oneshot::Sender<Result<Cursor, Error>>,
    /// When it was first tried.
    since: Option<Instant>,
    /// How often the database refused it.
    tries: u32,
    /// Why it is not known whether it is in, when it was sent on a connection that was lost.
    doubt: Option<String>,
}

/// The way to the task. Dropping it lets what is queued be written.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Queued>,
    health: watch::Receiver<Health>,
}

impl Writer {
    pub(super) fn start(address: Arc<Address>, health: watch::Sender<Health>) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE_MAX);
        let told = health.subscribe();
        let (later, pause) = (VecDeque::new(), Pause::default());
        let desk = Desk { address, queue, health, later, session: None, pause };
        tokio::spawn(desk.work());
        Self { jobs, health: told }
    }

    /// Writes a batch that leads to this head, and returns the room's head once it is durable.
    pub(super) async fn submit(&self, batch: Batch, reached: Head) -> Result<Cursor, Error> {
        check_there(*self.health.borrow())?;
        let ended = || Error::Stopped("the writing task has ended".to_owned());
        let (reply, answer) = oneshot::channel();
        let queued = Queued { batch, reached, reply, since: None, tries: 0, doubt: None };
        self.jobs.send(queued).await.map_err(|_| ended())?;
        let lost = || Error::Unknown("the writing task ended without an answer".to_owned());
        answer.await.map_err(|_| lost())?
    }
}

/// While the database is known to be away nobody waits for it: the watchman says when it is back.
fn check_there(health: Health) -> Result<(), Error> {
    match health {
        Health::Writable | Health::Full => Ok(()),
        Health::Away => Err(Error::Away("it is tried again and again".to_owned())),
        Health::Stopped => Err(Error::Stopped("it has ended".to_owned())),
    }
}

/// What the task works with.
struct Desk {
    address: Arc<Address>,
    queue: mpsc::Receiver<Queued>,
    health: watch::Sender<Health>,
    /// What is tried again, and batches of rooms that had another one in the group before.
    later: VecDeque<Queued>,
    session: Option<Session>,
    pause: Pause,
}

impl Desk {
    async fn work(mut self) {
        while let Some(group) = self.gather().await {
            let group = self.turn_away(group);
            let came = if group.is_empty() { Came::News } else { self.write(group).await };
            let pause = self.pause.after(came);
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
        }
    }

    /// Returns what waits, one batch of each room; nothing when nobody can send any more.
    async fn gather(&mut self) -> Option<Vec<Queued>> {
        if self.later.is_empty() {
            let next = self.queue.recv().await?;
            self.later.push_back(next);
        }
        while self.later.len() < GROUP_MAX
            && let Ok(queued) = self.queue.try_recv()
        {
            self.later.push_back(queued);
        }
        let (mut group, mut bytes) = (Vec::new(), 0);
        let mut rooms = HashSet::new();
        let mut is_alone = false;
        for mut queued in std::mem::take(&mut self.later) {
            // What comes after it of its room stays behind it, also when it waits itself.
            let is_first = rooms.insert(queued.batch.room);
            let must_be_alone = queued.tries > TRIES_TOGETHER && !group.is_empty();
            if is_first && !must_be_alone && !is_alone && bytes < GROUP_BYTES_MAX {
                is_alone = queued.tries > TRIES_TOGETHER;
                bytes += queued.batch.entries.iter().map(|entry| entry.body.len()).sum::<usize>();
                queued.since.get_or_insert_with(Instant::now);
                group.push(queued);
            } else {
                self.later.push_back(queued);
            }
        }
        Some(group)
    }

    /// Answers those that nothing is known to have become of, while the database is away; returns the others.
    fn turn_away(&self, group: Vec<Queued>) -> Vec<Queued> {
        let health = *self.health.borrow();
        let mut left = Vec::new();
        for queued in group {
            match check_there(health) {
                Err(away) if queued.doubt.is_none() => queued.answer(Err(away)),
                Ok(()) | Err(_) => left.push(queued),
            }
        }
        left
    }

    /// Writes a group, and says what came of it: when nobody was answered, it is better to wait a moment.
    async fn write(&mut self, group: Vec<Queued>) -> Came {
        match self.attempt(&group).await {
            Ok(answers) => self.settle(group, &answers).await,
            Err(failed) => self.fail(group, &failed),
        }
    }

    async fn attempt(&mut self, group: &[Queued]) -> Result<HashMap<RoomId, Answer>, Failed> {
        let batches: Vec<_> = group.iter().map(|one| (&one.batch, &one.reached)).collect();
        let written = group::write(self.session().await?, &batches).await;
        if matches!(written, Err(Failed::Lost(_) | Failed::Away(_) | Failed::Unfit(_))) {
            self.hang_up();
        }
        written
    }

    async fn session(&mut self) -> Result<&Session, Failed> {
        if self.session.as_ref().is_none_or(Session::is_over) {
            self.session = Some(Session::open(&self.address).await?);
        }
        let none = || Failed::Away("there is no connection".to_owned());
        self.session.as_ref().ok_or_else(none)
    }

    fn hang_up(&mut self) {
        if let Some(session) = self.session.take() {
            session.cut();
        }
    }

    /// Answers whoever was written, and whoever cannot be.
    async fn settle(&mut self, group: Vec<Queued>, answers: &HashMap<RoomId, Answer>) -> Came {
        self.set_health(Health::Writable);
        let (mut left, mut busy) = (Vec::new(), 0);
        let all = group.len();
        for queued in group {
            let absent = Answer::Behind(Head::default());
            match answers.get(&queued.batch.room).copied().unwrap_or(absent) {
                Answer::Written => queued.accept(),
                Answer::Behind(head) if queued.doubt.is_none() => queued.refuse(head),
                Answer::Behind(head) => match self.is_in(&queued).await {
                    Ok(true) => queued.accept(),
                    Ok(false) => queued.refuse(head),
                    Err(failed) => left.extend(queued.again(&failed)),
                },
                Answer::Busy => {
                    busy += 1;
                    left.extend(
                        queued.again(&Failed::Away("the room is being written".to_owned())),
                    );
                }
            }
        }
        let came = match left.len() {
            left if left < all => Came::News,
            _ if busy == all => Came::Busy,
            _ => Came::Nothing,
        };
        self.put_back(left);
        came
    }

    /// Asks whether a batch is in that was sent on a connection that was lost: by its last entry, whose
    /// chain value no other entry has, or by the outcomes of its commands.
    async fn is_in(&mut self, queued: &Queued) -> Result<bool, Failed> {
        let Queued { batch, reached, .. } = queued;
        self.session().await?;
        if let Some(session) = &mut self.session {
            session.settle().await?;
        }
        let session = self.session().await?;
        let told = |error: Error| Failed::Away(error.to_string());
        if !batch.entries.is_empty() {
            let sql = "SELECT chain FROM entries WHERE room = $1 AND seq = $2";
            let given: [Given<'_>; 2] =
                [(&batch.room.0, Type::UUID), (&number(reached.seq), Type::INT8)];
            let rows = session.ask(sql, &given).await?;
            let Some(row) = rows.first() else { return Ok(false) };
            return Ok(digest(row, 0).map_err(told)? == reached.chain.0);
        }
        let sql = "SELECT id, body_hash, outcome FROM outcomes WHERE room = $1 AND id = ANY ($2)";
        let ids: Vec<Uuid> = batch.outcomes.iter().map(|decided| decided.id.0).collect();
        let given: [Given<'_>; 2] = [(&batch.room.0, Type::UUID), (&ids, Type::UUID_ARRAY)];
        let rows = session.ask(sql, &given).await?;
        let mut kept = HashSet::new();
        for row in &rows {
            let id: Uuid = get(row, 0).map_err(told)?;
            let outcome: String = get(row, 2).map_err(told)?;
            kept.insert((id, digest(row, 1).map_err(told)?, outcome));
        }
        Ok(batch.outcomes.iter().all(|decided| {
            serde_json::to_string(&decided.outcome)
                .is_ok_and(|outcome| kept.contains(&(decided.id.0, decided.body_hash, outcome)))
        }))
    }

    /// Answers whom nothing can be done for, and keeps the others to be tried again.
    fn fail(&mut self, group: Vec<Queued>, failed: &Failed) -> Came {
        #[cfg(plant = "unknown_taken_for_ok")]
        if matches!(failed, Failed::Lost(_)) {
            group.into_iter().for_each(Queued::accept);
            return Came::News;
        }
        if let Some(health) = failed.health()
            && matches!(failed, Failed::Refused { .. } | Failed::Unfit(_))
        {
            self.hang_up();
            self.set_health(health);
        }
        let all = group.len();
        let left: Vec<_> = group.into_iter().filter_map(|queued| queued.again(failed)).collect();
        let is_news = left.len() < all;
        if is_news && failed.health().is_some() {
            // Who waited long enough has been told; who comes next need not wait as long.
            self.set_health(failed.health().unwrap_or(Health::Away));
        }
        self.put_back(left);
        if is_news { Came::News } else { Came::Nothing }
    }

    /// What is tried again goes before what has not been tried.
    fn put_back(&mut self, left: Vec<Queued>) {
        for queued in left.into_iter().rev() {
            self.later.push_front(queued);
        }
    }

    fn set_health(&self, health: Health) {
        self.health.send_if_modified(|known| std::mem::replace(known, health) != health);
    }
}

impl Queued {
    /// Returns it to be tried again after this, or answers it when it was tried long enough.
    fn again(mut self, failed: &Failed) -> Option<Self> {
        let words = failed.to_string();
        match failed {
            Failed::Refused { .. } if failed.health().is_none() => {
                self.tries += 1;
                if self.tries < TRIES_MAX {
                    return Some(self);
                }
                let error = refused_for_good(&self.batch, failed);
                self.give_up(error);
                return None;
            }
            Failed::Refused { state, .. } if *state == SqlState::DISK_FULL => {
                self.give_up(Error::Full(words));
                return None;
            }
            Failed::Refused { .. } | Failed::Unfit(_) => {
                self.give_up(Error::Away(words));
                return None;
            }
            Failed::Lost(_) => {
                self.doubt = Some(words.clone());
            }
            Failed::Away(_) => {}
        }
        let patience = if self.doubt.is_some() { UNKNOWN_AFTER } else { AWAY_AFTER };
        if self.since.is_some_and(|since| since.elapsed() < patience) {
            return Some(self);
        }
        self.give_up(Error::Away(words));
        None
    }

    /// Answers that it is in; a batch without entries leads nowhere.
    fn accept(self) {
        let is_empty = self.batch.entries.is_empty();
        let cursor = if is_empty { self.batch.after } else { self.reached.cursor() };
        self.answer(Ok(cursor));
    }

    /// Answers why it was not written after this head. If it follows it, one of its commands was decided
    /// already.
    fn refuse(self, head: Head) {
        let refused = admit(head, &self.batch).map(|_| head.cursor());
        let error = refused.map_or_else(|error| error, Error::Conflict);
        self.answer(Err(error));
    }

    /// Answers by this error if it is certain that it is not in, otherwise that nobody knows (I-13).
    fn give_up(self, certain: Error) {
        let error = match &self.doubt {
            Some(words) => Error::Unknown(words.clone()),
            None => certain,
        };
        self.answer(Err(error));
    }

    /// Whoever asked may have gone; what was written stays written.
    fn answer(self, told: Result<Cursor, Error>) {
        drop(self.reply.send(told));
    }
}

/// Why a batch was refused again and again, although it was tried alone.
fn refused_for_good(batch: &Batch, failed: &Failed) -> Error {
    if matches!(failed, Failed::Refused { state, .. } if *state == SqlState::UNIQUE_VIOLATION) {
        return Error::Broken(format!(
            "the database has entries or outcomes of room {} that its head does not know of ({failed}); \
             verify it",
            batch.room
        ));
    }
    Error::Away(failed.to_string())
}
