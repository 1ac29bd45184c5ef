//! The only thread that writes. It takes everything queued, commits it with one sync, and replies;
//! so batching follows the load, and nothing waits for a timer.

use std::{
    fs::File,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};

use super::{
    group::{self, Done, Failure, Heads, Job},
    lock::Lock,
};
use crate::{Error, Health};

/// Jobs in the queue; further callers wait for a place.
const QUEUE_MAX: usize = 1024;
/// Jobs in one transaction: with more, a commit takes longer than the jobs behind it should wait.
const GROUP_MAX: usize = 512;
/// Bytes of bodies in one transaction, for the same reason.
const GROUP_BYTES_MAX: usize = 1024 * 1024;
/// Bytes that a job adds to the write-ahead log besides its bodies: two pages, as a rule.
const JOB_BYTES: usize = 2 * 4096;
/// Idle time after which the write-ahead log is checkpointed.
const IDLE: Duration = Duration::from_millis(250);
/// Interval between attempts to write while the disk is full.
const PROBE: Duration = Duration::from_secs(1);

/// Bytes that must be free on a disk that was full: one command may fit where several do not, and
/// screens would see the store flap.
const ROOM_BYTES: usize = 1024 * 1024;

/// A job, its reply channel, and its place in the queue.
struct Queued {
    job: Job,
    reply: oneshot::Sender<Result<Done, Error>>,
    _place: OwnedSemaphorePermit,
}

/// The handle to the writer thread. Dropping it waits until the queue has been written.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<Sender<Queued>>,
    places: Arc<Semaphore>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread, which holds the lock as long as it has the connection.
    pub(super) fn start(
        lock: Lock,
        path: &Path,
        connection: Connection,
        checkpoint_bytes: usize,
        health: watch::Sender<Health>,
    ) -> Result<Self, Error> {
        let (jobs, queue) = channel();
        let desk = Desk {
            room: path.with_added_extension("room"),
            connection,
            queue,
            health,
            checkpoint_bytes,
            heads: Heads::default(),
            log_bytes: 0,
            stopped: None,
        };
        let started = std::thread::Builder::new().name("journal".to_owned()).spawn(move || {
            desk.work();
            drop(lock);
        });
        let thread = started.map_err(|error| Error::Stopped(error.to_string()))?;
        let places = Arc::new(Semaphore::new(QUEUE_MAX));
        Ok(Self { jobs: Some(jobs), places, thread: Some(thread) })
    }

    /// Returns the result of the job, once that is durable.
    pub(super) async fn submit(&self, job: Job) -> Result<Done, Error> {
        let ended = || Error::Stopped("the writer thread has ended".to_owned());
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| ended())?;
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or_else(ended)?;
        jobs.send(Queued { job, reply, _place: place }).map_err(|_| ended())?;
        let lost = || Error::Unknown("the writer thread ended without a reply".to_owned());
        answer.await.map_err(|_| lost())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the journal's writer thread panicked");
        }
    }
}

/// The thread's state.
struct Desk {
    /// The file that probes for free disk space.
    room: PathBuf,
    connection: Connection,
    queue: Receiver<Queued>,
    health: watch::Sender<Health>,
    checkpoint_bytes: usize,
    heads: Heads,
    log_bytes: usize,
    stopped: Option<String>,
}

impl Desk {
    fn work(mut self) {
        while let Some(first) = self.wait() {
            let group = self.gather(first);
            self.write(group);
            if self.log_bytes >= self.checkpoint_bytes {
                self.checkpoint("PASSIVE");
            }
        }
        self.checkpoint("TRUNCATE");
    }

