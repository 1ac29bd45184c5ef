//! Rights: what a role allows, and when it ends.

use proof::{cast, host::Host, screen::Screen, socket::Heard};
use proto::{
    close::Close,
    command::Command,
    frame::ServerFrame,
    help::{self, HelpKind},
    id::{Cursor, HelpId, RoomId, Seq},
    key::Key,
    outcome::Fate,
    refusal::Code,
    role::{Audience, Role},
    row::Row,
    sign_in,
};

fn is_refused(fate: &Fate, code: Code) -> bool {
    matches!(fate, Fate::Refused(no) if no.code == code)
}

/// P-32: not one byte of the entry, nor of anything after it (I-18).
#[tokio::test]
async fn a_client_that_loses_the_right_gets_nothing_more() {
    let host = Host::start().await;
    let (room, lead) = host.room(1).await;
    let worker = host.door.come_in(room, Audience::Desk, &[Role::Bizsup]).await;
    let at = worker.snapshot().await;
    let mut socket = worker.welcomed().await;
    socket.say(&worker.sub(Some(Cursor { seq: at.to, tag: at.tag }))).await;
    assert!(matches!(socket.frame().await, ServerFrame::Beat { .. }));
    lead.does(cast::gives(worker.member, &[Role::Director])).await;
    lead.does(cast::line("not for directors")).await;
    loop {
        match socket.hear().await {
            Heard::Frame(ServerFrame::Beat { .. }) => {}
            Heard::Frame(frame) => panic!("{frame:?}"),
            Heard::Closed(code) => break assert_eq!(code, Some(Close::NotYours.code())),
        }
    }
    let told = worker.get(&worker.rows_path()).send().await.error();
    assert_eq!(told, (403, "not_yours".to_owned()));
    let fate = worker.fate(&cast::asks(cast::line("still here"))).await;
    assert!(is_refused(&fate, Code::NotYours), "{fate:?}");
}

/// P-32: a change to another member's roles, or one that keeps the right, closes nothing.
#[tokio::test]
async fn a_client_that_keeps_the_right_stays_connected() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    let worker = host.door.come_in(room, Audience::Desk, &[Role::Bizsup]).await;
    let mut screen = Screen::live(worker.clone()).await;
    lead.does(cast::gives(worker.member, &[Role::Records, Role::Meds])).await;
    host.door.come_in(room, Audience::Phone, &[Role::Nurse]).await;
    let seq = lead.does(cast::line("for every desk")).await;
    while screen.cursor.seq < seq {
        screen.step().await.unwrap();
    }
}

/// P-49: the wall only shows; directors only read.
#[tokio::test]
async fn a_screen_and_a_director_change_nothing() {
    let host = Host::start().await;
    let (room, lead) = host.room(1).await;
    let wall = host.door.come_in(room, Audience::Wall, &[]).await;
    let director = host.door.come_in(room, Audience::Sitrep, &[Role::Director]).await;
    let worker = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let head = lead.snapshot().await.to;
    let facts = [cast::departs(0), cast::line("a word"), cast::gives(lead.member, &[])];
    for device in [&wall, &director] {
        for command in facts.clone() {
            let fate = device.fate(&cast::asks(command)).await;
            assert!(is_refused(&fate, Code::NotYours), "{:?}: {fate:?}", device.face);
        }
    }
    let fate = worker.fate(&cast::asks(cast::gives(worker.member, &[Role::Lead]))).await;
    assert!(is_refused(&fate, Code::NotYours), "{fate:?}");
    assert_eq!(lead.snapshot().await.to, head);
}

/// P-106: everybody in the building is on the roll, and can call for help.
#[tokio::test]
async fn a_director_calls_for_help_and_signs_on_and_off() {
    let host = Host::start().await;
    let (room, lead) = host.room(1).await;
    let director = host.door.come_in(room, Audience::Sitrep, &[Role::Director]).await;
    director.does(cast::signs_on(host.clock.now().plus_ms(3_600_000))).await;
    let help = HelpKind::NotSafe;
    let call = cast::asks(Command::from(help::Fact::Call { help, person: None, place: None }));
    let Fate::Ok { seq } = director.fate(&call).await else { panic!("help is refused") };
    let mut screen = Screen::live(lead).await;
    screen.reach(seq).await;
    let told = screen.row(Key::Help(HelpId(call.id.0)));
    assert!(matches!(told, Some(Row::Help(row)) if row.member == director.member), "{told:?}");
    let words = cast::text("the lead came");
    director.does(Command::from(help::Fact::End { call: HelpId(call.id.0), words })).await;
    let word = proto::sign_in::Word { member: Some(screen.device.member), on_word_of: None };
    let fate = director.fate(&cast::asks(Command::from(sign_in::Fact::CheckIn { word }))).await;
    assert!(is_refused(&fate, Code::NotYours), "{fate:?}");
}

/// P-48: whether another room exists is not revealed.
#[tokio::test]
async fn another_room_and_a_missing_room_look_the_same() {
    let host = Host::start().await;
    let (_, desk) = host.room(1).await;
    let (other, _) = host.room(1).await;
    let (nowhere, nonsense) = (RoomId(uuid::Uuid::new_v4()).to_string(), "7".to_owned());
    let body = || proto::http::CommandsRequest { commands: vec![cast::asks(cast::line("x"))] };
    let mut answers = Vec::new();
    for room in [other.to_string(), nowhere, nonsense] {
        let base = format!("/api/rooms/{room}");
        let asked = [
            desk.post(&format!("{base}/commands")).json(&body()),
            desk.get(&format!("{base}/rows?audience=desk")),
            desk.get(&format!("{base}/log?before=3")),
            desk.get(&format!("{base}/people/{}", cast::person(0))),
        ];
        for ask in asked {
            let answer = ask.send().await;
            assert_eq!(answer.error(), (404, "no_room".to_owned()));
            answers.push(answer.body);
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    let theirs = host.running.journal().head(other).await.unwrap().unwrap();
    assert!(theirs.seq > Seq(0), "the other room is there");
}
