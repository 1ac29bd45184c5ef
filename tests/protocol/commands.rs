//! Commands and their fates.

use proof::{cast, device::Device, fold, host::Host};
use proto::{
    command::Command,
    command::Envelope,
    http::CommandsAnswer,
    id::Seq,
    limit, needs,
    outcome::Fate,
    readiness,
    refusal::Code,
    role::{Audience, Role},
};
use serde_json::{Value, json};

/// Returns a log line with distinct text.
fn line(n: usize) -> Envelope {
    cast::asks(cast::line(&format!("line {n}")))
}

/// Returns a plan that will be refused.
fn refused() -> Envelope {
    cast::asks(Command::from(readiness::Plan::Declare { person: cast::person(0) }))
}

async fn raw(device: &Device, body: &Value) -> Value {
    device.post(&device.commands_path()).json(body).send().await.read()
}

/// P-41: the four fates in their wire format.
#[tokio::test]
async fn every_command_gets_its_fate_in_order() {
    let host = Host::start().await;
    let (_, desk) = host.room(1).await;
    let (first, second) = (line(1), refused());
    let head = desk.snapshot().await.to.0;
    let body = json!({"commands": [first, second, first]});
    let told = raw(&desk, &body).await;
    let fates = told["fates"].as_array().unwrap();
    assert_eq!(fates.len(), 3);
    assert_eq!(fates[0], json!({"id": first.id, "fate": {"is": "ok", "seq": head + 1}}));
    assert_eq!(fates[2], json!({"id": first.id, "fate": {"is": "dup", "seq": head + 1}}));
    let no = &fates[1]["fate"];
    assert_eq!((&no["is"], &no["code"]), (&json!("refused"), &json!("gate")));
    assert!(no["words"].as_str().is_some_and(|words| !words.is_empty()));
    let unmet = &no["unmet"][0];
    assert!(
        unmet["gate"].is_string() && unmet["missing"].is_string() && unmet["owner"].is_string()
    );
}

/// P-42: commands after a refusal are decided (I-11).
#[tokio::test]
async fn a_refusal_does_not_block_the_commands_after_it() {
    let host = Host::start().await;
    let (_, desk) = host.room(1).await;
    let fates = desk.fates(&[refused(), line(1), refused(), line(2)]).await;
    let shapes: Vec<bool> = fates.iter().map(|one| matches!(one.fate, Fate::Ok { .. })).collect();
    assert_eq!(shapes, [false, true, false, true]);
}

/// P-43: a command without effect makes no entry.
#[tokio::test]
async fn a_command_that_changes_nothing_makes_no_entry() {
    let host = Host::start().await;
    let (_, desk) = host.room(1).await;
    let head = desk.snapshot().await.to;
    let nothing = cast::edits(0, head.0, proto::details::PersonChange::default());
    assert_eq!(desk.fate(&nothing).await, Fate::Ok { seq: head });
    assert_eq!(desk.snapshot().await.to, head);
    assert_eq!(desk.fate(&nothing).await, Fate::Dup { seq: head });
}

/// P-44: the same fate for ever, accepted or refused, from any device and after a restart (I-7, I-8, E25).
#[tokio::test]
async fn a_retried_command_gets_the_same_fate_for_ever() {
    let host = Host::start().await;
    let (room, desk) = host.room(1).await;
    let (command, plan) = (line(1), refused());
    let Fate::Ok { seq } = desk.fate(&command).await else { panic!("not taken") };
    let no = desk.fate(&plan).await;
    let phone = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let head = desk.snapshot().await.to;
    for device in [&desk, &phone] {
        assert_eq!(device.fate(&command).await, Fate::Dup { seq });
        assert_eq!(device.fate(&plan).await, no);
    }
    desk.does(Command::from(needs::Plan::Assess { person: cast::person(0) })).await;
    assert_eq!(desk.fate(&plan).await, no, "a refusal stays, whatever has changed");
    let host = host.again().await;
    let desk = desk.moved_to(&host);
    assert_eq!(desk.fate(&command).await, Fate::Dup { seq });
    assert_eq!(desk.fate(&plan).await, no);
    assert_eq!(desk.snapshot().await.to, head.next());
}