    /// Returns the next job; probes or checkpoints while there is none.
    fn wait(&mut self) -> Option<Queued> {
        loop {
            let Some(patience) = self.patience() else { return self.queue.recv().ok() };
            match self.queue.recv_timeout(patience) {
                Ok(queued) => return Some(queued),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) if self.is_full() => self.probe(),
                Err(RecvTimeoutError::Timeout) => self.checkpoint("PASSIVE"),
            }
        }
    }

    fn patience(&self) -> Option<Duration> {
        if self.stopped.is_some() {
            None
        } else if self.is_full() {
            Some(PROBE)
        } else {
            (self.log_bytes > 0).then_some(IDLE)
        }
    }

    fn gather(&self, first: Queued) -> Vec<Queued> {
        let mut bytes = first.job.bytes();
        let mut group = vec![first];
        while group.len() < GROUP_MAX && bytes < GROUP_BYTES_MAX {
            let Ok(queued) = self.queue.try_recv() else { break };
            bytes += queued.job.bytes();
            group.push(queued);
        }
        group
    }

    fn write(&mut self, mut group: Vec<Queued>) {
        while !group.is_empty() {
            if let Some(why) = &self.stopped {
                refuse_all(group, || Error::Stopped(why.clone()));
                return;
            }
            let jobs = group.iter().map(|queued| &queued.job);
            let staged = group::stage(&self.connection, &mut self.heads, jobs);
            match staged.and_then(|answers| group::commit(&self.connection).map(|()| answers)) {
                Ok(answers) => {
                    self.settle(group, answers);
                    return;
                }
                Err(failure) => group = self.fail(group, failure),
            }
        }
    }

    fn settle(&mut self, group: Vec<Queued>, answers: Vec<Result<Done, Error>>) {
        let bytes: usize = group.iter().map(|queued| queued.job.bytes() + JOB_BYTES).sum();
        self.log_bytes = self.log_bytes.saturating_add(bytes);
        self.set_health(Health::Writable);
        for (queued, answer) in group.into_iter().zip(answers) {
            answer_one(queued, answer);
        }
    }

    /// Rolls back and replies; returns the jobs that can be retried without the one that failed.
    fn fail(&mut self, mut group: Vec<Queued>, failure: Failure) -> Vec<Queued> {
        let undone = group::undo(&self.connection, &mut self.heads);
        let failure = match (undone, failure) {
            (_, Failure::Unknown(words)) => Failure::Unknown(words),
            (Err(worse), _) => worse,
            (Ok(()), failure) => failure,
        };
        match failure {
            Failure::Offence { job, words } if job < group.len() => {
                let offender = group.remove(job);
                let error = self.offence(&offender.job, words);
                answer_one(offender, Err(error));
                return group;
            }
            Failure::Full(words) => {
                self.set_health(Health::Full);
                refuse_all(group, || Error::Full(words.clone()));
            }
            Failure::Busy(words) => {
                refuse_all(group, || Error::Locked(format!("the database ({words})")));
            }
            Failure::Faulty(words) | Failure::Offence { words, .. } => {
                self.stop(&words);
                refuse_all(group, || Error::Stopped(words.clone()));
            }
            Failure::Unknown(words) => {
                self.stop(&words);
                refuse_all(group, || Error::Unknown(words.clone()));
            }
        }
        Vec::new()
    }

    /// An admitted batch can violate only one constraint: one of its commands already has an
    /// outcome.
    fn offence(&mut self, job: &Job, words: String) -> Error {
        let Job::Append(batch) = job else { return Error::Broken(words) };
        match self.heads.of(&self.connection, batch.room) {
            Ok(head) => Error::Conflict(head.cursor()),
            Err(error) => Error::Read { attempt: "reading a room's head", source: error.into() },
        }
    }

    /// Stops writing. After a failed sync the kernel may have dropped the dirty pages and would
    /// report the next sync a success; so there is no next one (I-13).
    fn stop(&mut self, words: &str) {
        tracing::error!(
            why = words,
            "the journal accepts no more writes: end this process and check the disk"
        );
        self.stopped = Some(words.to_owned());
        self.set_health(Health::Stopped);
    }

    fn is_full(&self) -> bool {
        *self.health.borrow() == Health::Full
    }

    fn set_health(&self, health: Health) {
        self.health.send_if_modified(|known| std::mem::replace(known, health) != health);
    }

    /// Probes for free disk space, so that an idle store recovers as well.
    fn probe(&mut self) {
        if !self.has_room() {
            return;
        }
        let sql = "BEGIN IMMEDIATE; UPDATE probe SET number = number + 1";
        let opened = self.connection.execute_batch(sql);
        let tried = opened.map_err(|error| Failure::Full(error.to_string()));
        match tried.and_then(|()| group::commit(&self.connection)) {
            Ok(()) => self.set_health(Health::Writable),
            Err(failure) => drop(self.fail(Vec::new(), failure)),
        }
    }

    /// Returns whether a file of `ROOM_BYTES` fits beside the database. Any fault but a full disk
    /// is left for the database to find.
    fn has_room(&self) -> bool {
        if cfg!(plant = "full_by_turns") {
            return true;
        }
        let tried = File::create(&self.room).and_then(|mut file| {
            file.write_all(&vec![0; ROOM_BYTES])?;
            file.sync_all()
        });
        // A leftover file takes space; a failure to remove it shows at the next probe.
        drop(std::fs::remove_file(&self.room));
        let full = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded, ErrorKind::WriteZero];
        tried.map_or_else(|error| !full.contains(&error.kind()), |()| true)
    }

    /// Checkpoints the write-ahead log into the database. A full disk defers it; any other fault
    /// may be a failed sync.
    fn checkpoint(&mut self, mode: &str) {
        if self.stopped.is_some() {
            return;
        }
        self.log_bytes = 0;
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        let Err(error) = self.connection.query_row(&sql, [], |_| Ok(())) else { return };
        if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) {
            self.set_health(Health::Full);
        } else if error.sqlite_error_code() != Some(rusqlite::ErrorCode::DatabaseBusy) {
            self.stop(&error.to_string());
        }
    }
}

/// Replies. The caller may be gone; what was written stays written.
fn answer_one(queued: Queued, answer: Result<Done, Error>) {
    drop(queued.reply.send(answer));
}

fn refuse_all(group: Vec<Queued>, error: impl Fn() -> Error) {
    for queued in group {
        answer_one(queued, Err(error()));
    }
}
