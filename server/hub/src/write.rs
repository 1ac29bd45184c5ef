//! Writing: commands become one batch, the batch is committed, then published and answered.

use std::{
    collections::{HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
};

use bus::Heard;
use journal::{Batch, Chain, Decided, Stored};
use proto::{
    alarm,
    command::Command,
    entry::Entry,
    id::{CommandId, Cursor, Seq, Time},
    limit::{FUTURE_MS, RETRY_MS, TRIES_MAX, TRY_JITTER_MS, TRY_PAUSE_MS_MAX},
    nouns::{Event, Plan},
    outcome::{CommandFate, Fate, Outcome},
    refusal::{Code, Refusal},
};
use room::Context;
use tokio::time::{Duration, Instant, sleep};

use crate::{
    author::Author,
    error::Error,
    inquiry::{Answer, Prepared, Submission},
    live::Live,
    witness::{Leg, Way},
};

/// The message while the database is unreachable, or accepts no writes.
const AWAY: &str = "the database accepts no writes: nothing can be written";

/// A batch to be written.
struct Draft {
    after: Cursor,
    /// The entries as applied, kept to be applied to the settled state after the commit.
    applied: Vec<(Entry, Chain)>,
    entries: Vec<Stored>,
    outcomes: Vec<Decided>,
    known: HashMap<CommandId, ([u8; 32], Outcome)>,
    /// Commands with a witness that were decided here, and their entries; one that changed nothing
    /// has none.
    watched: Vec<(CommandId, Option<Seq>)>,
    /// The number of attempts at these commands, this one included.
    tried: u32,
}

/// The result of committing a draft.
enum Written {
    /// It is durable and published.
    Done,
    /// Another node wrote first, and the room's head is this: decide again.
    Late(Cursor),
    /// Nothing can be written at present.
    NotNow(&'static str),
    /// The result is unknown, and nobody is answered (I-13).
    Unknown,
}

impl Written {
    /// Returns the label used for witnesses.
    const fn word(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Late(_) => "late",
            Self::NotNow(_) => "not now",
            Self::Unknown => "unknown",
        }
    }
}

impl Live {
    /// Decides submissions in order, each on the state that the one before it left, commits them as
    /// one batch, publishes and answers. If the commit fails, the resulting state is dropped; if
    /// other nodes wrote first, the batch is decided again on what they wrote.
    pub(crate) async fn write(&mut self, batch: Vec<Submission>) -> Result<(), Error> {
        self.watch.saw_all(self.id, &batch, &Leg::Waited, |submission| submission.since);
        let mut is_known_asked = true;
        for tried in 0..TRIES_MAX {
            let began = Instant::now();
            let known = match self.known(&batch, is_known_asked).await {
                Ok(known) => known,
                Err(error) if self.journal.is_shared() => {
                    tracing::warn!(room = %self.id, %error, "the database could not be read");
                    turn_away(batch, AWAY);
                    return Ok(());
                }
                Err(error) => return Err(error),
            };
            self.watch.saw_all(self.id, &batch, &Leg::Recalled, |_| began);
            let (draft, fates) = self.draft(&batch, known, tried + 1)?;
            let fresh: HashSet<CommandId> = draft.outcomes.iter().map(|made| made.id).collect();
            #[cfg(plant = "outcome_before_commit")]
            if tried == 0 {
                answer(batch, fates, &fresh);
                return self.commit(draft).await.map(drop);
            }
            match self.commit(draft).await? {
                Written::Done => {
                    answer(batch, fates, &fresh);
                    let head = self.opened.head();
                    self.bus.tell(Heard::Moved { room: self.id, head });
                    self.figures.told();
                    return Ok(());
                }
                Written::Late(head) => {
                    self.figures.was_late();
                    // Every extra query of one node makes it lose the race again. An unchanged head
                    // means that a command was decided elsewhere without an entry, and only then
                    // are the outcomes read again.
                    is_known_asked = head == self.opened.head();
                    self.reach(head).await?;
                    self.pause(tried).await;
                }
                Written::NotNow(words) => {
                    let fates = fates.into_iter().map(|fates| undecided(fates, &fresh, words));
                    answer(batch, fates.collect(), &fresh);
                    return Ok(());
                }
                Written::Unknown => return Ok(()),
            }
        }
        turn_away(batch, "too many people are writing in this room at once");
        Ok(())
    }

    /// Decides every command, and returns the batch to write and the fates of each submission.
    fn draft(
        &mut self,
        batch: &[Submission],
        known: HashMap<CommandId, ([u8; 32], Outcome)>,
        tried: u32,
    ) -> Result<(Draft, Vec<Vec<CommandFate>>), Error> {
        let (after, applied) = (self.opened.head(), Vec::new());
        let (entries, outcomes) = (Vec::new(), Vec::new());
        let watched = Vec::new();
        let mut draft = Draft { after, applied, entries, outcomes, known, watched, tried };
        let fates = batch.iter().map(|submission| {
            let commands = submission.commands.iter();
            commands.map(|command| self.fate(&mut draft, submission.by, command)).collect()
        });
        let fates = fates.collect::<Result<_, Error>>()?;
        Ok((draft, fates))
    }

    /// Waits with exponential backoff and full jitter, so that nodes in conflict do not collide
    /// again; not at all the first time.
    async fn pause(&self, tried: u32) {
        let most = TRY_JITTER_MS.saturating_mul((1_u64 << tried.min(8)) - 1).min(TRY_PAUSE_MS_MAX);
        if most > 0 {
            let chance = u128::from_be_bytes(self.clock.dice()) % u128::from(most);
            sleep(Duration::from_millis(chance.try_into().unwrap_or(most))).await;
        }
    }

    /// Returns the stored outcomes of repeated ids, or none if not asked: the journal accepts no
    /// second outcome for an id (I-7).
    async fn known(
        &self,
        batch: &[Submission],
        is_asked: bool,
    ) -> Result<HashMap<CommandId, ([u8; 32], Outcome)>, Error> {
        if !is_asked {
            return Ok(HashMap::new());
        }
        let commands = batch.iter().flat_map(|submission| &submission.commands);
        let ids: Vec<CommandId> = commands.map(|command| command.envelope.id).collect();
        #[cfg(plant = "duplicate_check_off")]
        let ids: Vec<CommandId> = ids.into_iter().filter(|_| false).collect();
        let kept = self.journal.outcomes(self.id, &ids).await?;
        Ok(kept.into_iter().map(|kept| (kept.id, (kept.body_hash, kept.outcome))).collect())
    }

    /// Returns one command's fate: from the outcome stored under its id, or from a fresh decision.
    fn fate(
        &mut self,
        draft: &mut Draft,
        by: Author,
        command: &Prepared,
    ) -> Result<CommandFate, Error> {
        let Prepared { envelope, body_hash } = command;
        let id = envelope.id;
        if let Some((kept_hash, outcome)) = draft.known.get(&id) {
            let fate = if kept_hash == body_hash {
                match outcome {
                    Outcome::Ok { seq } => Fate::Dup { seq: *seq },
                    Outcome::Refused(refusal) => Fate::Refused(refusal.clone()),
                }
            } else {
                let words = "this command id was used for another command";
                Fate::Refused(Refusal::new(Code::IdReuse, words))
            };
            return Ok(CommandFate { id, fate });
        }
        let began = self.watch.begins(id);
        let now = self.time_for(&envelope.command);
        let (happened_at, claimed_at) = believed(now, envelope.happened_at);
        let context = Context {
            now,
            actor: by.actor,
            ceiling: by.ceiling,
            device: by.device,
            command: id,
            based_on: envelope.based_on,
            happened_at,
            late_reason: envelope.late_reason.clone(),
            dice: self.clock.dice(),
        };
        let mut entry = None;
        let outcome = match self.decide(&context, &envelope.command) {
            Err(refusal) => Outcome::Refused(refusal),
            Ok(events) if events.is_empty() => Outcome::Ok { seq: self.opened.room.head() },
            Ok(events) => {
                let seq = self.enter(draft, &context, claimed_at, events)?;
                entry = Some(seq);
                Outcome::Ok { seq }
            }
        };
        if let Some(began) = began {
            draft.watched.push((id, entry));
            self.watch.saw(self.id, id, began, Leg::Decided);
        }
        draft.known.insert(id, (*body_hash, outcome.clone()));
        draft.outcomes.push(Decided { id, body_hash: *body_hash, outcome: outcome.clone() });
        let fate = match outcome {
            Outcome::Ok { seq } => Fate::Ok { seq },
            Outcome::Refused(refusal) => Fate::Refused(refusal),
        };
        Ok(CommandFate { id, fate })
    }

    /// Returns the time at which a command is decided. A timer is raised because some clock has
    /// passed it: if the clock has since been set back, the timer must not be decided as premature,
    /// and so be lost for ever.
    fn time_for(&mut self, command: &Command) -> Time {
        let now = self.now();
        if let Command::Plan(Plan::Alarm(alarm::Plan::Raise { due, .. })) = command {
            now.max(*due)
        } else {
            now
        }
    }

    /// Decides by the rules. A panic in them is contained: it becomes a refusal, and is logged.
    fn decide(&self, context: &Context, command: &Command) -> Result<Vec<Event>, Refusal> {
        let decide = || {
            #[cfg(test)]
            crate::poison::taste(context.command);
            self.opened.room.decide(context, command)
        };
        if cfg!(plant = "fault_spreads") {
            return decide();
        }
        let decided = catch_unwind(AssertUnwindSafe(decide));
        decided.unwrap_or_else(|_| {
            tracing::error!(room = %self.id, command = %context.command, "the rules failed");
            let words = "Muster could not decide this. Nothing was changed; please tell the room.";
            Err(Refusal::new(Code::Fault, words))
        })
    }

    /// Creates the entry and applies it: the next command is decided on the resulting state.
    fn enter(
        &mut self,
        draft: &mut Draft,
        context: &Context,
        claimed_at: Option<Time>,
        events: Vec<Event>,
    ) -> Result<Seq, Error> {
        let seq = self.opened.room.head().next();
        let entry = Entry {
            room: self.id,
            seq,
            at: context.now,
            happened_at: context.happened_at,
            claimed_at,
            late_reason: context.late_reason.clone(),
            actor: context.actor,
            device: context.device,
            command: context.command,
            events,
            nonce: nonce(self.clock.dice()),
        };
        let body = entry
            .to_bytes()
            .map_err(|source| Error::Json { attempt: "writing an entry", source })?;
        let chain = self.opened.chain.link(&body);
        self.opened.apply(&entry, chain);
        draft.entries.push(Stored { seq, chain, body: body.into() });
        if self.settled.is_some() {
            draft.applied.push((entry, chain));
        }
        Ok(seq)
    }

    /// Appends the batch, and publishes only after the commit returned (I-4, I-5). A batch that was
    /// not written leaves no trace.
    async fn commit(&mut self, draft: Draft) -> Result<Written, Error> {
        let Draft { after, applied, entries, outcomes, watched, tried, .. } = draft;
        if outcomes.is_empty() {
            return Ok(Written::Done);
        }
        let (commands, made) = (outcomes.len(), entries.len());
        let batch = Batch { room: self.id, after, entries, outcomes };
        let began = Instant::now();
        let appended = self.journal.append(batch).await;
        if appended.is_ok() {
            self.figures.committed(began.elapsed(), commands, made);
        }
        let written = match appended {
            Ok(_) => Written::Done,
            Err(journal::Error::Conflict(head)) => Written::Late(head),
            Err(journal::Error::Full(_)) => {
                Written::NotNow("the disk is full: nothing can be written")
            }
            Err(journal::Error::Away(_)) => Written::NotNow(AWAY),
            // The journal will show whether it was written; the client then sends the same ids
            // again.
            Err(journal::Error::Unknown(_)) if self.journal.is_shared() => Written::Unknown,
            // The result is unknown, or the store has stopped: nobody is answered (I-13).
            Err(error) => return Err(error.into()),
        };
        for (command, _) in &watched {
            let result = written.word();
            let leg = Leg::Committed { commands, entries: made, tried, result };
            self.watch.saw(self.id, *command, began, leg);
        }
        let mut told = Vec::new();
        if matches!(written, Written::Done) {
            if let Some(settled) = &mut self.settled {
                for (entry, chain) in &applied {
                    settled.apply(entry, *chain);
                }
            }
            told.extend(watched.into_iter().filter_map(|(command, seq)| Some((command, seq?))));
        } else {
            #[cfg(not(plant = "late_batch_kept"))]
            self.go_back().await?;
        }
        self.tell(after.seq, Way::Written, told)?;
        Ok(written)
    }
}

/// Splits a claimed time into (accepted, rejected). A time in the future, or in a year that a room
/// does not accept, is replaced by the time of receipt, with the claim beside it (PROCEDURE 4.1.3,
/// P-56, P-104).
fn believed(now: Time, claimed: Option<Time>) -> (Option<Time>, Option<Time>) {
    match claimed {
        Some(claimed) if !claimed.is_possible() || claimed > now.plus_ms(FUTURE_MS) => {
            (None, Some(claimed))
        }
        Some(claimed) if claimed >= now => (None, None),
        other => (other, None),
    }
}

/// Returns the fates of a batch that was not written: fresh commands are to be sent again. A second
/// copy within the same batch is as fresh as the first.
fn undecided(fates: Vec<CommandFate>, fresh: &HashSet<CommandId>, words: &str) -> Vec<CommandFate> {
    let mut told = Vec::new();
    for CommandFate { id, fate } in fates {
        if matches!(fate, Fate::Dup { .. }) && !fresh.contains(&id) {
            told.push(CommandFate { id, fate });
            continue;
        }
        let fate = Fate::Retry { after_ms: RETRY_MS, words: words.to_owned() };
        told.push(CommandFate { id, fate });
        break;
    }
    told
}

/// Returns sixteen random hex digits, so that a tag reveals nothing about its entry's content
/// (I-17).
fn nonce(dice: [u8; 16]) -> String {
    format!("{:016x}", u128::from_be_bytes(dice) >> 64)
}

/// Sends each submitter the fates of its commands. A submitter that is gone asks again with the
/// same ids.
fn answer(batch: Vec<Submission>, fates: Vec<Vec<CommandFate>>, fresh: &HashSet<CommandId>) {
    for (submission, fates) in batch.into_iter().zip(fates) {
        let ids = fates.iter().map(|fate| fate.id);
        let repeated = ids.filter(|id| !fresh.contains(id)).collect();
        drop(submission.reply.send(Answer { fates, repeated }));
    }
}

/// Asks each submitter to retry: none of the commands was decided.
fn turn_away(batch: Vec<Submission>, words: &str) {
    let fates = batch.iter().map(|submission| {
        let first = submission.commands.first().into_iter();
        let retry = || Fate::Retry { after_ms: RETRY_MS, words: words.to_owned() };
        first.map(|command| CommandFate { id: command.envelope.id, fate: retry() }).collect()
    });
    let fates = fates.collect();
    answer(batch, fates, &HashSet::new());
}
