//! No name on a board: text entered before a name is known, names that change, people who merge (P-31, P-110 to
//! P-112, I-17).

use proptest::{collection::vec, prelude::*, sample::select};
use proto::{
    command::Command,
    deadline::{self, Deadline},
    details::{self, PersonChange},
    home,
    id::{CommandId, MemberId, PersonId, Seq},
    incident::{self, IncidentChange},
    key::Key,
    limit::LOG_ROWS,
    log::{self, Show},
    member::{self, Actor},
    refusal::Code,
    register,
    role::{Audience, Ceiling, Role},
    row::Row,
    text::{Bedroom, PersonName},
};
use serde_json::Value;

use super::{
    histories::protects,
    property::{Rows, cases, replaced, rows},
    scene::{
        DESK, LEAD, START, Scene, details, home, line, person, profile, reason, receiving, short,
        text, uuid_of,
    },
};

const BOARDS: [Audience; 2] = [Audience::Wall, Audience::Sitrep];
const EVERYWHERE: Show = Show { wall: true, phones: true, directors: true };
/// The limit of touched rows other than those of the log and of homes.
const OTHERS_MAX: usize = 16;

/// The names in these histories.
const CALLED: [&str; 7] = [
    "Zebedee Quux",
    "Bo Ng",
    "Siân Prys",
    "Jörg Müller",
    "Ivy May",
    "Rose Hill",
    "Gwendolen O'Dowd",
];
const KNOWN_AS: [&str; 4] = ["Quillon", "Bo", "Tabitha", "Zebedee"];

/// The texts in these histories.
const SAID: [&str; 18] = [
    "Zebedee Quux is late",
    "ask quux about the keys",
    "Bo Ng left by taxi",
    "NG, BO: chair on the next bus",
    "taxi for Sian",
    "SIÂN PRYS waits",
    "Mullers bag",
    "Call Jorg Müller",
    "Quillon has the chair",
    "Tabitha's daughter rang",
    "ivy may rings at two",
    "Rose Hill is full",
    "Bed at Rose Hill House",
    "Gwendolen and the ODowd family",
    "Minibus will be late until 22 May",
    "The lift works again",
    "K7F may leave at ten",
    "Magistrates",
];

/// Returns lower-case words without accents, using a table of the letters of these histories.
fn folded(words: &str) -> String {
    let letter = |c: char| match c {
        'â' => 'a',
        'ö' => 'o',
        'ü' => 'u',
        other if other.is_alphanumeric() => other,
        _ => ' ',
    };
    words.to_lowercase().replace('\'', "").chars().map(letter).collect()
}

/// Returns the words of a person's names that no board text may contain, and the word sequences that no text at all
/// may contain.
fn forbidden(scene: &Scene) -> (Vec<String>, Vec<String>) {
    let people = scene.room.people.values();
    let named = people.flat_map(|person| {
        let details = &person.details;
        details.name.iter().chain(&details.known_as).chain(&person.aliases)
    });
    let (mut words, mut rows) = (Vec::new(), Vec::new());
    for name in named {
        let name = folded(name.as_str());
        if name.contains(' ') {
            rows.push(format!(" {name} "));
        }
        let ordinary = ["bo", "ng", "may", "hill"];
        words.extend(name.split(' ').filter(|w| !ordinary.contains(w)).map(|w| format!(" {w} ")));
    }
    (words, rows)
}

