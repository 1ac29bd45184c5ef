//! No name on a wall: text with a name is refused, and withheld once it turns out to name somebody.

use proof::{cast, device::Device, host::Host, screen::Screen};
use proto::{
    command::{Command, Envelope},
    deadline::{self, Deadline},
    details::PersonChange,
    home::{self, Home},
    id::Seq,
    incident::{self, IncidentChange},
    key::Key,
    log::{self, DeskLog, Show},
    nouns::Plan,
    outcome::Fate,
    refusal::Code,
    role::{Audience, Role},
    row::Row,
    text::Bedroom,
};

const EVERYWHERE: Show = Show { wall: true, phones: true, directors: true };
/// What boards show instead of a line that names somebody.
const WITHHELD: &str = "This line names somebody: it is on the desk.";

fn home(n: usize, short_name: &str) -> Command {
    let Command::Plan(Plan::Home(home::Plan::Add { home })) = cast::adds_home(n) else {
        panic!("no home")
    };
    Command::from(home::Plan::Add { home: Home { short_name: cast::text(short_name), ..home } })
}

fn changes(title: Option<&str>, order: Option<&str>) -> Command {
    let (title, order) = (title.map(cast::text), order.map(cast::text));
    Command::from(incident::Plan::Change {
        change: IncidentChange { title, order, ..IncidentChange::default() },
    })
}

fn deadline(host: &Host, set_by: &str, why: &str) -> Command {
    let at = host.clock.now().plus_ms(3_600_000);
    let deadline = Deadline { at, set_by: cast::text(set_by), why: cast::text(why) };
    Command::from(deadline::Plan::Set { deadline })
}

/// Sends an edit based on the current entry.
async fn edits(desk: &Device, command: Command) -> Fate {
    let seen = desk.snapshot().await.to;
    desk.fate(&Envelope { based_on: Some(seen), ..cast::asks(command) }).await
}

