//! Following a room: where a screen joins, and when it needs a snapshot.

use proof::{cast, device::Device, host::Host, screen::Screen, socket::Socket};
use proto::{
    close::Close,
    command::Command,
    frame::{ClientFrame, ServerFrame, Why},
    id::{Cursor, RoomId, Seq, Tag},
    register,
    role::{Audience, Role},
};

/// Sends `sub` and returns the first answer.
async fn answer(socket: &mut Socket, device: &Device, at: Option<Cursor>) -> ServerFrame {
    socket.say(&device.sub(at)).await;
    socket.frame().await
}

fn resync(device: &Device, why: Why) -> ServerFrame {
    ServerFrame::Resync { room: device.room, audience: device.face, why }
}

async fn head(device: &Device) -> Cursor {
    let rows = device.snapshot().await;
    Cursor { seq: rows.to, tag: rows.tag }
}

/// P-21: not another room, not another audience, not a missing room: all get the same answer.
#[tokio::test]
async fn a_login_follows_its_own_room_as_its_own_audience() {
    let host = Host::start().await;
    let (room, desk) = host.room(0).await;
    let (other, _) = host.room(0).await;
    let nowhere = RoomId(uuid::Uuid::new_v4());
    for (room, audience) in [
        (room, Audience::Wall),
        (room, Audience::Phone),
        (room, Audience::Sitrep),
        (other, Audience::Desk),
        (nowhere, Audience::Desk),
    ] {
        let mut socket = desk.welcomed().await;
        socket.say(&ClientFrame::Sub { room, audience, at: None }).await;
        assert_eq!(socket.close_code().await, Some(Close::NotYours.code()), "{audience:?}");
    }
}

/// P-21: a director with a desk link cannot follow as a desk.
#[tokio::test]
async fn a_member_whose_roles_do_not_allow_the_audience_follows_nothing() {
    let host = Host::start().await;
    let (room, _) = host.room(0).await;
    let director = host.door.come_in(room, Audience::Desk, &[Role::Director]).await;
    let mut socket = director.welcomed().await;
    socket.say(&director.sub(None)).await;
    assert_eq!(socket.close_code().await, Some(Close::NotYours.code()));
    assert_eq!(director.get(&director.rows_path()).send().await.error().0, 403);
    let sitrep = host.door.come_in(room, Audience::Sitrep, &[Role::Director]).await;
    Screen::live(sitrep).await.reach(Seq(1)).await;
}

/// P-22, P-26
#[tokio::test]
async fn without_a_cursor_a_screen_fetches_first() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let mut socket = desk.welcomed().await;
    assert_eq!(answer(&mut socket, &desk, None).await, resync(&desk, Why::NoCursor));
    desk.does(cast::line("unheard")).await;
    let at = head(&desk).await;
    let beat = answer(&mut socket, &desk, Some(at)).await;
    assert!(matches!(beat, ServerFrame::Beat { seq, .. } if seq == at.seq), "{beat:?}");
    let seq = desk.does(cast::line("heard")).await;
    let news = socket.news().await;
    assert!(matches!(&news, ServerFrame::Rows(rows) if (rows.from, rows.to) == (at.seq, seq)));
}

/// P-23: one frame from the cursor to the head, however much was missed.
#[tokio::test]
async fn a_screen_that_reconnects_gets_what_it_missed_in_one_frame() {
    let host = Host::start().await;
    let (_, desk) = host.room(3).await;
    let mut screen = Screen::live(desk.clone()).await;
    screen.reach(head(&desk).await.seq).await;
    screen.drop_line();
    for n in 0..3 {
        desk.does(cast::departs(n)).await;
    }
    let there = head(&desk).await;
    let mut socket = desk.welcomed().await;
    let beat = answer(&mut socket, &desk, Some(screen.cursor)).await;
    assert!(
        matches!(beat, ServerFrame::Beat { seq, tag, .. } if (seq, tag) == (there.seq, there.tag))
    );
    let ServerFrame::Rows(rows) = socket.frame().await else { panic!("no rows") };
    assert_eq!((rows.from, rows.to, rows.tag), (screen.cursor.seq, there.seq, there.tag));
    screen.come().await.unwrap();
    screen.reach(there.seq).await;
    assert_eq!(screen.rows, proof::fold::kept(desk.snapshot().await.put));
}

/// P-24: a cursor of a lost history, or from the future, resyncs its own client and no other.
#[tokio::test]
async fn a_foreign_or_future_cursor_affects_nobody_else() {
    let host = Host::start().await;
    let (room, desk) = host.room(1).await;
    let wall = host.door.come_in(room, Audience::Wall, &[]).await;
    let mut calm = Screen::live(wall).await;
    let at = head(&desk).await;
    calm.reach(at.seq).await;
    let other = Tag([7; 8]);
    for (forged, why) in [
        (Cursor { tag: other, ..at }, Why::OtherHistory),
        (Cursor { seq: Seq(1), tag: at.tag }, Why::OtherHistory),
        (Cursor { seq: Seq(0), tag: at.tag }, Why::OtherHistory),
        (Cursor { seq: at.seq.next(), tag: at.tag }, Why::Ahead),
        (Cursor { seq: Seq(u64::MAX), tag: other }, Why::Ahead),
    ] {
        let mut socket = desk.welcomed().await;
        assert_eq!(
            answer(&mut socket, &desk, Some(forged)).await,
            resync(&desk, why),
            "{forged:?}"
        );
    }
    let seq = desk.does(cast::departs(0)).await;
    calm.reach(seq).await;
    assert_eq!(calm.seen.len(), 2, "one snapshot, one frame: {:?}", calm.seen);
}

/// P-25: many rows came and went since; the current state is smaller.
#[tokio::test]
async fn a_snapshot_replaces_a_longer_catch_up() {
    let host = Host::start().await;
    let room = host.door.open_room(0).await;
    let desk = host.door.come_in(room, Audience::Desk, &[Role::Lead]).await;
    let early = head(&desk).await;
    for n in 0..12 {
        host.door.sets_up(room, cast::register(n)).await;
    }
    for n in 1..12 {
        let why = cast::text("listed twice");
        let (from, into) = (cast::person(n), cast::person(0));
        host.door.sets_up(room, Command::from(register::Plan::Merge { from, into, why })).await;
    }
    let mut socket = desk.welcomed().await;
    assert_eq!(answer(&mut socket, &desk, Some(early)).await, resync(&desk, Why::Smaller));
}

/// P-26: the later one wins.
#[tokio::test]
async fn a_later_sub_replaces_the_earlier_one() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let first = head(&desk).await;
    desk.does(cast::line("one")).await;
    let second = head(&desk).await;
    let mut socket = desk.welcomed().await;
    answer(&mut socket, &desk, Some(second)).await;
    answer(&mut socket, &desk, Some(first)).await;
    let ServerFrame::Rows(rows) = socket.news().await else { panic!("no rows") };
    assert_eq!((rows.from, rows.to), (first.seq, second.seq));
    let third = desk.does(cast::line("two")).await;
    let ServerFrame::Rows(rows) = socket.news().await else { panic!("no rows") };
    assert_eq!((rows.from, rows.to), (second.seq, third), "each entry comes once");
}