/// Returns every text of a row except initials.
fn texts(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::String(text) => all.push(format!(" {} ", folded(text))),
        Value::Array(values) => values.iter().for_each(|value| texts(value, all)),
        Value::Object(fields) => {
            for (_, value) in fields
                .iter()
                .filter(|(name, _)| !matches!(name.as_str(), "initials" | "answered_by"))
            {
                texts(value, all);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Checks that the boards' rows contain nobody's name.
fn names_nobody(scene: &Scene, audience: Audience, held: &Rows) -> Result<(), TestCaseError> {
    let (words, whole) = forbidden(scene);
    // Place names are public: no word of a place name of several words names a person.
    let homes = scene.room.homes.values();
    let homes = homes.map(|home| format!(" {} ", folded(home.name.as_str())));
    let places: Vec<String> = homes.filter(|name| name.trim().contains(' ')).collect();
    for row in held.values() {
        let mut all = Vec::new();
        texts(&serde_json::to_value(row).unwrap(), &mut all);
        let is_place = matches!(row, Row::WallHome(_));
        for text in &all {
            for row in &whole {
                prop_assert!(!text.contains(row), "{row} in {text} for {audience:?}");
            }
            let rest = places.iter().fold(text.clone(), |rest, place| rest.replace(place, " "));
            for word in words.iter().filter(|_| !is_place) {
                prop_assert!(!rest.contains(word), "{word} in {text} for {audience:?}");
            }
        }
    }
    Ok(())
}

fn named(n: u128, name: &str) -> Command {
    let name = Some(PersonName::parse(name).unwrap());
    let details = Box::new(PersonChange { name, ..details(n) });
    Command::from(register::Plan::Register { person: person(n), details, questions: Vec::new() })
}

fn known_as(person: PersonId, name: &str) -> Command {
    let known_as = Some(PersonName::parse(name).unwrap());
    let change = Box::new(PersonChange { known_as, ..PersonChange::default() });
    Command::from(details::Plan::Change { person, change })
}

fn merges(from: u128, into: u128) -> Command {
    Command::from(register::Plan::Merge { from: person(from), into: person(into), why: reason() })
}

fn admits(n: u128, name: &str) -> Command {
    let profile = profile(name, vec![Role::Deputy]);
    Command::from(member::Plan::Admit {
        member: MemberId(uuid_of(n)),
        profile,
        ceiling: Ceiling::Staff,
    })
}

fn deadline(minutes: i64, set_by: &str, why: &str) -> Command {
    let at = START.plus_ms(minutes * 60_000);
    Command::from(deadline::Plan::Set {
        deadline: Deadline { at, set_by: short(set_by), why: text(why) },
    })
}

fn changes(title: Option<&str>, order: Option<&str>) -> Command {
    let change = IncidentChange {
        title: title.map(short),
        order: order.map(text),
        ..IncidentChange::default()
    };
    Command::from(incident::Plan::Change { change })
}

fn adds(n: u128, name: &str) -> Command {
    Command::from(home::Plan::Add { home: receiving(home(n), name) })
}

/// Generates any command of these histories.
fn command() -> impl Strategy<Value = Command> {
    let said = || select(SAID.to_vec());
    let called = || select(CALLED.to_vec());
    let who = || 1..5_u128;
    let show = (any::<bool>(), any::<bool>()).prop_map(|(wall, directors)| Show {
        wall,
        phones: false,
        directors,
    });
    prop_oneof![
        6 => (said(), show).prop_map(|(said, show)| line(said, show)),
        1 => (0..40_u64, said(), said()).prop_map(|(n, said, why)| Command::from(log::Plan::Correct {
            line: Seq(n),
            text: text(said),
            why: text(why)
        })),
        1 => (said(), prop::option::of(said())).prop_map(|(t, order)| changes(Some(t), order)),
        1 => (0..600_i64, said(), said()).prop_map(|(at, by, why)| deadline(at, by, why)),
        1 => (0..600_i64).prop_map(|m| Command::from(deadline::Plan::Lift {
            at: START.plus_ms(m * 60_000),
            entry: None,
            why: reason()
        })),
        3 => (who(), called()).prop_map(|(n, name)| named(n, name)),
        2 => (who(), called()).prop_map(|(n, name)| Command::from(details::Plan::Change {
            person: person(n),
            change: Box::new(PersonChange {
                name: Some(PersonName::parse(name).unwrap()),
                bedroom: name.split(' ').next().map(|word| Bedroom::parse(word).unwrap()),
                ..PersonChange::default()
            })
        })),
        2 => (who(), select(KNOWN_AS.to_vec())).prop_map(|(n, name)| known_as(person(n), name)),
        2 => (who(), who()).prop_map(|(from, into)| merges(from, into)),
        1 => (0..60_u128, any::<bool>()).prop_map(|(n, take)| Command::from(details::Plan::SettleEdit {
            edit: CommandId(uuid_of(1_000_000 + n)),
            take
        })),
        1 => who().prop_map(|n| protects(person(n))),
        1 => (10..14_u128, called()).prop_map(|(n, name)| adds(n, name)),
        1 => (15..17_u128, select(vec!["Rose Hill House", "Tabitha", "Quillon House"]))
            .prop_map(|(n, name)| adds(n, name)),
    ]
}

proptest! {
    #![proptest_config(cases())]

    /// I-17, P-110, P-111: whatever was entered before a name was known, no row of wall or sitrep contains a name on
    /// the register at that entry, and few rows are touched for it.
    #[test]
    fn no_board_names_anybody_on_the_current_register(
        steps in vec((command(), 0..50_u64), 1..60)
    ) {
        let mut scene = Scene::open();
        let mut held = BOARDS.map(|audience| rows(&scene.room, audience));
        for (command, seen) in &steps {
            scene.later(1);
            let mut context = scene.context(Actor::Member(LEAD));
            context.based_on = Some(Seq(*seen).min(scene.room.head()));
            let Ok((_, touched)) = scene.submit(&context, command) else { continue };
            for (audience, held) in BOARDS.into_iter().zip(&mut held) {
                *held = replaced(std::mem::take(held), &scene.room, audience, &touched);
                names_nobody(&scene, audience, held)?;
                prop_assert_eq!(&*held, &rows(&scene.room, audience), "after {:?}", command);
            }
            let lines = touched.iter().filter(|key| matches!(key, Key::Log(_))).count();
            prop_assert!(lines <= Audience::ALL.len() * (LOG_ROWS + 1), "{lines} lines");
            let homes = touched.iter().filter(|key| matches!(key, Key::Home(_))).count();
            prop_assert!(touched.len() - lines - homes <= OTHERS_MAX, "by {command:?}");
        }
    }
}

/// Returns an entry's line as an audience sees it.
fn shown(scene: &Scene, audience: Audience, seq: Seq) -> String {
    match scene.room.row(audience, Key::Log(seq)) {
        Some(Row::ShownLog(line)) => line.text.to_string(),
        Some(Row::PhoneLog(line)) => line.text.to_string(),
        Some(Row::DeskLog(line)) => line.text.to_string(),
        other => panic!("no line but {other:?}"),
    }
}

/// Adds a line shown to every audience, from the desk; returns its entry.
fn says(scene: &mut Scene, words: &str) -> Seq {
    scene.by(LEAD, line(words, EVERYWHERE)).unwrap();
    scene.room.head()
}

/// Submits a command, and returns whether it touched that line.
fn does(scene: &mut Scene, command: &Command, line: Seq) -> bool {
    let context = scene.context(Actor::Importer);
    scene.submit(&context, command).unwrap().1.contains(&Key::Log(line))
}

/// P-111: the room opens at 16:42 and the list arrives at 19:10.
#[test]
fn a_line_naming_a_person_registered_later_is_withheld_from_boards_only() {
    let mut scene = Scene::open();
    let words = "Zebedee Quux is late";
    let seq = says(&mut scene, words);
    let other = says(&mut scene, "Minibus 2 is late");
    assert_eq!(shown(&scene, Audience::Wall, seq), words);
    assert!(!scene.log(seq).unwrap().withheld);
    let context = scene.context(Actor::Importer);
    let (_, touched) = scene.submit(&context, &named(1, "Zebedee Quux")).unwrap();
    assert!(touched.contains(&Key::Log(seq)) && !touched.contains(&Key::Log(other)));
    for audience in BOARDS {
        assert_eq!(shown(&scene, audience, seq), crate::privacy::boards::LINE);
        assert_eq!(shown(&scene, audience, other), "Minibus 2 is late");
    }
    for audience in [Audience::Desk, Audience::Phone] {
        assert_eq!(shown(&scene, audience, seq), words, "{audience:?}");
    }
    assert!(scene.log(seq).unwrap().withheld && !scene.log(other).unwrap().withheld);
}

/// P-111: known as, renamed, merged: the current register decides.
#[test]
fn a_name_gained_is_withheld_and_a_name_lost_is_shown_again() {
    let mut scene = Scene::open();
    let quillon = says(&mut scene, "Quillon has the chair");
    scene.set_up(named(1, "Zebedee Quux"));
    scene.set_up(named(2, "Siân Prys"));
    assert!(does(&mut scene, &known_as(person(1), "Quillon"), quillon));
    assert_eq!(shown(&scene, Audience::Wall, quillon), crate::privacy::boards::LINE);
    scene.set_up(merges(1, 2));
    assert_eq!(
        shown(&scene, Audience::Wall, quillon),
        crate::privacy::boards::LINE,
        "kept by the merge"
    );
    scene.set_up(named(3, "Tabitha Vane"));
    let renamed = Command::from(details::Plan::Change {
        person: person(3),
        change: Box::new(PersonChange {
            name: Some(PersonName::parse("Thomasina Vane").unwrap()),
            ..PersonChange::default()
        }),
    });
    scene.by(LEAD, line("Tabitha has the keys", EVERYWHERE)).unwrap_err();
    scene.set_up(renamed);
    let tabitha = says(&mut scene, "Tabitha has the keys");
    assert!(does(&mut scene, &known_as(person(3), "Tabitha"), tabitha));
    assert!(does(&mut scene, &known_as(person(3), "Tammy"), tabitha));
    assert_eq!(shown(&scene, Audience::Sitrep, tabitha), "Tabitha has the keys");
    scene.set_up(admits(80, "Ruth Quarrington (manager)"));
    let refused = scene.by(LEAD, line("Quarrington was told", EVERYWHERE)).unwrap_err();
    assert_eq!(refused.code, Code::Value);
}

/// P-110: the title, the order, the setter and reason of a deadline, and the reason of a correction.
#[test]
fn every_board_text_is_refused_while_it_names_a_person() {
    let mut scene = Scene::with_people(3);
    let wrong = says(&mut scene, "The lift works again");
    let correct =
        |why| Command::from(log::Plan::Correct { line: wrong, text: text("It does not"), why });
    for (command, words) in [
        (changes(None, Some("order about Winston Baptiste")), "the order names somebody"),
        (changes(Some("Harbour Rise, Sheila"), None), "the title names somebody"),
        (deadline(60, "Ruth Adeyemi", "by order"), "the body or the role"),
        (deadline(60, "Magistrates", "asked for by Ruth"), "the reason names somebody"),
        (correct(text("Pargeter said so")), "the reason names somebody"),
        (adds(9, "Winston Baptiste House"), "give the home another one"),
        (line("Bap\u{AD}tiste is late", EVERYWHERE), "use the reference"),
    ] {
        let refused = scene.by(LEAD, command).unwrap_err();
        assert_eq!(refused.code, Code::Value);
        assert!(refused.words.contains(words), "{}", refused.words);
    }
    scene.by(LEAD, changes(Some("Harbour Rise, north"), Some("section 30"))).unwrap();
    scene.by(LEAD, adds(9, "Baptiste House")).unwrap();
    scene.by(DESK, line("Winston is late", Show::default())).unwrap();
}

/// P-111: the same for the incident's text; the desk and phones keep it.
#[test]
fn title_order_and_deadline_are_withheld_once_they_name_a_person() {
    let mut scene = Scene::open();
    scene.by(LEAD, changes(Some("Zebedee and others"), Some("about quux"))).unwrap();
    scene.by(LEAD, deadline(60, "Quillon", "for Zebedee")).unwrap();
    scene.set_up(named(1, "Zebedee Quux"));
    scene.set_up(known_as(person(1), "Quillon"));
    let told = |audience| {
        let row = scene.room.row(audience, Key::Incident);
        serde_json::to_string(&row.unwrap()).unwrap().to_lowercase()
    };
    for audience in BOARDS {
        for word in ["zebedee", "quux", "quillon"] {
            assert!(!told(audience).contains(word), "{word} for {audience:?}");
        }
        assert!(told(audience).contains("title on the desk"));
        assert!(told(audience).contains("(on the desk)"));
        assert!(told(audience).contains("the reason is on the desk"));
    }
    assert!(["zebedee", "quux", "quillon"].iter().all(|word| told(Audience::Desk).contains(word)));
    assert!(told(Audience::Phone).contains("zebedee and others"));
    assert!(told(Audience::Desk).contains("\"withheld\":true"), "the desk is told");
    let at = START.plus_ms(3_600_000);
    scene.by(LEAD, changes(Some("Harbour Rise"), Some("section 30"))).unwrap();
    scene.by(LEAD, Command::from(deadline::Plan::Lift { at, entry: None, why: reason() })).unwrap();
    let told = scene.room.row(Audience::Desk, Key::Incident);
    assert!(matches!(told, Some(Row::DeskIncident(row)) if !row.withheld));
}

/// P-112: place names are public; a person's full name never is.
#[test]
fn a_place_named_after_a_person_is_shown_but_a_full_name_is_not() {
    let mut scene = Scene::open();
    scene.by(LEAD, adds(4, "Rose Hill")).unwrap();
    scene.by(LEAD, adds(5, "Gwendolen House")).unwrap();
    let line = says(&mut scene, "Bed at Rose Hill, rung");
    scene.set_up(named(1, "Rose Pargeter"));
    scene.set_up(named(2, "Gwendolen Hill"));
    let wall = |scene: &Scene, n| match scene.room.row(Audience::Wall, Key::Home(home(n))) {
        Some(Row::WallHome(row)) => row.short_name.as_str().to_owned(),
        other => panic!("no home but {other:?}"),
    };
    assert_eq!((wall(&scene, 4), wall(&scene, 5)), ("Rose Hill".into(), "Gwendolen House".into()));
    assert_eq!(shown(&scene, Audience::Wall, line), "Bed at Rose Hill, rung");
    let context = scene.context(Actor::Importer);
    let (_, touched) = scene.submit(&context, &named(3, "Rose Hill")).unwrap();
    assert!(touched.contains(&Key::Home(home(4))) && !touched.contains(&Key::Home(home(5))));
    assert_eq!(wall(&scene, 4), "see the desk");
    assert_eq!(shown(&scene, Audience::Wall, line), crate::privacy::boards::LINE);
    assert!(matches!(
        scene.room.row(Audience::Desk, Key::Home(home(4))),
        Some(Row::Home(row)) if row.short_name.as_str() == "Rose Hill"
    ));
}

/// P-112: the wall shows bedroom numbers; words beside a reference could be a name.
#[test]
fn a_bedroom_on_the_wall_is_never_a_name() {
    let mut scene = Scene::with_people(1);
    for (bedroom, is_shown) in [
        ("7", true),
        ("12A", true),
        ("GF3", true),
        ("A", true),
        ("Nelson 4", true),
        ("Winston 4", false),
        ("Baptiste", false),
        ("Haddock", false),
        ("Bluebell", false),
    ] {
        let change = PersonChange {
            bedroom: Some(Bedroom::parse(bedroom).unwrap()),
            ..PersonChange::default()
        };
        let change = Box::new(change);
        scene.set_up(Command::from(details::Plan::Change { person: person(1), change }));
        assert_eq!(scene.wall(1).bedroom.is_some(), is_shown, "{bedroom}");
        assert!(scene.desk(1).bedroom.is_some());
    }
}

/// P-111: an ordinary word that is also a person's name touches no line that does not name them.
#[test]
fn names_that_are_ordinary_words_touch_no_lines() {
    let mut scene = Scene::open();
    for n in 0..LOG_ROWS {
        says(
            &mut scene,
            &format!("Bus {n} will leave the hall at ten. Hall door, all of the team"),
        );
    }
    for (n, (name, moved)) in
        [("Will Quarrie", 0), ("Bo Team", 0), ("Ivy Hall", 50), ("Al Hall", 50)]
            .into_iter()
            .enumerate()
    {
        let context = scene.context(Actor::Importer);
        let command = named(u128::try_from(n).unwrap() + 1, name);
        let (_, touched) = scene.submit(&context, &command).unwrap();
        // Its own line pushes the oldest out of the desk's window.
        let own = 2;
        let lines = touched.iter().filter(|key| matches!(key, Key::Log(_))).count();
        assert!((moved..=moved + own).contains(&lines), "{name}: {lines}");
    }
}
