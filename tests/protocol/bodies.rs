//! Request bodies that are invalid, entirely or in part.

use std::time::{Duration, Instant};

use proof::{cast, device::Device, host::Host, web::Answer};
use proto::{
    command::Envelope,
    http::ErrorAnswer,
    id::CommandId,
    limit,
    outcome::Fate,
    refusal::Code,
    role::{Audience, Role},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn sent(device: &Device, kind: &str, body: impl Into<bytes::Bytes>) -> Answer {
    device.post(&device.commands_path()).body(kind, body).send().await
}

fn lines(count: usize) -> Vec<Envelope> {
    (0..count).map(|n| cast::asks(cast::line(&format!("line {n}")))).collect()
}

/// P-40: one to fifty commands, in a body of the right form, size and type.
#[tokio::test]
async fn an_invalid_body_decides_nothing() {
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
        is_plain(&answer);
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

/// P-66: no line, no column, no internal type name.
fn is_plain(answer: &Answer) {
    let words = answer.read::<ErrorAnswer>().words;
    for inside in ["column", "expected", "deserialize", "i64", "u64", "EOF"] {
        assert!(!words.contains(inside), "{words}");
    }
}

/// P-66: an invalid query parameter is reported by name.
#[tokio::test]
async fn an_invalid_query_is_reported_in_words() {
    let host = Host::start().await;
    let (room, desk) = host.room(0).await;
    for (path, named) in [
        ("log", "before"),
        ("log?before=x", "before"),
        ("rows", "audience"),
        ("rows?audience=door", "audience"),
        ("rows?audience=desk&after=-1", "after"),
    ] {
        let answer = desk.get(&format!("/api/rooms/{room}/{path}")).send().await;
        assert_eq!(answer.error(), (400, "malformed".to_owned()), "{path}");
        is_plain(&answer);
        assert!(answer.read::<ErrorAnswer>().words.contains(&format!("`{named}`")), "{answer:?}");
    }
}

/// Returns a valid command with one change.
fn spoilt(change: impl FnOnce(&mut Value)) -> Value {
    let mut command = serde_json::to_value(&lines(1)[0]).unwrap();
    change(&mut command);
    command
}

/// P-46: refused alone; the commands beside it are decided (I-11).
#[tokio::test]
async fn an_unreadable_command_is_refused_alone() {
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

/// P-46: an unreadable command was not decided, so its id is free for the corrected one.
#[tokio::test]
async fn an_unreadable_command_can_be_corrected_under_the_same_id() {
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

/// P-46: without an id there is no command to refuse.
#[tokio::test]
async fn a_command_without_an_id_refuses_the_whole_request() {
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

/// Sends a request as a proxy does: the whole body before anything is read. Returns the response.
async fn passed_on(host: &Host, room: &str, more: &str, bytes: usize) -> String {
    let mut line = TcpStream::connect(host.door.web.addr()).await.unwrap();
    let head = format!(
        "POST /api/rooms/{room}/commands HTTP/1.1\r\nhost: x\r\nx-muster-face: desk\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {bytes}\r\n{more}\r\n"
    );
    line.write_all(head.as_bytes()).await.unwrap();
    if !more.contains("expect") {
        line.write_all(&vec![b'x'; bytes]).await.expect("it is read, or the proxy says 502");
    }
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.unwrap();
    answer
}

/// P-40, P-66: a refusal before the body is read still reaches the client.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_reaches_a_client_that_sends_everything_before_reading() {
    let host = Host::start().await;
    let (room, desk) = host.room(0).await;
    let room = room.to_string();
    // More than both ends can buffer.
    let much = 14 * 1024 * 1024;
    let told = passed_on(&host, &room, "", much).await;
    assert!(told.starts_with("HTTP/1.1 401 ") && told.contains("no_login"), "{told}");
    let signed = format!("cookie: {}\r\n", desk.cookie);
    let told = passed_on(&host, &room, &signed, much).await;
    assert!(told.starts_with("HTTP/1.1 413 ") && told.contains("too_large"), "{told}");
    let asked = Instant::now();
    let told = passed_on(&host, &room, "expect: 100-continue\r\n", much).await;
    assert!(told.starts_with("HTTP/1.1 401 "), "it is not asked for what nobody reads: {told}");
    assert!(asked.elapsed() < Duration::from_secs(2), "nor waited for: {:?}", asked.elapsed());
}

/// P-114: a caller without the right to upload takes no memory budget and need not send the body.
#[tokio::test]
async fn the_right_to_upload_is_checked_before_the_file_is_read() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    let (wall, finance) = (
        host.door.come_in(room, Audience::Wall, &[]).await,
        host.door.come_in(room, Audience::Desk, &[Role::Finance]).await,
    );
    let octets = "application/octet-stream";
    for (path, kind) in [
        ("/api/homes/files?name=a.csv".to_owned(), octets),
        ("/api/homes/vacancies?source=Harbour&name=a.csv".to_owned(), octets),
        (format!("/api/rooms/{room}/intake"), "application/vnd.muster.intake"),
    ] {
        for (device, told) in [(&wall, "403"), (&finance, "403"), (&lead, "100")] {
            let mut line = TcpStream::connect(host.door.web.addr()).await.unwrap();
            let head = format!(
                "POST {path} HTTP/1.1\r\nhost: x\r\nx-muster-face: {}\r\ncookie: {}\r\n\
                 content-type: {kind}\r\ncontent-length: 9000000\r\nexpect: 100-continue\r\n\r\n",
                device.face.word(),
                device.cookie
            );
            line.write_all(head.as_bytes()).await.unwrap();
            let mut status = [0; 12];
            proof::soon("a word", line.read_exact(&mut status)).await.unwrap();
            let status = String::from_utf8_lossy(&status);
            assert_eq!(status, format!("HTTP/1.1 {told}"), "{:?}: {path}", device.face);
        }
    }
}