/// P-44: thirty clients send the same command at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_sent_by_many_at_once_happens_once() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let command = line(1);
    let sent: Vec<_> = (0..limit::REQUESTS_PER_S)
        .map(|_| tokio::spawn(desk.sends(std::slice::from_ref(&command)).send()))
        .collect();
    let mut fates = Vec::new();
    for one in sent {
        let answer = one.await.unwrap();
        fates.push(answer.read::<CommandsAnswer>().fates.remove(0).fate);
    }
    let mut seqs: Vec<Seq> = fates
        .iter()
        .map(|fate| match fate {
            Fate::Ok { seq } | Fate::Dup { seq } => *seq,
            other => panic!("{other:?}"),
        })
        .collect();
    seqs.dedup();
    assert_eq!(seqs.len(), 1, "{fates:?}");
    assert_eq!(fates.iter().filter(|fate| matches!(fate, Fate::Ok { .. })).count(), 1);
}

/// P-45: an id stands for one command (I-9).
#[tokio::test]
async fn an_id_cannot_be_reused_for_another_command() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let first = line(1);
    let Fate::Ok { seq } = desk.fate(&first).await else { panic!("not taken") };
    let late = Envelope { happened_at: Some(host.clock.now().plus_ms(-1)), ..first.clone() };
    for other in [cast::under(first.id, line(2).command), late] {
        let fate = desk.fate(&other).await;
        assert!(matches!(&fate, Fate::Refused(no) if no.code == Code::IdReuse), "{fate:?}");
    }
    assert_eq!(desk.snapshot().await.to, seq);
    assert_eq!(desk.fate(&first).await, Fate::Dup { seq });
    let turned = format!(
        "{{ \"commands\" : [ {{\"do\": {{\"text\": \"line 1\", \"show\": {{}}, \"person\": null,\
         \"kind\":\"add_log_line\"}},\n \"id\": \"{}\"}} ] }}",
        first.id
    );
    let told = desk.post(&desk.commands_path()).body("application/json", turned).send().await;
    assert_eq!(told.read::<CommandsAnswer>().fates[0].fate, Fate::Dup { seq });
}

/// P-50: the commands of one request in their order, after everything acknowledged before (I-10, I-12).
#[tokio::test]
async fn entries_are_in_real_time_order() {
    let host = Host::start().await;
    let (room, desk) = host.room(0).await;
    let phone = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let mut last = desk.snapshot().await.to;
    for (n, device) in [&desk, &phone, &phone, &desk].into_iter().enumerate() {
        let batch: Vec<Envelope> = (0..limit::COMMANDS_MAX).map(|m| line(n * 100 + m)).collect();
        for (fate, command) in device.fates(&batch).await.iter().zip(&batch) {
            assert_eq!(fate.id, command.id);
            assert_eq!(fate.fate, Fate::Ok { seq: last.next() });
            last = last.next();
        }
    }
}

/// P-47: the journal records the real author, whatever the command claims.
#[tokio::test]
async fn the_author_comes_only_from_the_login() {
    let host = Host::start().await;
    let (room, desk) = host.room(0).await;
    let phone = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let head = desk.snapshot().await.to;
    for field in ["member", "actor", "by", "as", "device", "room", "at", "seq", "ceiling"] {
        let mut forged = serde_json::to_value(line(1)).unwrap();
        forged[field] = json!(desk.member);
        let told = raw(&phone, &json!({"commands": [forged]})).await;
        assert_eq!(told["fates"][0]["fate"]["code"], "malformed", "{field}");
        let mut forged = serde_json::to_value(line(1)).unwrap();
        forged["do"][field] = json!(desk.member);
        let told = raw(&phone, &json!({"commands": [forged]})).await;
        assert_eq!(told["fates"][0]["fate"]["code"], "malformed", "do.{field}");
    }
    assert_eq!(desk.snapshot().await.to, head);
    let seq = phone.does(cast::line("mine")).await;
    let entries = fold::entries(&**host.running.journal(), room).await;
    let entry = fold::fold(&entries).1.pop().unwrap();
    assert_eq!((entry.seq, entry.actor), (seq, proto::member::Actor::Member(phone.member)));
    assert!(entry.device.is_some());
}

/// P-51: one login that floods is rate limited; another is not.
#[tokio::test]
async fn a_login_that_sends_too_often_is_rate_limited() {
    let host = Host::forgetful().await;
    let (room, desk) = host.room(0).await;
    let phone = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let sent: Vec<_> = (0..10 * limit::REQUESTS_PER_S)
        .map(|_| tokio::spawn(phone.sends(&[cast::asks(cast::line("again"))]).send()))
        .collect();
    let mut waits = 0;
    for one in sent {
        let answer = one.await.unwrap();
        if answer.status.as_u16() == 429 {
            assert_eq!(answer.error().1, "too_many");
            assert_eq!(answer.header("retry-after"), "1");
            waits += 1;
        }
    }
    assert!(waits > 0);
    desk.does(cast::line("in between")).await;
}
