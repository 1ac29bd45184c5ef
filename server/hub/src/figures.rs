//! The metrics of a hub: counts alone, for the operator. They say nothing about a room or a person.

use std::sync::atomic::{AtomicU64, Ordering};

use proto::{
    outcome::{CommandFate, Fate},
    refusal::Code,
    role::Audience,
};
use tokio::time::Duration;

use crate::measure::{Counts, Histogram};

/// Histogram bounds of a commit, in microseconds: a fast disk takes 200, a cheap one 5,000, a
/// failing one seconds.
const COMMIT_MICROS: [u32; 13] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
    5_000_000,
];
/// Histogram bounds from commit to socket, in microseconds. A flush that takes ten seconds closes
/// its socket, so larger values are rare.
const LAG_MICROS: [u32; 13] = [
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 2_000_000,
    10_000_000,
];
/// Histogram bounds of a screen's lag in entries when it is written to; the ring holds 1,024
/// frames.
const LAG_ENTRIES: [u32; 10] = [1, 2, 5, 10, 25, 50, 100, 250, 1_000, 10_000];
/// Histogram bounds of the commands per commit; the maximum is 512.
const BATCH_COMMANDS: [u32; 10] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/// The kind of a command's fate, for counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// It was done.
    Done,
    /// It had been decided before, and got the same answer.
    Repeated,
    /// The rules refused it.
    Refused,
    /// It was not decided, and is to be sent again.
    Retry,
}

impl Became {
    const ALL: [Self; 4] = [Self::Done, Self::Repeated, Self::Refused, Self::Retry];

    /// Returns the kind of a fate.
    pub(crate) const fn of(fate: &Fate) -> Self {
        match fate {
            Fate::Ok { .. } => Self::Done,
            Fate::Dup { .. } => Self::Repeated,
            Fate::Refused(_) => Self::Refused,
            Fate::Retry { .. } => Self::Retry,
        }
    }

    /// Returns its label.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Repeated => "repeated",
            Self::Refused => "refused",
            Self::Retry => "retry",
        }
    }
}

/// The lag of one audience's screens.
#[derive(Debug)]
pub struct Lag {
    /// Microseconds from when this node knew that an entry is durable until the screen's socket had
    /// taken it.
    pub micros: Histogram<13>,
    /// Entries that the screen lagged by when it was written to.
    pub entries: Histogram<10>,
}

/// The metrics of a hub since it started.
#[derive(Debug)]
pub struct Figures {
    /// Commands, by kind of fate.
    pub commands: Counts<Became, 4>,
    /// Refusals by their code.
    pub refusals: Counts<Code, 11>,
    /// Microseconds that the journal took to make a batch durable.
    pub commits: Histogram<13>,
    /// Commands made durable by one commit.
    pub batches: Histogram<10>,
    lags: [Lag; 4],
    entries: AtomicU64,
    late: AtomicU64,
    snapshots: AtomicU64,
    opened: AtomicU64,
    told: AtomicU64,
    heard: AtomicU64,
    missed: AtomicU64,
    found: AtomicU64,
}

/// The plain counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Entries made durable by this node.
    pub entries: u64,
    /// Batches decided again because another node had written first.
    pub late: u64,
    /// Snapshots encoded. However many screens ask, there is at most one for each room, audience
    /// and entry (I-28).
    pub snapshots: u64,
    /// Rooms folded from their journal, including each time a room was folded again.
    pub opened: u64,
    /// Notifications published to other nodes.
    pub told: u64,
    /// Notifications received, including this node's own where the bus returns them.
    pub heard: u64,
    /// Times that notifications may have been missed, so that every room was polled.
    pub missed: u64,
    /// Rooms found to be behind by polling, before any notification.
    pub found: u64,
}

impl Default for Figures {
    fn default() -> Self {
        let lag =
            || Lag { micros: Histogram::new(LAG_MICROS), entries: Histogram::new(LAG_ENTRIES) };
        Self {
            commands: Counts::of(Became::ALL),
            refusals: Counts::of(Code::ALL),
            commits: Histogram::new(COMMIT_MICROS),
            batches: Histogram::new(BATCH_COMMANDS),
            lags: [lag(), lag(), lag(), lag()],
            entries: AtomicU64::default(),
            late: AtomicU64::default(),
            snapshots: AtomicU64::default(),
            opened: AtomicU64::default(),
            told: AtomicU64::default(),
            heard: AtomicU64::default(),
            missed: AtomicU64::default(),
            found: AtomicU64::default(),
        }
    }
}

impl Figures {
    /// Returns the lag of an audience's screens.
    pub const fn lag(&self, audience: Audience) -> &Lag {
        let [wall, desk, phone, sitrep] = &self.lags;
        match audience {
            Audience::Wall => wall,
            Audience::Desk => desk,
            Audience::Phone => phone,
            Audience::Sitrep => sitrep,
        }
    }

    /// Returns the plain counters.
    pub fn totals(&self) -> Totals {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Totals {
            entries: read(&self.entries),
            late: read(&self.late),
            snapshots: read(&self.snapshots),
            opened: read(&self.opened),
            told: read(&self.told),
            heard: read(&self.heard),
            missed: read(&self.missed),
            found: read(&self.found),
        }
    }

    /// Counts the fates of commands.
    pub fn fates(&self, fates: &[CommandFate]) {
        for CommandFate { fate, .. } in fates {
            self.commands.add(Became::of(fate));
            if let Fate::Refused(refusal) = fate {
                self.refusals.add(refusal.code);
            }
        }
    }

    pub(crate) fn committed(&self, took: Duration, commands: usize, entries: usize) {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        self.commits.observe(micros(took));
        self.batches.observe(number(commands));
        self.entries.fetch_add(number(entries), Ordering::Relaxed);
    }

    pub(crate) fn written(&self, audience: Audience, took: Duration, entries: u64) {
        let lag = self.lag(audience);
        lag.micros.observe(micros(took));
        lag.entries.observe(entries);
    }

    pub(crate) fn snapshot(&self) {
        self.snapshots.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn opened(&self) {
        self.opened.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn was_late(&self) {
        self.late.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn told(&self) {
        self.told.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn heard(&self) {
        self.heard.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn missed(&self) {
        self.missed.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn found(&self) {
        self.found.fetch_add(1, Ordering::Relaxed);
    }
}

fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}
