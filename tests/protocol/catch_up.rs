//! Screens that reconnect are rate limited, and those told to retry get everything in the end. Time is
//! paused.

use std::{num::NonZeroUsize, time::Duration};

use proof::{
    cast,
    device::Device,
    host::Host,
    screen::{Gone, Screen},
    socket::Heard,
    web::Answer,
};
use proto::{
    close::Close,
    frame::{Rows, ServerFrame},
    id::Cursor,
    limit,
    role::{Audience, Role},
};
use tokio::time::Instant;

const WAIT: Duration = Duration::from_millis(limit::CATCH_UP_WAIT_MS);
/// The maximum delay between a turn's clock and its observation.
const SEEN_WITHIN: Duration = Duration::from_millis(100);

/// Returns a node with this turn duration for its room's snapshot, and a desk.
async fn host(turn: Duration) -> (Host, Device) {
    let measured = {
        let host = Host::forgetful().await;
        let (_, desk) = host.room(3).await;
        ask(&desk).await.body.len()
    };
    let per_s = u128::try_from(measured).unwrap() * 1_000 / turn.as_millis();
    let per_s = NonZeroUsize::new(usize::try_from(per_s).unwrap()).unwrap();
    let host = Host::slow(per_s).await;
    let (_, desk) = host.room(3).await;
    (host, desk)
}

async fn ask(desk: &Device) -> Answer {
    desk.get(&desk.rows_path()).with("accept-encoding", "identity").send().await
}

/// I-29, P-113: a snapshot waits up to five seconds for its turn; beyond that the client has to retry, and
/// then gets all of it.
#[tokio::test]
async fn snapshots_requested_at_once_wait_or_are_told_to_retry() {
    let (_host, desk) = host(3 * WAIT / 4).await;
    tokio::time::pause();
    let began = Instant::now();
    let whole = ask(&desk).await;
    assert_eq!(whole.status.as_u16(), 200);
    assert!(began.elapsed() < SEEN_WITHIN, "nobody was before it: {:?}", began.elapsed());
    assert_eq!(ask(&desk).await.body, whole.body);
    let waited = began.elapsed();
    assert!(waited > WAIT / 2 && waited < WAIT, "{waited:?}");

    let (first, second) = tokio::join!(ask(&desk), ask(&desk));
    let mut answers = [first, second];
    answers.sort_by_key(|answer| answer.status);
    let [sent, turned_away] = answers;
    assert_eq!(sent.body, whole.body);
    assert_eq!(turned_away.error(), (503, "busy".to_owned()));
    assert_eq!(turned_away.header("retry-after"), "1");
    for tries in 0.. {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let again = ask(&desk).await;
        if again.status.as_u16() == 200 {
            assert_eq!(again.body, whole.body);
            break;
        }
        assert_eq!(again.error(), (503, "busy".to_owned()));
        assert!(tries < 10, "it never comes");
    }
}

/// I-29, P-113: a socket that would wait longer is closed as by a stopping node; its screen reconnects with
/// its cursor and misses nothing. A client that missed nothing never waits.
#[tokio::test]
async fn sockets_that_would_wait_too_long_are_closed_and_miss_nothing() {
    let (_host, desk) = host(2 * WAIT).await;
    let mut behind = Screen::blank(desk.clone());
    let rows = desk.snapshot().await;
    behind.cursor = Cursor { seq: rows.to, tag: rows.tag };
    behind.rows = proof::fold::kept(rows.put);
    let seq = desk.does(cast::departs(1)).await;
    tokio::time::pause();
    tokio::time::sleep(2 * WAIT).await;
    let whole = ask(&desk).await;
    let head: Rows = whole.read();

    behind.come().await.unwrap();
    assert_eq!(behind.step().await, Err(Gone(Some(Close::GoingAway.code()))));

    let mut current = desk.welcomed().await;
    let began = Instant::now();
    current.say(&desk.sub(Some(Cursor { seq: head.to, tag: head.tag }))).await;
    assert!(matches!(current.frame().await, ServerFrame::Beat { seq, .. } if seq == head.to));
    assert!(began.elapsed() < SEEN_WITHIN, "{:?}", began.elapsed());

    for tries in 0.. {
        behind.come().await.unwrap();
        while behind.cursor.seq < seq {
            if behind.step().await.is_err() {
                break;
            }
        }
        if behind.cursor.seq >= seq {
            break;
        }
        assert!(tries < 20, "it never comes back");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(behind.snapshots, 0, "what it missed was enough");
    assert_eq!(behind.rows, proof::fold::kept(head.put));
}

/// P-32, P-8: a snapshot that waits for its turn is not sent if the client meanwhile lost the right to it or
/// its login ended (I-18).
#[tokio::test]
async fn a_waiting_snapshot_is_not_sent_after_the_right_is_lost() {
    let (host, lead) = host(3 * WAIT / 4).await;
    let worker = host.door.come_in(lead.room, Audience::Desk, &[Role::Bizsup]).await;
    let other = host.door.come_in(lead.room, Audience::Desk, &[Role::Bizsup]).await;
    tokio::time::pause();
    for (device, told) in [(&worker, (403, "not_yours")), (&other, (401, "no_login"))] {
        tokio::time::sleep(2 * WAIT).await;
        assert_eq!(ask(&lead).await.status.as_u16(), 200);
        let began = Instant::now();
        let ends = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if told.0 == 401 {
                let answer = device.post("/api/logout").send().await;
                assert_eq!(answer.status.as_u16(), 204);
            } else {
                lead.does(cast::gives(device.member, &[Role::Director])).await;
            }
        };
        let (answer, ()) = tokio::join!(ask(device), ends);
        assert!(began.elapsed() > WAIT / 2, "it had to wait: {:?}", began.elapsed());
        assert_eq!(answer.error(), (told.0, told.1.to_owned()));
    }
}

/// P-8, P-113: a socket that waits for its turn is closed at once when its login ends.
#[tokio::test]
async fn a_waiting_socket_is_closed_when_its_login_ends() {
    let (_host, desk) = host(3 * WAIT / 4).await;
    let rows = desk.snapshot().await;
    desk.does(cast::departs(1)).await;
    tokio::time::pause();
    tokio::time::sleep(2 * WAIT).await;
    assert_eq!(ask(&desk).await.status.as_u16(), 200);
    let mut socket = desk.welcomed().await;
    let began = Instant::now();
    socket.say(&desk.sub(Some(Cursor { seq: rows.to, tag: rows.tag }))).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(desk.post("/api/logout").send().await.status.as_u16(), 204);
    match socket.hear().await {
        Heard::Closed(code) => assert_eq!(code, Some(Close::LoginEnded.code())),
        Heard::Frame(frame) => panic!("{frame:?}"),
    }
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}
