//! The end of a socket through no fault of its client.

use std::time::Duration;

use hub::Author;
use proof::{cast, host::Host, screen::Screen, socket::Heard};
use proto::{
    close::Close,
    frame::ServerFrame,
    id::{Cursor, Seq},
    limit,
    member::Actor,
    role::{Audience, Ceiling, Role},
};

/// P-36: every face gets bye, whatever it was doing.
#[tokio::test]
async fn a_node_that_stops_says_bye() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let (mut silent, mut greeted) = (desk.socket().await, desk.welcomed().await);
    let at = desk.snapshot().await;
    let mut following = desk.welcomed().await;
    following.say(&desk.sub(Some(Cursor { seq: at.to, tag: at.tag }))).await;
    following.frame().await;
    let stopping = tokio::spawn(host.running.stop());
    for socket in [&mut silent, &mut greeted, &mut following] {
        let ServerFrame::Bye { why, after_ms: [least, most] } = socket.news().await else {
            panic!("no bye")
        };
        assert!(!why.is_empty() && least < most, "{least} to {most}");
        assert_eq!(socket.hear().await, Heard::Closed(Some(Close::GoingAway.code())));
    }
    stopping.await.unwrap();
    assert!(desk.get("/health").try_send().await.is_err(), "nobody is there");
}

/// Fills the room with as many bytes for the desk as one batch may carry, and returns the head.
async fn fill(host: &Host, by: &Author, room: proto::id::RoomId) -> Seq {
    let words = "x".repeat(2_000);
    let lines = (0..limit::LOG_ROWS).map(|_| cast::asks(cast::line(&words))).collect();
    let fates = host.running.hub().submit(room, *by, lines).await.unwrap();
    match &fates.last().unwrap().fate {
        proto::outcome::Fate::Ok { seq } => *seq,
        other => panic!("{other:?}"),
    }
}

/// P-38: a screen that does not read delays no other (I-26, I-27).
#[tokio::test]
async fn a_screen_that_does_not_read_is_closed_and_others_do_not_notice() {
    let host = Host::forgetful().await;
    let (room, desk) = host.room(0).await;
    let by =
        Author { actor: Actor::Member(desk.member), ceiling: Some(Ceiling::Staff), device: None };
    let at = desk.snapshot().await;
    let mut stuck = desk.welcomed().await;
    stuck.say(&desk.sub(Some(Cursor { seq: at.to, tag: at.tag }))).await;
    assert!(matches!(stuck.frame().await, ServerFrame::Beat { .. }));
    let other = host.door.come_in(room, Audience::Desk, &[Role::Bizsup]).await;
    let mut calm = Screen::live(other).await;
    let mut head = at.to;
    // More than any connection can buffer.
    for _ in 0..120 {
        head = fill(&host, &by, room).await;
        calm.reach(head).await;
    }
    tokio::time::pause();
    tokio::time::sleep(Duration::from_millis(2 * limit::FLUSH_MS)).await;
    tokio::time::resume();
    let mut reached = at.to;
    let code = loop {
        match stuck.hear().await {
            Heard::Frame(ServerFrame::Rows(rows)) => {
                assert_eq!(rows.from, reached);
                reached = rows.to;
            }
            Heard::Frame(_) => {}
            Heard::Closed(code) => break code,
        }
    };
    assert!(reached < head, "it was given up before it had everything");
    assert!(matches!(code, None | Some(4001)), "{code:?}");
    let seq = fill(&host, &by, room).await;
    calm.reach(seq).await;
}
