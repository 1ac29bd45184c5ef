//! A failing store: what the node reports, and what it does not.

use std::sync::Arc;

use journal::{Journal, Memory};
use proof::{
    cast,
    faulty::{Fault, Faulty},
    host::Host,
    screen::Screen,
};
use proto::{
    close::Close,
    command::Command,
    entrance::DutyManager,
    frame::{Mode, ServerFrame},
    id::Cursor,
    limit,
    outcome::Fate,
    readiness,
    role::{Audience, Role},
};

async fn on_faulty() -> (Host, Arc<Faulty>, Arc<Memory>) {
    let memory = Arc::new(Memory::default());
    let journal = Arc::new(Faulty::new(Arc::clone(&memory)));
    let store = Arc::clone(&memory);
    let host = Host::given(Arc::clone(&journal) as Arc<dyn Journal>, store).await;
    (host, journal, memory)
}

/// P-52, P-39: no fate at all, and a retry of the same command gets the true one (I-13).
#[tokio::test]
async fn an_unknown_outcome_is_not_guessed() {
    for fault in [Fault::UnknownWritten, Fault::UnknownLost] {
        let (host, journal, _) = on_faulty().await;
        let (_, desk) = host.room(0).await;
        let mut screen = Screen::live(desk.clone()).await;
        let at = desk.snapshot().await;
        screen.reach(at.to).await;
        let command = cast::asks(cast::line("perhaps"));
        journal.fails([fault]);
        let answer = desk.sends(std::slice::from_ref(&command)).send().await;
        assert_eq!(answer.error(), (503, "stopped".to_owned()));
        assert_eq!(answer.header("retry-after"), "1");
        let gone = loop {
            match screen.step().await {
                Ok(()) => assert_eq!(screen.cursor, Cursor { seq: at.to, tag: at.tag }),
                Err(gone) => break gone,
            }
        };
        assert_eq!(gone.0, Some(Close::RoomReopened.code()));
        let expected = match fault {
            Fault::UnknownWritten => Fate::Dup { seq: at.to.next() },
            _ => Fate::Ok { seq: at.to.next() },
        };
        assert_eq!(desk.fate(&command).await, expected, "{fault:?}");
        screen.come().await.unwrap();
        screen.reach(at.to.next()).await;
        assert_eq!(screen.rows, proof::fold::kept(desk.snapshot().await.put));
    }
}

/// P-53, P-42: nothing is acknowledged before it is durable; `retry` ends the list of fates.
#[tokio::test]
async fn while_the_disk_is_full_every_command_gets_retry() {
    let (host, _, memory) = on_faulty().await;
    let (_, desk) = host.room(1).await;
    let kept = cast::asks(cast::line("kept"));
    let Fate::Ok { seq } = desk.fate(&kept).await else { panic!("not taken") };
    memory.set_full(true);
    let fresh = cast::asks(cast::line("fresh"));
    let refused = cast::asks(Command::from(readiness::Plan::Declare { person: cast::person(0) }));
    let batch = [kept.clone(), fresh.clone(), fresh.clone(), refused.clone()];
    for commands in [&batch[..], &batch[1..], &batch[3..]] {
        let fates = desk.fates(commands).await;
        let (last, before) = fates.split_last().unwrap();
        let Fate::Retry { after_ms, words } = &last.fate else { panic!("{fates:?}") };
        assert_eq!(*after_ms, limit::RETRY_MS);
        assert!(words.contains("full"), "{words}");
        assert!(before.iter().all(|told| told.fate == Fate::Dup { seq }), "{fates:?}");
        assert!(before.len() <= 1);
    }
    assert_eq!(desk.snapshot().await.to, seq);
    memory.set_full(false);
    let fates = desk.fates(&batch).await;
    let next = seq.next();
    let told: Vec<_> = fates.iter().map(|told| &told.fate).collect();
    assert_eq!(told[..3], [&Fate::Dup { seq }, &Fate::Ok { seq: next }, &Fate::Dup { seq: next }]);
    assert!(matches!(told[3], Fate::Refused(_)));
}

