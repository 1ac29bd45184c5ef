//! Rows: a screen shows exactly the state of the room.

use proof::{
    cast,
    device::Device,
    fold::{self, Rows},
    host::Host,
    screen::Screen,
};
use proto::{
    command::Command,
    frame::ServerFrame,
    id::{RoomId, Seq},
    key::Key,
    log::Show,
    role::{Audience, Role},
    row::Row,
    transfer::PlaceNow,
    whereabouts,
};

/// Connects a device for every audience.
async fn everybody(host: &Host, room: RoomId) -> Vec<Device> {
    let mut devices = Vec::new();
    for (face, roles) in [
        (Audience::Wall, [].as_slice()),
        (Audience::Desk, &[Role::Lead]),
        (Audience::Phone, &[Role::NamedSw]),
        (Audience::Sitrep, &[Role::Director]),
    ] {
        devices.push(host.door.come_in(room, face, roles).await);
    }
    devices
}

async fn folded(host: &Host, room: RoomId, audience: Audience) -> Rows {
    let entries = fold::entries(&**host.running.journal(), room).await;
    fold::rows(&fold::fold(&entries).0, audience)
}

/// P-27, P-28, P-29: every frame follows the last, and the result matches the journal (I-16).
#[tokio::test]
async fn every_screen_matches_the_journal() {
    let host = Host::start().await;
    let room = host.door.open_room(4).await;
    let devices = everybody(&host, room).await;
    let mut screens = Vec::new();
    for device in &devices {
        screens.push(Screen::live(device.clone()).await);
    }
    let lead = &devices[1];
    let soon = host.clock.now().plus_ms(3_600_000);
    let show = Show { wall: true, phones: true, directors: true };
    let mut last = Seq(0);
    for command in [
        cast::departs(0),
        cast::line("for the desk alone"),
        cast::shown("The lift works again", show),
        cast::arrives(0),
        cast::adds_home(1),
        cast::signs_on(soon),
        Command::from(whereabouts::Fact::Die { person: cast::person(1) }),
        cast::departs(5),
    ] {
        last = lead.does(command).await;
        for screen in &mut screens {
            screen.reach(last).await;
        }
    }
    for screen in &screens {
        assert_eq!(screen.cursor.seq, last);
        assert_eq!(screen.rows, folded(&host, room, screen.device.face).await);
        assert_eq!(screen.rows, fold::kept(screen.device.snapshot().await.put));
    }
}

/// P-28: a wall advances past an entry that it may not see, without a byte of it.
#[tokio::test]
async fn an_entry_without_rows_moves_the_cursor() {
    let host = Host::start().await;
    let (room, desk) = host.room(0).await;
    let wall = host.door.come_in(room, Audience::Wall, &[]).await;
    let at = wall.snapshot().await;
    let mut socket = wall.welcomed().await;
    socket.say(&wall.sub(Some(proto::id::Cursor { seq: at.to, tag: at.tag }))).await;
    let seq = desk.does(cast::line("for the desk alone")).await;
    let ServerFrame::Rows(rows) = socket.news().await else { panic!("no rows") };
    assert_eq!((rows.from, rows.to), (at.to, seq));
    assert!(rows.put.is_empty() && rows.del.is_empty(), "{rows:?}");
}

/// P-29: a departure moves the person between counts, with the unmet gates; one frame carries all of it
/// (I-6).
#[tokio::test]
async fn an_entry_is_shown_in_one_frame() {
    let host = Host::start().await;
    let (_, desk) = host.room(1).await;
    let at = desk.snapshot().await.to;
    let mut socket = desk.following().await;
    let seq = desk.does(cast::departs(0)).await;
    let frame = loop {
        if let ServerFrame::Rows(rows) = socket.news().await {
            break rows;
        }
    };
    assert_eq!((frame.from, frame.to), (at, seq));
    let rows = fold::kept(frame.put);
    let Some(Row::DeskPerson(person)) = rows.get(&Key::Person(cast::person(0))) else {
        panic!("{rows:?}")
    };
    let Some(Row::Census(census)) = rows.get(&Key::Census) else { panic!("{rows:?}") };
    assert_eq!(person.place, PlaceNow::OnTheWay);
    assert!(!person.breaches.is_empty(), "what was not met comes with it");
    let counted = |place| census.places.iter().find(|one| one.place == place).map(|one| one.people);
    assert_eq!(counted(PlaceNow::OnTheWay), Some(1));
    assert_eq!(counted(PlaceNow::AtTheHome), Some(0));
    assert!(rows.keys().any(|key| matches!(key, Key::Log(_))), "and its line in the log");
}

/// P-31: names, birth dates and cards are searched for in every byte sent (I-17).
#[tokio::test]
async fn nothing_for_the_wall_or_directors_names_anybody() {
    let host = Host::start().await;
    let room = host.door.open_room(4).await;
    let devices = everybody(&host, room).await;
    let lead = &devices[1];
    for n in 0..4 {
        lead.does(cast::departs(n)).await;
        let seen = lead.snapshot().await.to.0;
        lead.fate(&cast::edits(n, seen, cast::bedroom("9A"))).await;
    }
    lead.does(cast::line("Ottoline Quillfeather has gone ahead")).await;
    for device in &devices {
        let answer = device.get(&device.rows_path()).send().await;
        let bytes = String::from_utf8(answer.body.to_vec()).unwrap();
        let found: Vec<&str> = cast::canaries().filter(|word| bytes.contains(word)).collect();
        let is_open = matches!(device.face, Audience::Desk | Audience::Phone);
        assert_eq!(found.is_empty(), !is_open, "{:?}: {found:?}", device.face);
        assert!(!bytes.contains(cast::CARD_WORDS), "cards are pulled, not sent");
        for n in 0..4 {
            let born = cast::details(n).date_of_birth.unwrap();
            assert_eq!(bytes.contains(born.as_str()), is_open, "{:?}", device.face);
            let is_keyed = bytes.contains(&cast::person(n).to_string());
            assert_eq!(is_keyed, device.face != Audience::Sitrep, "{:?}", device.face);
        }
    }
}

/// P-31: a line that names somebody is refused for the wall.
#[tokio::test]
async fn a_line_for_the_wall_names_nobody() {
    let host = Host::start().await;
    let (_, desk) = host.room(2).await;
    let show = Show { wall: true, ..Show::default() };
    let named = cast::asks(cast::shown("Please call Ottoline's family", show));
    let told = serde_json::to_string(&desk.fate(&named).await).unwrap();
    assert!(told.contains("\"refused\"") && told.contains("\"value\""), "{told}");
}
