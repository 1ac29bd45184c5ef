//! The first messages on a socket.

use proof::{cast, host::Host, socket::Heard};
use proto::{
    close::Close,
    frame::{ClientFrame, ServerFrame},
    id::{Cursor, Seq},
    key::Key,
    limit,
    role::{Audience, Role},
};

/// P-13
#[tokio::test]
async fn every_hello_is_answered_by_welcome() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let mut socket = desk.socket().await;
    for _ in 0..2 {
        let ServerFrame::Welcome { v, build, time, beat_ms, silence_ms } = socket.hello().await
        else {
            panic!("no welcome")
        };
        assert_eq!((v, time), (1, host.clock.now()));
        let (release, screens) = build.split_once('+').unwrap();
        assert_eq!((release, screens.len()), (env!("CARGO_PKG_VERSION"), 8), "{build}");
        assert_eq!((beat_ms, silence_ms), (limit::BEAT_MS, limit::SILENCE_MS));
        assert!(silence_ms > 2 * beat_ms, "one lost beat is no silence");
    }
}

/// P-14: a client that does not send hello first gets no answer.
#[tokio::test]
async fn a_client_that_does_not_send_hello_first_is_closed() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let pong = ClientFrame::Pong { cursor: Cursor::default() };
    for early in [desk.sub(None), pong] {
        let mut socket = desk.socket().await;
        socket.say(&early).await;
        assert_eq!(socket.hear().await, Heard::Closed(Some(Close::NoHello.code())), "{early:?}");
    }
}

/// P-14, P-13: after ten seconds, and not before.
#[tokio::test]
async fn a_client_that_sends_nothing_is_closed_in_time() {
    let host = Host::forgetful().await;
    let (_, desk) = host.room(0).await;
    let mut socket = desk.socket().await;
    let begun = tokio::time::Instant::now();
    tokio::time::pause();
    assert_eq!(socket.hear().await, Heard::Closed(Some(Close::NoHello.code())));
    assert!(begun.elapsed().as_millis() >= u128::from(limit::HELLO_MS), "{:?}", begun.elapsed());
}

/// P-15
#[tokio::test]
async fn an_unsupported_version_is_reported() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    for hello in [
        r#"{"t":"hello","v":0}"#,
        r#"{"t":"hello","v":2}"#,
        r#"{"t":"hello","v":2,"wants":["presence"]}"#,
    ] {
        let mut socket = desk.socket().await;
        socket.text(hello).await;
        assert_eq!(socket.hear().await, Heard::Closed(Some(Close::Version.code())), "{hello}");
    }
    let mut socket = desk.welcomed().await;
    socket.say(&ClientFrame::Hello { v: 2 }).await;
    assert_eq!(socket.close_code().await, Some(Close::Version.code()));
}

/// P-16: one entry per member, however often they connect and on however many devices.
#[tokio::test]
async fn a_member_is_admitted_once() {
    let host = Host::start().await;
    let (room, desk) = host.room(0).await;
    let roles = [Role::NamedSw];
    let phone = host.door.come_in(room, Audience::Phone, &roles).await;
    let rows = desk.snapshot().await;
    let names: Vec<Key> = rows.put.iter().map(|put| put.key).collect();
    assert!(names.contains(&Key::Member(phone.member)), "on the roster before the first hello");
    for _ in 0..3 {
        phone.welcomed().await;
    }
    let again = host.door.another(&phone, Audience::Sitrep, &roles).await;
    again.welcomed().await;
    assert_eq!(desk.snapshot().await.to, rows.to);
    assert!(rows.to > Seq(0));
    let wall = host.door.come_in(room, Audience::Wall, &[]).await;
    wall.welcomed().await;
    assert_eq!(desk.snapshot().await.to, rows.to, "a screen is no member");
    assert_eq!(desk.does(cast::line("next")).await, rows.to.next());
}