/// Returns the text of a line on a screen.
fn told(screen: &Screen, seq: Seq) -> String {
    match screen.row(Key::Log(seq)).unwrap() {
        Row::ShownLog(line) => line.text.to_string(),
        Row::PhoneLog(line) => line.text.to_string(),
        Row::DeskLog(line) => line.text.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Returns everything that a screen holds, and every byte of a fresh snapshot.
async fn bytes(screen: &Screen) -> String {
    let rows = serde_json::to_string(&screen.rows.values().collect::<Vec<_>>()).unwrap();
    let device = &screen.device;
    let answer = device.get(&device.rows_path()).send().await;
    rows + std::str::from_utf8(&answer.body).unwrap()
}

/// Connects a screen for each kind of board.
async fn boards(host: &Host, desk: &Device) -> [Screen; 2] {
    let wall = host.door.come_in(desk.room, Audience::Wall, &[]).await;
    let directors = host.door.come_in(desk.room, Audience::Sitrep, &[Role::Director]).await;
    [Screen::live(wall).await, Screen::live(directors).await]
}

/// P-110: text for boards is refused if it names somebody, with a message that says whom.
#[tokio::test]
async fn text_for_boards_is_refused_if_it_names_somebody() {
    let host = Host::start().await;
    let (_, desk) = host.room(2).await;
    let wrong = desk.does(cast::shown("The lift works again", EVERYWHERE)).await;
    let correct = |text, why| {
        Command::from(log::Plan::Correct {
            line: wrong,
            text: cast::text(text),
            why: cast::text(why),
        })
    };
    for (command, says) in [
        (changes(None, Some("order about Ottoline")), "the order names somebody"),
        (changes(Some("Lantern Court: Thistlewick"), None), "the title names somebody"),
        (deadline(&host, "Mr Thistlewick", "by order"), "the body or the role"),
        (deadline(&host, "Magistrates", "for Ottoline's family"), "the reason names somebody"),
        (correct("Quillfeather's lift", "misheard"), "use the reference"),
        (correct("The other lift", "Barnaby said so"), "the reason names somebody"),
        (cast::shown("ÓTTOLINE is late", EVERYWHERE), "use the reference"),
        (home(0, "Ottoline Quillfeather"), "give the home another one"),
    ] {
        match edits(&desk, command).await {
            Fate::Refused(refusal) => {
                assert_eq!(refusal.code, Code::Value);
                assert!(refusal.words.contains(says), "{}", refusal.words);
            }
            other => panic!("{other:?}"),
        }
    }
    let changed = edits(&desk, changes(Some("Lantern Court, north"), Some("section 30"))).await;
    assert!(matches!(changed, Fate::Ok { .. }), "{changed:?}");
    desk.does(deadline(&host, "Magistrates", "by order")).await;
}

/// P-111, P-31: text shown before a name was known leaves every board with the entry that brings the name,
/// and stays on desk and phones (I-17).
#[tokio::test]
async fn a_name_learned_later_leaves_the_boards_with_that_entry() {
    let host = Host::start().await;
    let (room, desk) = host.room(0).await;
    let said = "Ottoline Quillfeather is late";
    let seq = desk.does(cast::shown(said, EVERYWHERE)).await;
    let known_as = desk.does(cast::shown("Zuleika has the chair", EVERYWHERE)).await;
    let changed = changes(Some("Lantern Court and Ottoline"), Some("for quillfeather"));
    let changed = edits(&desk, changed).await;
    assert!(matches!(changed, Fate::Ok { .. }), "{changed:?}");
    let before = desk.does(deadline(&host, "Mrs Quillfeather", "for Zuleika")).await;
    let boards = boards(&host, &desk).await;
    let phone = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let [mut wall, mut directors] = boards;
    let (mut phone, mut lead) = (Screen::live(phone).await, Screen::live(desk.clone()).await);
    for screen in [&mut wall, &mut directors, &mut phone, &mut lead] {
        screen.reach(before).await;
        assert_eq!(told(screen, seq), said, "{:?}", screen.device.face);
    }

    desk.does(cast::register(0)).await;
    let change = PersonChange { known_as: Some(cast::name("Zuleika")), ..PersonChange::default() };
    let at = desk.snapshot().await.to.0;
    let Fate::Ok { seq: last } = desk.fate(&cast::edits(0, at, change)).await else {
        panic!("the edit was not taken");
    };
    for screen in [&mut wall, &mut directors, &mut phone, &mut lead] {
        screen.reach(last).await;
    }
    for board in [&wall, &directors] {
        assert_eq!(told(board, seq), WITHHELD);
        assert_eq!(told(board, known_as), WITHHELD);
        let held = bytes(board).await.to_lowercase();
        for word in ["ottoline", "quillfeather", "zuleika"] {
            assert!(!held.contains(word), "{word} on {:?}", board.device.face);
        }
    }
    for open in [&phone, &lead] {
        assert_eq!(told(open, seq), said, "{:?}", open.device.face);
    }
    let is_withheld = |line: &Row| matches!(line, Row::DeskLog(DeskLog { withheld: true, .. }));
    assert!(is_withheld(lead.row(Key::Log(seq)).unwrap()), "the desk is told");
}

/// P-112: a home's name is public and stays, unless it is somebody's full name; the wall shows only numbers
/// of bedrooms.
#[tokio::test]
async fn a_place_keeps_its_name_and_a_bedroom_is_no_name() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    desk.does(home(1, "Ottoline House")).await;
    desk.does(home(2, "Ottoline Quillfeather")).await;
    let [mut wall, _] = boards(&host, &desk).await;
    desk.does(cast::register(0)).await;
    let at = desk.snapshot().await.to.0;
    let words = PersonChange {
        bedroom: Some(Bedroom::parse("Ottoline").unwrap()),
        ..PersonChange::default()
    };
    let Fate::Ok { seq: last } = desk.fate(&cast::edits(0, at, words)).await else {
        panic!("the edit was not taken");
    };
    wall.reach(last).await;
    let short_name = |n| match wall.row(Key::Home(cast::home(n))) {
        Some(Row::WallHome(row)) => row.short_name.as_str().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(short_name(1), "Ottoline House");
    assert_eq!(short_name(2), "see the desk");
    let Some(Row::WallPerson(person)) = wall.row(Key::Person(cast::person(0))) else {
        panic!("nobody on the wall");
    };
    assert_eq!(person.bedroom, None);
    assert!(!bytes(&wall).await.contains("Quillfeather"));
}
