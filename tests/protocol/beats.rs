//! Heartbeats: each side knows that the other is alive. Time is paused and advances when all tasks wait.

use std::time::Duration;

use proof::{cast, host::Host, socket::Heard};
use proto::{
    close::Close,
    frame::{ClientFrame, Mode, ServerFrame},
    id::Cursor,
    limit,
};
use tokio::time::Instant;

/// P-33: at once, then every five seconds, with the current head.
#[tokio::test]
async fn a_screen_that_follows_gets_heartbeats() {
    let host = Host::forgetful().await;
    let (_, desk) = host.room(0).await;
    let at = desk.snapshot().await;
    let cursor = Cursor { seq: at.to, tag: at.tag };
    let mut socket = desk.welcomed().await;
    socket.say(&desk.sub(Some(cursor))).await;
    let expected = ServerFrame::Beat {
        room: desk.room,
        seq: at.to,
        tag: at.tag,
        mode: Mode::Live,
        time: host.clock.now(),
    };
    assert_eq!(socket.frame().await, expected);
    tokio::time::pause();
    let mut last = Instant::now();
    for n in 0..4 {
        assert_eq!(socket.frame().await, expected);
        let gap = last.elapsed();
        last = Instant::now();
        assert!(gap <= Duration::from_millis(limit::BEAT_MS + 200), "{gap:?}");
        assert!(n == 0 || gap >= Duration::from_millis(limit::BEAT_MS - 200), "{gap:?}");
        socket.say(&ClientFrame::Pong { cursor }).await;
    }
    tokio::time::resume();
    let seq = desk.does(cast::line("moved")).await;
    assert!(matches!(socket.news().await, ServerFrame::Rows(rows) if rows.to == seq));
    tokio::time::pause();
    assert!(matches!(socket.frame().await, ServerFrame::Beat { seq: head, .. } if head == seq));
}

/// P-33: a socket that follows nothing gets no heartbeats.
#[tokio::test]
async fn a_socket_that_follows_nothing_gets_no_heartbeats() {
    let host = Host::forgetful().await;
    let (_, desk) = host.room(0).await;
    let mut socket = desk.welcomed().await;
    tokio::time::pause();
    let beats = Duration::from_millis(3 * limit::BEAT_MS);
    assert!(tokio::time::timeout(beats, socket.hear()).await.is_err());
}

/// P-35: any message is a sign of life; without one the server gives up after thirty seconds.
#[tokio::test]
async fn a_client_that_sends_nothing_times_out() {
    let host = Host::forgetful().await;
    let (_, desk) = host.room(0).await;
    let at = desk.snapshot().await;
    let cursor = Cursor { seq: at.to, tag: at.tag };
    let mut socket = desk.welcomed().await;
    socket.say(&desk.sub(Some(cursor))).await;
    tokio::time::pause();
    for _ in 0..10 {
        assert!(matches!(socket.frame().await, ServerFrame::Beat { .. }));
        socket.say(&ClientFrame::Pong { cursor }).await;
    }
    let begun = Instant::now();
    let mut beats = 0;
    while let Heard::Frame(frame) = socket.hear().await {
        assert!(matches!(frame, ServerFrame::Beat { .. }));
        beats += 1;
        assert!(beats < 20, "it is never given up");
    }
    let silence = begun.elapsed();
    assert!(silence >= Duration::from_millis(limit::PONG_MS), "{silence:?}");
    assert!(silence <= Duration::from_millis(limit::PONG_MS + 2 * limit::BEAT_MS), "{silence:?}");
}

/// P-35: with a close code.
#[tokio::test]
async fn a_silent_client_is_closed_with_the_code_for_silence() {
    let host = Host::forgetful().await;
    let (_, desk) = host.room(0).await;
    let mut socket = desk.welcomed().await;
    tokio::time::pause();
    assert_eq!(socket.close_code().await, Some(Close::Silent.code()));
}
