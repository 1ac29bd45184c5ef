//! Writing: commands become one batch, the batch becomes durable, then it is told and answered.

use std::{
    collections::{HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
};

use bus::Heard;
use journal::{Batch, Decided, Stored};
use proto::{
    command::Command,
    entry::Entry,
    event::Event,
    id::{CommandId, Cursor, Time},
    limit::{FUTURE_MS, RETRY_MS},
    member::Actor,
    outcome::{CommandFate, Fate, Outcome},
    refusal::{Code, Refusal},
};
use room::Context;
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

use crate::{
    author::Author,
    error::Error,
    inquiry::{Prepared, Submission},
    live::Live,
    open::Opened,
};

/// Whoever waits, and the fates of their commands.
type Reply = (oneshot::Sender<Vec<CommandFate>>, Vec<CommandFate>);

/// What is written in one go, and who waits for it.
struct Draft {
    after: Cursor,
    entries: Vec<Stored>,
    outcomes: Vec<Decided>,
    known: HashMap<CommandId, ([u8; 32], Outcome)>,
    replies: Vec<Reply>,
}

impl Live {
    /// Decides submissions in order on the state that each leaves, makes them durable in one batch, tells
    /// the screens, and answers. If the batch fails, the state it made is dropped.
    pub(crate) async fn write(&mut self, batch: Vec<Submission>) -> Result<(), Error> {
        let mut draft = Draft {
            after: self.opened.head(),
            entries: Vec::new(),
            outcomes: Vec::new(),
            known: self.known(&batch).await?,
            replies: Vec::new(),
        };
        for submission in batch {
            let fates = submission.commands.into_iter();
            let fates = fates.map(|command| self.fate(&mut draft, submission.by, command));
            let fates = fates.collect::<Result<Vec<_>, Error>>()?;
            draft.replies.push((submission.reply, fates));
        }
        self.commit(draft).await
    }

    /// Returns the outcomes kept for ids that come again.
    async fn known(
        &self,
        batch: &[Submission],
    ) -> Result<HashMap<CommandId, ([u8; 32], Outcome)>, Error> {
        let commands = batch.iter().flat_map(|submission| &submission.commands);
        let ids: Vec<CommandId> = commands.map(|command| command.envelope.id).collect();
        #[cfg(plant = "duplicate_check_off")]
        let ids: Vec<CommandId> = ids.into_iter().filter(|_| false).collect();
        let kept = self.journal.outcomes(self.id, &ids).await?;
        Ok(kept.into_iter().map(|kept| (kept.id, (kept.body_hash, kept.outcome))).collect())
    }

    /// Returns what becomes of one command: the outcome kept under its id, or a fresh decision.
    fn fate(
        &mut self,
        draft: &mut Draft,
        by: Author,
        command: Prepared,
    ) -> Result<CommandFate, Error> {
        let Prepared { envelope, body_hash } = command;
        let id = envelope.id;
        if let Some((kept_hash, outcome)) = draft.known.get(&id) {
            let fate = if *kept_hash == body_hash {
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
        let now = self.clock.now().max(self.opened.room.last_at());
        let (happened_at, claimed_at) = believed(now, envelope.happened_at);
        let context = Context {
            now,
            actor: by.actor,
            ceiling: by.ceiling,
            device: by.device,
            command: id,
            based_on: envelope.based_on,
            happened_at,
            late_reason: envelope.late_reason,
            dice: self.clock.dice(),
        };
        let outcome = match self.decide(&context, &envelope.command) {
            Err(refusal) => Outcome::Refused(refusal),
            Ok(events) if events.is_empty() => Outcome::Ok { seq: self.opened.room.head() },
            Ok(events) => {
                let stored = self.enter(&context, claimed_at, events)?;
                let seq = stored.seq;
                draft.entries.push(stored);
                Outcome::Ok { seq }
            }
        };
        draft.known.insert(id, (body_hash, outcome.clone()));
        draft.outcomes.push(Decided { id, body_hash, outcome: outcome.clone() });
        let fate = match outcome {
            Outcome::Ok { seq } => Fate::Ok { seq },
            Outcome::Refused(refusal) => Fate::Refused(refusal),
        };
        Ok(CommandFate { id, fate })
    }

    /// Decides by the rules. A fault in them is contained: it is a refusal, and somebody is told.
    fn decide(&self, context: &Context, command: &Command) -> Result<Vec<Event>, Refusal> {
        let decided = catch_unwind(AssertUnwindSafe(|| self.opened.room.decide(context, command)));
        decided.unwrap_or_else(|_| {
            tracing::error!(room = %self.id, command = %context.command, "the rules failed");
            let words = "Muster could not decide this. Nothing was changed; please tell the room.";
            Err(Refusal::new(Code::Fault, words))
        })
    }

    /// Makes the entry and applies it: the next command is decided on the state it leaves.
    fn enter(
        &mut self,
        context: &Context,
        claimed_at: Option<Time>,
        events: Vec<Event>,
    ) -> Result<Stored, Error> {
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
        Ok(Stored { seq, chain, body: body.into() })
    }

    /// Appends the batch; told and answered only after its commit returned (I-4, I-5).
    async fn commit(&mut self, draft: Draft) -> Result<(), Error> {
        let Draft { after, entries, outcomes, replies, .. } = draft;
        #[cfg(plant = "outcome_before_commit")]
        let replies = {
            answer(replies);
            Vec::new()
        };
        if outcomes.is_empty() {
            answer(replies);
            return Ok(());
        }
        let fresh: HashSet<CommandId> = outcomes.iter().map(|decided| decided.id).collect();
        let batch = Batch { room: self.id, after, entries, outcomes };
        let words = match self.journal.append(batch).await {
            Ok(head) => {
                self.tell(after.seq)?;
                answer(replies);
                self.bus.tell(Heard::Moved { room: self.id, head });
                return Ok(());
            }
            Err(journal::Error::Conflict(_)) => "somebody else wrote first",
            Err(journal::Error::Full(_)) => "the disk is full: nothing can be written",
            // The result is unknown, or the store has stopped: nobody is told anything (I-13).
            Err(error) => return Err(error.into()),
        };
        self.opened = Opened::from_journal(self.journal.as_ref(), self.id).await?;
        self.tell(after.seq)?;
        for (reply, fates) in replies {
            drop(reply.send(undecided(fates, &fresh, words)));
        }
        Ok(())
    }

    /// Submits every timer that is due by this node's clock, under an id that any node would derive.
    pub(crate) async fn raise_timers(&mut self) -> Result<(), Error> {
        while let Some((due, timer)) = self.opened.room.next_timer() {
            if self.clock.now() < due || !self.journal.writable() {
                break;
            }
            let command = Command::Raise { timer, due };
            let attempt = "naming a timer";
            let name = serde_json::to_vec(&(self.id, &command))
                .map_err(|source| Error::Json { attempt, source })?;
            let id = derived(&name);
            let envelope = proto::command::Envelope {
                id,
                based_on: None,
                happened_at: None,
                late_reason: None,
                command,
            };
            let by = Author { actor: Actor::System, ceiling: None, device: None };
            let (reply, outcome) = oneshot::channel();
            let commands = vec![Prepared { envelope, body_hash: Sha256::digest(&name).into() }];
            self.write(vec![Submission { by, commands, reply }]).await?;
            let moved = outcome.await.is_ok_and(|fates| {
                fates.iter().all(|fate| matches!(fate.fate, Fate::Ok { .. } | Fate::Dup { .. }))
            });
            let stands = self.opened.room.next_timer().is_some_and(|(next, _)| next == due);
            if !moved || stands {
                break;
            }
        }
        Ok(())
    }
}

/// Returns the believed time of happening and the claim that was not believed. A time to come is the time
/// of receipt, the claim beside it (PROCEDURE 4.1.3).
fn believed(now: Time, claimed: Option<Time>) -> (Option<Time>, Option<Time>) {
    match claimed {
        Some(claimed) if claimed > now.plus_ms(FUTURE_MS) => (None, Some(claimed)),
        Some(claimed) if claimed >= now => (None, None),
        other => (other, None),
    }
}

/// Returns the fates of a batch that was not written: what was fresh is to be sent again. A second copy
/// of it in the same batch is as fresh as the first.
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

/// Returns sixteen hex digits of chance, so that a tag tells nothing about its entry's content (I-17).
fn nonce(dice: [u8; 16]) -> String {
    format!("{:016x}", u128::from_be_bytes(dice) >> 64)
}

/// Sends each submitter what became of its commands. Whoever went away asks again with the same ids.
fn answer(replies: Vec<Reply>) {
    for (reply, fates) in replies {
        drop(reply.send(fates));
    }
}

/// Returns the command id that everybody derives from the same name.
fn derived(name: &[u8]) -> CommandId {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(Sha256::digest(name)).for_each(|(byte, digest)| *byte = digest);
    CommandId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
