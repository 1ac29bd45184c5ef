//! Timers: a due timer is submitted by the first node whose clock has passed it, and takes effect
//! once.

use proto::{
    alarm,
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
    /// Submits every timer that is due by this node's clock, under an id that any node would
    /// derive. The id includes the entry that set the timer: an alarm that was raised and is set
    /// again for the same time is a different one, and must not be deduplicated against the earlier
    /// one.
    pub(crate) async fn raise_timers(&mut self) -> Result<(), Error> {
        while let Some((due, timer)) = self.opened.room.next_timer() {
            if self.now() < due || !self.journal.writable() {
                break;
            }
            let set_by = self.opened.room.timer_set_by(due, &timer);
            let command = Command::from(alarm::Plan::Raise { timer, due });
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

/// Returns the command id that every node derives from the same name.
fn derived(name: &[u8]) -> CommandId {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(Sha256::digest(name)).for_each(|(byte, digest)| *byte = digest);
    CommandId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    };

    use bus::Bus;
    use journal::Memory;
    use proto::{
        deadline::{self, Deadline},
        id::{RoomId, Seq, Time},
        incident::{self, Cause, Incident, IncidentKind, Service, Timescale},
        text::Text,
    };
    use tokio::time::{Duration, sleep};
    use uuid::Uuid;

    use super::*;
    use crate::{Clock, Hub};

    const ROOM: RoomId = RoomId(Uuid::from_u128(1));
    const BEGUN: i64 = 1_779_427_800_000;
    /// Milliseconds until the deadline, and the amount by which the clock is set back.
    const WHILE: i64 = 60_000;

    /// A clock that is set back once, right after it was read.
    #[derive(Debug)]
    struct SetBack {
        now: AtomicI64,
        is_set_back: AtomicBool,
    }

    impl Clock for SetBack {
        fn now(&self) -> Time {
            let shown = self.now.load(Ordering::SeqCst);
            if self.is_set_back.swap(false, Ordering::SeqCst) {
                self.now.store(shown - WHILE, Ordering::SeqCst);
            }
            Time(shown)
        }

        fn dice(&self) -> [u8; 16] {
            Uuid::new_v4().into_bytes()
        }
    }

    fn asks(command: Command) -> Envelope {
        let id = CommandId(Uuid::new_v4());
        Envelope { id, based_on: None, happened_at: None, late_reason: None, command }
    }

    /// I-31
    #[tokio::test(start_paused = true)]
    async fn an_alarm_fires_even_if_the_clock_is_set_back_as_it_falls_due() {
        let incident = Incident {
            title: Text::parse("Lantern Court").unwrap(),
            kind: IncidentKind::Failure,
            cause: Cause::RegulatorClosure,
            service: Service::Residential,
            timescale: Timescale::Immediate,
            telephone: None,
            order: None,
            contacts: None,
        };
        let at = Time(BEGUN + WHILE);
        let deadline = Deadline {
            at,
            set_by: Text::parse("The regulator").unwrap(),
            why: Text::parse("Its order").unwrap(),
        };
        let clock = Arc::new(SetBack { now: BEGUN.into(), is_set_back: false.into() });
        let time = Arc::<SetBack>::clone(&clock);
        let hub = Hub::new(Arc::new(Memory::default()), Bus::local(), time);
        let importer = Author { actor: Actor::Importer, ceiling: None, device: None };
        let commands = [
            Command::from(incident::Plan::Open { incident }),
            Command::from(deadline::Plan::Set { deadline }),
        ];
        hub.submit(ROOM, importer, commands.map(asks).into()).await.unwrap();
        let head = async || hub.head(ROOM).await.unwrap().unwrap().seq;
        assert_eq!(head().await, Seq(2));
        clock.now.store(at.0, Ordering::SeqCst);
        clock.is_set_back.store(true, Ordering::SeqCst);
        sleep(Duration::from_secs(2)).await;
        assert!(!clock.is_set_back.load(Ordering::SeqCst), "the clock was read");
        clock.now.store(at.0 + WHILE, Ordering::SeqCst);
        sleep(Duration::from_secs(5)).await;
        assert_eq!(head().await, Seq(3), "the alarm, once");
    }
}