/// P-42: another node wrote first; the command is decided again on the current state, and only a command that
/// loses repeatedly gets `retry`.
#[tokio::test]
async fn a_command_overtaken_by_another_node_is_decided_again() {
    let (host, journal, _) = on_faulty().await;
    let (_, desk) = host.room(0).await;
    let head = desk.snapshot().await.to;
    let pair = || [cast::asks(cast::line("one")), cast::asks(cast::line("two"))];
    journal.fails([Fault::Conflict]);
    let fates = desk.fates(&pair()).await;
    assert_eq!(fates[1].fate, Fate::Ok { seq: head.next().next() });
    journal.fails(std::iter::repeat_n(Fault::Conflict, usize::try_from(limit::TRIES_MAX).unwrap()));
    let late = pair();
    let fates = desk.fates(&late).await;
    assert_eq!(fates.len(), 1);
    assert!(matches!(fates[0].fate, Fate::Retry { .. }), "{fates:?}");
    let fates = desk.fates(&late).await;
    assert_eq!(fates[0].fate, Fate::Ok { seq: head.next().next().next() });
}

/// P-34, P-68: the heartbeat says whether commands are accepted, and reads continue.
#[tokio::test]
async fn a_full_disk_is_reported_in_the_heartbeat_and_reads_continue() {
    let (host, _, memory) = on_faulty().await;
    let (_, desk) = host.room(1).await;
    let at = desk.snapshot().await;
    let sub = desk.sub(Some(Cursor { seq: at.to, tag: at.tag }));
    let mut socket = desk.welcomed().await;
    let ready = || desk.web.get("/ready").send();
    for (full, wanted, status) in [(false, Mode::Live, 200), (true, Mode::ReadOnly, 503)] {
        memory.set_full(full);
        socket.say(&sub).await;
        let ServerFrame::Beat { mode, seq, .. } = socket.frame().await else { panic!("no beat") };
        assert_eq!((mode, seq), (wanted, at.to));
        assert_eq!(ready().await.status.as_u16(), status);
        assert_eq!(desk.snapshot().await.to, at.to);
        assert_eq!(desk.web.get("/health").send().await.status.as_u16(), 200);
    }
}

/// P-16, P-54: a member who could not be admitted when they came in is admitted with their first command or
/// request; until then nothing of theirs is refused.
#[tokio::test]
async fn a_member_who_came_in_during_a_write_failure_has_no_fact_refused() {
    let (host, journal, _) = on_faulty().await;
    let (room, lead) = host.room(2).await;
    let mut late = Vec::new();
    for fault in [Fault::Full, Fault::Away] {
        journal.fails([fault]);
        late.push(host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await);
    }
    let [worker, reader] = late.try_into().unwrap();
    let fact = cast::asks(cast::departs(1));
    journal.fails([Fault::Full]);
    assert_eq!(worker.sends(std::slice::from_ref(&fact)).send().await.error().0, 503);
    assert!(matches!(worker.fate(&fact).await, Fate::Ok { .. }));
    journal.fails([Fault::Full]);
    assert_eq!(reader.get(&reader.rows_path()).send().await.error(), (503, "busy".to_owned()));
    assert_eq!(reader.snapshot().await.to, lead.snapshot().await.to);
}

/// P-2, P-93: if a link cannot be looked up, it is not reported as unknown, and the attempt does not count.
#[tokio::test]
async fn a_duty_link_that_cannot_be_looked_up_is_not_reported_as_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let [there, away] = ["registry", "away"].map(|name| folder.path().join(name));
    let registry = Arc::new(journal::Sqlite::open(&there).unwrap());
    let host = Host::given(Arc::new(Memory::default()), registry).await;
    let request = node::operator::DutyRequest {
        name: cast::name("Ignatius Vavasour"),
        organisation: None,
        mobile: None,
        days: None,
    };
    let made = host.door.operator.duty(&request).await.unwrap();
    let secret = made.link.split_once("/open#").unwrap().1;
    let enters = || {
        let ask = host.door.web.post("/api/duty/enter").with("origin", &host.door.origin);
        ask.json(&serde_json::json!({ "secret": secret })).send()
    };
    std::fs::rename(&there, &away).unwrap();
    for _ in 0..=limit::REDEEM_PER_MINUTE {
        assert_eq!(enters().await.error(), (503, "stopped".to_owned()));
    }
    std::fs::rename(&away, &there).unwrap();
    assert_eq!(enters().await.read::<DutyManager>().name, request.name);
}

/// P-62: if an access cannot be recorded, the card is not shown.
#[tokio::test]
async fn a_card_is_not_shown_if_the_access_cannot_be_recorded() {
    let (host, _, memory) = on_faulty().await;
    let (_, desk) = host.room(1).await;
    memory.set_full(true);
    let answer = desk.card(cast::person(0)).send().await;
    assert_eq!(answer.error(), (503, "unrecorded".to_owned()));
    let words = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(!words.contains(cast::CARD_WORDS), "{words}");
}
