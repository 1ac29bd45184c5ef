//! Timers: what falls due is submitted by whichever node's clock passed it, and happens once.

use proto::{
    command::{Command, Envelope},
    id::CommandId,
    member::Actor,
    outcome::Fate,
};
use sha2::{Digest, Sha256};
use tokio::{sync::oneshot, time::Instant};

use crate::{
    author::Author,
    error::Error,
    inquiry::{Answer, Prepared, Submission},
    live::Live,
};

impl Live {
    /// Submits every timer that is due by this node's clock, under an id that any node would derive. The entry that set
    /// it is part of it: an alarm that was raised and is set again for the same time is another one, and its id must not
    /// be answered as the earlier one's.
    pub(crate) async fn raise_timers(&mut self) -> Result<(), Error> {
        while let Some((due, timer)) = self.opened.room.next_timer() {
            if self.now() < due || !self.journal.writable() {
                break;
            }
            let set_by = self.opened.room.timer_set_by(due, &timer);
            let command = Command::Raise { timer, due };
            let attempt = "naming a timer";
            let name = serde_json::to_vec(&(self.id, &command, set_by))
                .map_err(|source| Error::Json { attempt, source })?;
            let id = derived(&name);
            let envelope =
                Envelope { id, based_on: None, happened_at: None, late_reason: None, command };
            let by = Author { actor: Actor::System, ceiling: None, device: None };
            let (reply, answer) = oneshot::channel();
            let since = Instant::now();
            let asked = self.watch.asked(std::slice::from_ref(&envelope), || due);
            let commands = vec![Prepared { envelope, body_hash: Sha256::digest(&name).into() }];
            self.write(vec![Submission { by, commands, since, reply }]).await?;
            let answer = answer.await.ok();
            self.watch.answered(self.id, since, asked, answer.as_ref());
            let moved = answer.is_some_and(|Answer { fates, .. }| {
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

/// Returns the command id that everybody derives from the same name.
fn derived(name: &[u8]) -> CommandId {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(Sha256::digest(name)).for_each(|(byte, digest)| *byte = digest);
    CommandId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
