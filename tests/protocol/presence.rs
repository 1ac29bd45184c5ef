//! Presence: who is connected, and whose panel they have open; for desks only.

use std::time::Duration;

use proof::{cast, host::Host, socket::Heard};
use proto::{
    close::Close,
    frame::{ClientFrame, ServerFrame},
    limit,
    presence::Present,
    role::{Audience, Role},
};
use tokio::time::Instant;

/// P-100, P-101, P-102
#[tokio::test]
async fn a_desk_sees_who_is_connected_and_whose_panel_they_have_open() {
    let host = Host::start().await;
    let (room, desk) = host.room(2).await;
    let phone = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let mut at_desk = desk.following().await;
    let mut at_phone = phone.welcomed().await;
    let person = Some(cast::person(0));
    at_phone.say(&ClientFrame::Look { room, person }).await;
    let told = loop {
        let told = at_desk.presence().await;
        if told.iter().any(|one| !one.looking.is_empty()) {
            break told;
        }
    };
    let one = |member, audience, looking| Present { member, audience, screens: 1, looking };
    let mut expected = [
        one(desk.member, Audience::Desk, Vec::new()),
        one(phone.member, Audience::Phone, vec![cast::person(0)]),
    ];
    expected.sort();
    assert_eq!(told, expected);
    drop(at_phone);
    while at_desk.presence().await.len() > 1 {}
    let entries = host.running.hub().head(room).await.unwrap().unwrap().seq;
    let stored = host.running.journal().read(room, proto::id::Seq(1), usize::MAX).await.unwrap();
    assert_eq!(stored.last().unwrap().seq, entries, "P-103: nothing of it is an entry");
}

/// P-100: time is paused and advances when all tasks wait.
#[tokio::test]
async fn a_desk_gets_presence_at_most_once_a_second() {
    let host = Host::forgetful().await;
    let (room, desk) = host.room(2).await;
    let mut at_desk = desk.following().await;
    while at_desk.presence().await.is_empty() {}
    tokio::time::pause();
    let mut before: Option<Instant> = None;
    for n in 0..6 {
        let person = (n % 2 == 0).then(|| cast::person(0));
        at_desk.say(&ClientFrame::Look { room, person }).await;
        loop {
            let told = at_desk.presence().await;
            let gap = before.replace(Instant::now()).map(|before| before.elapsed());
            let least = Duration::from_millis(limit::PRESENCE_MS - 100);
            assert!(gap.is_none_or(|gap| gap >= least), "{gap:?}");
            if told[0].looking.is_empty() == person.is_none() {
                break;
            }
        }
    }
}

/// P-101: not a byte of it for the wall, the phones or the directors.
#[tokio::test]
async fn no_other_face_gets_presence() {
    let host = Host::forgetful().await;
    let (room, desk) = host.room(1).await;
    let _at_desk = desk.following().await;
    let lead: &[Role] = &[Role::Lead];
    for (face, roles) in
        [(Audience::Wall, &[][..]), (Audience::Phone, lead), (Audience::Sitrep, lead)]
    {
        let device = host.door.come_in(room, face, roles).await;
        let mut socket = device.following().await;
        tokio::time::pause();
        let presence = tokio::time::timeout(Duration::from_secs(20), socket.presence()).await;
        assert!(presence.is_err(), "{face:?}: {presence:?}");
        tokio::time::resume();
    }
}

/// P-102
#[tokio::test]
async fn a_face_that_may_not_report_its_panel_is_closed() {
    let host = Host::start().await;
    let (room, desk) = host.room(1).await;
    let person = Some(cast::person(0));
    let mut elsewhere = desk.welcomed().await;
    let other = host.door.open_room(0).await;
    elsewhere.say(&ClientFrame::Look { room: other, person }).await;
    assert_eq!(elsewhere.close_code().await, Some(Close::NotYours.code()));
    for (face, roles) in [(Audience::Wall, &[][..]), (Audience::Sitrep, &[Role::Lead][..])] {
        let device = host.door.come_in(room, face, roles).await;
        let mut socket = device.welcomed().await;
        socket.say(&ClientFrame::Look { room, person }).await;
        assert_eq!(socket.close_code().await, Some(Close::NotYours.code()));
    }
}

/// P-103, I-34: time is paused and advances when all tasks wait.
#[tokio::test]
async fn a_silent_client_is_removed_from_presence() {
    let host = Host::forgetful().await;
    let (room, desk) = host.room(0).await;
    let phone = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let mut at_desk = desk.following().await;
    let _silent = phone.welcomed().await;
    while at_desk.presence().await.len() < 2 {}
    tokio::time::pause();
    let begun = Instant::now();
    while at_desk.presence().await.len() > 1 {}
    let gone = begun.elapsed();
    assert!(gone <= Duration::from_millis(limit::PRESENCE_TTL_MS + 2_000), "{gone:?}");
}

/// P-100: it is sent outside the rows, which continue from the same cursor.
#[tokio::test]
async fn presence_is_not_a_heartbeat_and_moves_no_cursor() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let at = desk.snapshot().await.to;
    let mut socket = desk.following().await;
    socket.presence().await;
    let seq = desk.does(cast::line("moved")).await;
    let Heard::Frame(ServerFrame::Rows(rows)) = Heard::Frame(socket.news().await) else {
        panic!("rows are next");
    };
    assert_eq!((rows.from, rows.to), (at, seq));
}
