//! A command on which the rules panic, for tests: none is known in production.

use proto::{id::CommandId, incident, log, member};
use uuid::Uuid;

/// The command's id.
const POISON: CommandId = CommandId(Uuid::from_u128(0xDEAD));

/// Panics on that command, as the rules would.
pub(crate) fn taste(command: CommandId) {
    assert_ne!(command, POISON, "the rules fail");
}

mod tests {
    use std::sync::Arc;

    use bus::Bus;
    use journal::{Journal, Memory};
    use proto::{
        command::{Command, Envelope},
        id::{MemberId, RoomId, Seq, Time},
        incident::{Cause, Incident, IncidentKind, Service, Timescale},
        log::Show,
        member::{Actor, Profile},
        outcome::{Fate, Outcome},
        refusal::Code,
        role::{Audience, Ceiling, Role},
        text::{Note, PersonName, Text},
    };

    use super::*;
    use crate::{Author, Clock, Hub};

    const ROOM: RoomId = RoomId(Uuid::from_u128(1));

    /// A frozen clock with dice that never repeat.
    #[derive(Debug)]
    struct Still;

    impl Clock for Still {
        fn now(&self) -> Time {
            Time(1_779_427_800_000)
        }

        fn dice(&self) -> [u8; 16] {
            Uuid::new_v4().into_bytes()
        }
    }

    fn asks(command: Command) -> Envelope {
        under(CommandId(Uuid::new_v4()), command)
    }

    fn under(id: CommandId, command: Command) -> Envelope {
        Envelope { id, based_on: None, happened_at: None, late_reason: None, command }
    }

    fn line(words: &str) -> Command {
        let (text, show) = (Note::parse(words).unwrap(), Show::default());
        Command::from(log::Plan::Add { text, person: None, show })
    }

    fn member(n: u128) -> Author {
        let actor = Actor::Member(MemberId(Uuid::from_u128(n)));
        Author { actor, ceiling: Some(Ceiling::Staff), device: None }
    }

    /// Opens a room with two leads.
    async fn room(journal: &Arc<Memory>) -> Hub {
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
        let admits = |n| {
            Command::from(member::Plan::Admit {
                member: MemberId(Uuid::from_u128(n)),
                profile: Profile {
                    name: PersonName::parse("Ignatius Vavasour").unwrap(),
                    organisation: None,
                    job: None,
                    mobile: None,
                    roles: vec![Role::Lead],
                },
                ceiling: Ceiling::Staff,
            })
        };
        let journal = Arc::<Memory>::clone(journal);
        let hub = Hub::new(journal, Bus::local(), Arc::new(Still));
        let importer = Author { actor: Actor::Importer, ceiling: None, device: None };
        let commands = [Command::from(incident::Plan::Open { incident }), admits(10), admits(11)];
        let fates = hub.submit(ROOM, importer, commands.map(asks).into()).await.unwrap();
        assert!(fates.iter().all(|told| matches!(told.fate, Fate::Ok { .. })), "{fates:?}");
        hub
    }

    fn commits(hub: &Hub) -> u64 {
        let took = hub.figures().commits.read();
        took.buckets.iter().map(|(_, count)| count).sum::<u64>() + took.beyond
    }

    /// I-8, I-11
    #[tokio::test]
    async fn a_command_that_makes_the_rules_panic_is_refused_and_blocks_nobody() {
        let journal = Arc::new(Memory::default());
        let hub = room(&journal).await;
        let before = commits(&hub);
        let mine = [asks(line("before")), under(POISON, line("poison")), asks(line("after"))];
        let theirs = [asks(line("of somebody else"))];
        // Both are queued before the room's task wakes, and become one batch.
        let (told, told_them) = tokio::join!(
            hub.submit(ROOM, member(10), mine.to_vec()),
            hub.submit(ROOM, member(11), theirs.to_vec()),
        );
        assert_eq!(commits(&hub), before + 1, "they were one batch");
        let told = told.unwrap();
        let fates: Vec<_> = told.iter().chain(told_them.as_ref().unwrap()).collect();
        let [before, poison, after, other] = fates[..] else { panic!("{fates:?}") };
        for (told, seq) in [(before, 4), (after, 5), (other, 6)] {
            assert_eq!(told.fate, Fate::Ok { seq: Seq(seq) });
        }
        let Fate::Refused(no) = &poison.fate else { panic!("{poison:?}") };
        assert_eq!(no.code, Code::Fault);

        // All of it is written and shown, including the refusal.
        let ids: Vec<_> = fates.iter().map(|told| told.id).collect();
        assert_eq!(journal.outcomes(ROOM, &ids).await.unwrap().len(), ids.len());
        let kept = journal.outcomes(ROOM, &[POISON]).await.unwrap();
        assert_eq!(kept[0].outcome, Outcome::Refused(no.clone()));
        let shown = hub.snapshot(ROOM, Audience::Desk, None).await.unwrap();
        assert_eq!(shown.cursor.seq, Seq(6));

        // The room continues, and gives the same answer again.
        let next = [under(POISON, line("poison")), asks(line("later"))];
        let told = hub.submit(ROOM, member(10), next.to_vec()).await.unwrap();
        assert_eq!(told[0].fate, poison.fate);
        assert_eq!(told[1].fate, Fate::Ok { seq: Seq(7) });
        let counted = hub.figures().refusals.read();
        let fault = counted.iter().find(|(code, _)| *code == Code::Fault).unwrap();
        assert_eq!(fault.1, 2, "each answer is counted");
        assert_eq!(hub.figures().totals().opened, 1, "the room was never folded again");
    }
}
