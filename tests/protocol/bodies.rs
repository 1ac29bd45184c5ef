//! Bodies that cannot be taken, whole or in part.

use proof::{cast, device::Device, host::Host, web::Answer};
use proto::{command::Envelope, id::CommandId, limit, outcome::Fate, refusal::Code};
use serde_json::{Value, json};

async fn sent(device: &Device, kind: &str, body: impl Into<bytes::Bytes>) -> Answer {
    device.post(&device.commands_path()).body(kind, body).send().await
}

fn lines(count: usize) -> Vec<Envelope> {
    (0..count).map(|n| cast::asks(cast::line(&format!("line {n}")))).collect()
}

/// P-40: one to fifty, in a body of a form, a size and a kind.
#[tokio::test]
async fn a_body_that_cannot_be_taken_decides_nothing() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let head = desk.snapshot().await.to;
    let json = "application/json";
    let fifty_one = serde_json::to_vec(&json!({"commands": lines(51)})).unwrap();
    let good = serde_json::to_vec(&json!({"commands": lines(1)})).unwrap();
    for body in [
        b"".to_vec(),
        b"hello".to_vec(),
        b"[]".to_vec(),
        b"{}".to_vec(),
        br#"{"commands":[]}"#.to_vec(),
        br#"{"commands":{}}"#.to_vec(),
        br#"{"commands":[7]}"#.to_vec(),
        b"\xff\xfe".to_vec(),
        [b"[".repeat(100_000)].concat(),
        [good.as_slice(), b"x"].concat(),
        fifty_one,
    ] {
        let answer = sent(&desk, json, body.clone()).await;
        let shown = String::from_utf8_lossy(&body).chars().take(60).collect::<String>();
        assert_eq!(answer.error(), (400, "malformed".to_owned()), "{shown}");
    }
    let huge = format!("{{\"commands\":[],\"x\":\"{}\"}}", "x".repeat(limit::COMMANDS_BYTES_MAX));
    assert_eq!(sent(&desk, json, huge).await.error(), (413, "too_large".to_owned()));
    for kind in ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"] {
        let answer = sent(&desk, kind, good.clone()).await;
        assert_eq!(answer.error(), (415, "not_json".to_owned()), "{kind}");
    }
    let packed = desk.post(&desk.commands_path()).with("content-encoding", "gzip");
    let packed = packed.body(json, good.clone()).send().await;
    assert_eq!(packed.error(), (415, "not_json".to_owned()));
    assert_eq!(desk.snapshot().await.to, head);
    assert!(sent(&desk, "Application/JSON; charset=utf-8", good).await.status.is_success());
    assert_eq!(desk.fates(&lines(50)).await.len(), 50);
}

/// Returns a good command with something about it changed.
fn spoilt(change: impl FnOnce(&mut Value)) -> Value {
    let mut command = serde_json::to_value(&lines(1)[0]).unwrap();
    change(&mut command);
    command
}

/// P-46: refused alone, those beside it decided (I-11).
#[tokio::test]
async fn a_command_that_cannot_be_read_is_refused_alone() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    for strange in [
        spoilt(|command| command["do"]["kind"] = json!("fly_away")),
        spoilt(|command| command["do"] = json!({})),
        spoilt(|command| command["do"]["text"] = json!("")),
        spoilt(|command| command["do"]["text"] = json!("x".repeat(2_001))),
        spoilt(|command| command["do"]["text"] = json!("bell \u{7}")),
        spoilt(|command| command["do"]["text"] = json!(7)),
        spoilt(|command| command["do"]["loud"] = json!(true)),
        spoilt(|command| command["happened_at"] = json!("yesterday")),
        spoilt(|command| command["based_on"] = json!(-1)),
        spoilt(|command| {
            command.as_object_mut().unwrap().remove("do");
        }),
    ] {
        let beside = lines(2);
        let body = json!({"commands": [beside[0], strange, beside[1]]});
        let told: proto::http::CommandsAnswer =
            sent(&desk, "application/json", body.to_string()).await.read();
        let [first, second, third] = &told.fates[..] else { panic!("{told:?}") };
        assert!(matches!(first.fate, Fate::Ok { .. }) && matches!(third.fate, Fate::Ok { .. }));
        assert_eq!(Some(second.id.to_string().as_str()), strange["id"].as_str());
        let is_told = matches!(&second.fate, Fate::Refused(no) if no.code == Code::Malformed
            && no.words.starts_with("Command 2"));
        assert!(is_told, "{strange}: {second:?}");
    }
}

/// P-46: what cannot be read was not decided: its id is free for the command that was meant.
#[tokio::test]
async fn what_could_not_be_read_can_be_sent_right() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let right = lines(1).remove(0);
    let strange = spoilt(|command| {
        command["id"] = json!(right.id);
        command["do"]["kind"] = json!("fly_away");
    });
    sent(&desk, "application/json", json!({"commands": [strange]}).to_string()).await;
    assert!(matches!(desk.fate(&right).await, Fate::Ok { .. }));
}

/// P-46: without an id there is nobody to tell.
#[tokio::test]
async fn without_an_id_the_whole_request_is_refused() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let head = desk.snapshot().await.to;
    for bare in [
        spoilt(|command| {
            command.as_object_mut().unwrap().remove("id");
        }),
        spoilt(|command| command["id"] = json!("7")),
        spoilt(|command| command["id"] = json!(null)),
        json!("hello"),
    ] {
        let body = json!({"commands": [lines(1)[0], bare]}).to_string();
        let answer = sent(&desk, "application/json", body).await;
        assert_eq!(answer.error(), (400, "malformed".to_owned()), "{bare}");
        let words = answer.read::<proto::http::ErrorAnswer>().words;
        assert!(words.starts_with("Command 2 has no id"), "{words}");
    }
    assert_eq!(desk.snapshot().await.to, head, "nothing was decided");
    let id = CommandId(uuid::Uuid::nil());
    assert!(matches!(desk.fate(&cast::under(id, cast::line("nil"))).await, Fate::Ok { .. }));
}
