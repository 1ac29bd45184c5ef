//! The only task of a node that writes entries. It takes everything queued, one batch per room, and
//! writes it by one statement; and it resolves commits whose connection was lost.

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

/// Batches in the queue; further callers wait for a place.
const QUEUE_MAX: usize = 1024;
/// Batches in one statement: with more, a commit takes longer than the batches behind it should
/// wait.
const GROUP_MAX: usize = 512;
/// Bytes of bodies in one statement, for the same reason.
const GROUP_BYTES_MAX: usize = 1024 * 1024;
/// How long to retry a batch that certainly did not reach the database: about as long as a database
/// takes to restart.
const AWAY_AFTER: Duration = Duration::from_secs(2);
/// How long to try to resolve an unknown commit. Whatever a lost connection left behind has ended
/// by then, unless its machine is frozen.
const UNKNOWN_AFTER: Duration = Duration::from_secs(10);
/// Attempts at a batch that the database refuses.
const TRIES_MAX: u32 = 8;
/// Attempts after which it is tried alone: the database may refuse another batch of the group.
const TRIES_TOGETHER: u32 = 3;
/// A batch, the head that it leads to, and the reply channel.
#[derive(Debug)]
struct Queued {
    batch: Batch,
    reached: Head,
    reply: oneshot::Sender<Result<Cursor, Error>>,
    /// When it was first tried.
    since: Option<Instant>,
    /// How often the database refused it.
    tries: u32,
    /// Why its commit is in doubt, when it was sent on a connection that was lost.
    doubt: Option<String>,
}

/// The handle to the writer task. Dropping it lets the queue be written.
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
        let ended = || Error::Stopped("the writer task has ended".to_owned());
        let (reply, answer) = oneshot::channel();
        let queued = Queued { batch, reached, reply, since: None, tries: 0, doubt: None };
        self.jobs.send(queued).await.map_err(|_| ended())?;
        let lost = || Error::Unknown("the writer task ended without a reply".to_owned());
        answer.await.map_err(|_| lost())?
    }
}

/// Fails fast while the database is known to be away: the watchman notices when it is back.
fn check_there(health: Health) -> Result<(), Error> {
    match health {
        Health::Writable | Health::Full => Ok(()),
        Health::Away => Err(Error::Away("the connection is being retried".to_owned())),
        Health::Stopped => Err(Error::Stopped("it has ended".to_owned())),
    }
}

/// The task's state.
struct Desk {
    address: Arc<Address>,
    queue: mpsc::Receiver<Queued>,
    health: watch::Sender<Health>,
    /// Batches to retry, and batches of rooms that already had one in the previous group.
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

    /// Returns the next group, one batch per room; `None` when all senders are gone.
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
            // Later batches of a room stay behind it, even when it is deferred itself.
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

    /// Fails the batches that are not in doubt while the database is away; returns the others.
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

    /// Writes a group and returns the result, from which the backoff follows.
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

    /// Replies to the batches that were written or cannot be; the rest are retried.
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

    /// Returns whether a batch sent on a lost connection was committed: by the chain value of its
    /// last entry, which no other entry has, or by the outcomes of its commands.
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

    /// Replies to the batches that have failed for good, and keeps the others for a retry.
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
            // The batches that waited long enough have failed; later ones fail fast.
            self.set_health(failed.health().unwrap_or(Health::Away));
        }
        self.put_back(left);
        if is_news { Came::News } else { Came::Nothing }
    }

    /// Retries go before batches that have not been tried.
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
    /// Returns the batch for a retry after this failure, or fails it when it was tried long enough.
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

    /// Replies that it is committed; a batch without entries does not move the head.
    fn accept(self) {
        let is_empty = self.batch.entries.is_empty();
        let cursor = if is_empty { self.batch.after } else { self.reached.cursor() };
        self.answer(Ok(cursor));
    }

    /// Replies why it was not written after this head. If it follows the head, one of its commands
    /// already has an outcome.
    fn refuse(self, head: Head) {
        let refused = admit(head, &self.batch).map(|_| head.cursor());
        let error = refused.map_or_else(|error| error, Error::Conflict);
        self.answer(Err(error));
    }

    /// Replies with this error if it is certain that the batch was not committed, otherwise with
    /// "unknown" (I-13).
    fn give_up(self, certain: Error) {
        let error = match &self.doubt {
            Some(words) => Error::Unknown(words.clone()),
            None => certain,
        };
        self.answer(Err(error));
    }

    /// Replies. The caller may be gone; what was written stays written.
    fn answer(self, told: Result<Cursor, Error>) {
        drop(self.reply.send(told));
    }
}

/// Returns the error for a batch that was refused repeatedly, even when tried alone.
fn refused_for_good(batch: &Batch, failed: &Failed) -> Error {
    if matches!(failed, Failed::Refused { state, .. } if *state == SqlState::UNIQUE_VIOLATION) {
        return Error::Broken(format!(
            "the database has entries or outcomes of room {} that its head does not cover ({failed}); \
             verify it",
            batch.room
        ));
    }
    Error::Away(failed.to_string())
}
