//! A protected destination is visible only to authorised readers (R35, I-17, P-94 to P-96).

use proto::{
    command::Command,
    details::{self, PersonChange},
    export::Reader,
    home,
    id::{HomeId, MemberId, Seq},
    journey::{self, Journey},
    key::Key,
    log::{self, Show},
    member::{self, Actor},
    pack,
    person::{card::Card, row::Destination},
    protection, rating,
    refusal::Code,
    register,
    role::{Audience, Ceiling, Role},
    row::Row,
    side::{self, SideKind, SidePlan},
    sign_in::{self, Word},
    text::PersonName,
    transfer::{ItemState, Stage},
    trouble::{self, Trouble},
    whereabouts::{self, FoundAt},
    worker,
};

use super::{
    histories::protects,
    property::rows,
    scene::{
        DESK, DIRECTOR, HOME_SITE, LEAD, Scene, WORKER, home, line, person, profile, reason,
        receiving, short, text, uuid_of,
    },
};
use crate::Room;

/// A member with the placements role.
const PLACEMENTS: MemberId = MemberId(uuid_of(5));

fn card(scene: &Scene, member: MemberId, n: u128) -> Option<Card> {
    scene.room.card(Actor::Member(member), Some(Ceiling::Staff), person(n))
}

/// Returns the destination of the first person, who has a place, on a reader's card.
fn read(scene: &Scene, member: MemberId) -> Option<HomeId> {
    card(scene, member, 1)?.protected.map(|place| place.destination.home.unwrap())
}

/// Returns every byte an audience was ever sent or holds.
fn bytes(scene: &Scene, audience: Audience) -> String {
    serde_json::to_string(&rows(&scene.room, audience).into_values().collect::<Vec<_>>()).unwrap()
}

fn gives(member: MemberId, role: Role) -> Command {
    Command::from(member::Plan::GiveRoles { member, roles: vec![role] })
}

/// A room in which the first person's place at Ashlea is known to everybody, through every channel.
fn told_everywhere() -> Scene {
    let mut scene = Scene::with_people(2);
    scene.make_ready(1);
    let id = person(1);
    let journey = |vehicle: &str| Journey {
        vehicle: Some(short(vehicle)),
        crew: None,
        leaves_at: None,
        arrives_at: None,
    };
    let show = Show { wall: true, phones: true, directors: true };
    let reference = scene.desk(1).reference.as_str().to_owned();
    let plan =
        SidePlan { side: SideKind::OnHold, reason: text("Ashlea rings at two"), until: None };
    for command in [
        Command::from(journey::Plan::Book { person: id, journey: journey("Ashlea minibus") }),
        line(&format!("{reference} goes to ashlea, rung"), show),
        line("Doreen? No: Winston is for Ashlea", Show::default()),
        Command::from(log::Plan::Add {
            text: text("Bed held at Ashlea"),
            person: Some(id),
            show: Show::default(),
        }),
        Command::from(rating::Plan::Rate {
            person: id,
            rating: rating::Rating::Watch,
            reason: text("No nurse at Ashlea until seven"),
        }),
        Command::from(trouble::Fact::Report {
            person: id,
            trouble: Trouble::WrongPapers,
            words: Some(text("Ashlea wants the chart")),
        }),
        Command::from(side::Plan::Start { person: id, plan }),
        Command::from(whereabouts::Fact::Depart {
            person: id,
            home: Some(home(1)),
            vehicle: Some(short("Ashlea car")),
        }),
        Command::from(whereabouts::Fact::Find {
            person: id,
            at: FoundAt::Arrived { home: home(1) },
            words: Some(text("seen at Ashlea")),
        }),
    ] {
        scene.later(2).by(LEAD, command).unwrap();
    }
    let seq = scene.room.head();
    let words = "It was Ashlea and not Birchmere";
    let correct =
        |line| Command::from(log::Plan::Correct { line, text: text(words), why: reason() });
    scene.by(LEAD, correct(Seq(seq.0 - 5))).unwrap();
    scene
}

#[test]
fn a_protected_destination_is_in_no_row_line_or_file_even_if_mentioned_before() {
    let mut scene = told_everywhere();
    assert!(bytes(&scene, Audience::Desk).to_lowercase().matches("ashlea").count() > 8);
    let context = scene.context(Actor::Member(LEAD));
    let (_, touched) = scene.submit(&context, &protects(person(1))).unwrap();
    let homes: Vec<Key> = (1..=3).map(|n| Key::Home(home(n))).collect();
    for audience in Audience::ALL {
        let mut held = rows(&scene.room, audience);
        held.retain(|key, _| !homes.contains(key));
        // The log lines about adding the homes mention nobody.
        held.retain(
            |_, row| !matches!(row, Row::DeskLog(line) if line.text.starts_with("Home added")),
        );
        let said = serde_json::to_string(&held.values().collect::<Vec<_>>()).unwrap();
        assert!(!said.to_lowercase().contains("ashlea"), "{audience:?}: {said}");
        assert!(!said.contains(&home(1).to_string()), "{audience:?}: {said}");
    }
    assert!(touched.iter().any(|key| matches!(key, Key::Log(_))), "old lines are told anew");
    assert_eq!(scene.desk(1).destination, Destination::default());
    assert_eq!(scene.desk(1).stage, Stage::Arrived, "the counts stay true");
    assert!(scene.desk(1).items.iter().any(|item| item.state == ItemState::Done));
    let mut room = Room::default();
    let mut moved = Vec::new();
    for entry in &scene.journal {
        moved.extend(room.apply_moving(entry, Reader::Operator));
    }
    room.guard_movements(&mut moved);
    let to: Vec<&str> = moved.iter().map(|moved| moved.to.as_str()).collect();
    assert_eq!(to, ["on the way to a home to confirm", "a home to confirm"]);
    assert!(moved.iter().all(|moved| moved.vehicle.is_none()));
    for reader in [Reader::Operator, Reader::Member(LEAD)] {
        let people = room.export_people(reader);
        assert!(people.iter().all(|line| line.home.is_none() && line.card.protected.is_none()));
    }
    let log = room.export_log(Seq(0), usize::MAX);
    let about = log.iter().filter(|line| !line.line.text.starts_with("Home added"));
    let names = about.filter(|line| format!("{line:?}").to_lowercase().contains("ashlea"));
    assert_eq!(names.count(), 0);
}

#[test]
fn the_protected_mark_is_on_desk_and_phone_and_never_on_the_wall() {
    let mut scene = Scene::with_people(1);
    scene.by(LEAD, protects(person(1))).unwrap();
    assert!(scene.desk(1).protected);
    assert!(bytes(&scene, Audience::Phone).contains("\"protected\":true"));
    for audience in [Audience::Wall, Audience::Sitrep] {
        assert!(!bytes(&scene, audience).contains("protected"), "{audience:?}");
    }
    for audience in Audience::ALL {
        let said = bytes(&scene, audience);
        assert!(!said.contains("Vane") && !said.contains("nephew"), "{audience:?}: {said}");
    }
}

#[test]
fn the_card_shows_a_protected_destination_only_to_authorised_readers() {
    let mut scene = Scene::with_people(2);
    scene.make_ready(1);
    let admit = Command::from(member::Plan::Admit {
        member: PLACEMENTS,
        profile: profile("Nerys Aldous", vec![Role::Placements]),
        ceiling: Ceiling::Staff,
    });
    scene.set_up(admit);
    assert!(card(&scene, LEAD, 1).unwrap().protected.is_none(), "the rows say it");
    scene.by(LEAD, protects(person(1))).unwrap();
    let place = card(&scene, LEAD, 1).unwrap().protected.unwrap();
    assert_eq!(place.destination.home, Some(home(1)));
    assert_eq!(place.protections[0].protection.who.as_str(), "Cuthbert Vane");
    assert_eq!(place.protections[0].set_by, Actor::Member(LEAD));
    for (role, may) in [
        (Role::Deputy, true),
        (Role::Vacancies, true),
        (Role::Placements, true),
        (Role::Transport, true),
        (Role::Family, true),
        (Role::Reassess, false),
        (Role::Mca, false),
        (Role::Bim, false),
        (Role::Finance, false),
        (Role::Moving, false),
        (Role::Meds, false),
        (Role::Records, false),
        (Role::Staffsup, false),
        (Role::Media, false),
        (Role::Bizsup, false),
        (Role::Loggist, false),
        (Role::NamedSw, false),
        (Role::TeamLeaderSite, false),
        (Role::Nurse, false),
        (Role::HomeManager, false),
        (Role::Director, false),
        (Role::SeniorManager, false),
    ] {
        scene.by(LEAD, gives(PLACEMENTS, role)).unwrap();
        let place = read(&scene, PLACEMENTS);
        assert_eq!(place, may.then_some(home(1)), "{role:?}");
    }
    assert_eq!(read(&scene, WORKER), Some(home(1)), "their own worker");
    let screen = scene.room.card(Actor::Screen, Some(Ceiling::Screen), person(1));
    assert!(screen.is_none() && card(&scene, DIRECTOR, 1).is_none());
}

#[test]
fn a_worker_sees_destinations_of_their_people_and_a_team_leader_until_departure() {
    let mut scene = Scene::with_people(2);
    scene.make_ready(1);
    scene.by(LEAD, protects(person(1))).unwrap();
    scene
        .by(LEAD, Command::from(worker::Plan::Name { person: person(1), worker: Some(DESK) }))
        .unwrap();
    assert_eq!(read(&scene, WORKER), None, "another's person");
    scene.by(LEAD, gives(WORKER, Role::TeamLeaderSite)).unwrap();
    assert_eq!(read(&scene, WORKER), None, "not at the home");
    let sign_in = scene.sign_on(WORKER, HOME_SITE, 8);
    assert_eq!(read(&scene, WORKER), Some(home(1)));
    let left =
        Command::from(whereabouts::Fact::Depart { person: person(1), home: None, vehicle: None });
    scene.later(2).by(WORKER, left).unwrap();
    assert_eq!(read(&scene, WORKER), Some(home(1)), "just left");
    let arrived = Command::from(whereabouts::Fact::Arrive { person: person(1), home: None });
    scene.later(30).by(LEAD, arrived).unwrap();
    assert_eq!(read(&scene, WORKER), None, "gone");
    let word = Word::default();
    scene.by(WORKER, Command::from(sign_in::Fact::SignOff { sign_in, word })).unwrap();
}

#[test]
fn staff_lead_and_deputy_manage_protections_and_each_one_is_independent() {
    let mut scene = Scene::with_people(1);
    for member in [WORKER, DESK, DIRECTOR] {
        let refused = scene.by(member, protects(person(1))).unwrap_err();
        assert_eq!(refused.code, Code::NotYours);
    }
    for ceiling in [Ceiling::Code, Ceiling::Link] {
        let mut context = scene.context(Actor::Member(LEAD));
        context.ceiling = Some(ceiling);
        let refused = scene.submit(&context, &protects(person(1))).unwrap_err();
        assert_eq!(refused.code, Code::NotYours, "{ceiling:?}");
    }
    scene.by(LEAD, gives(DESK, Role::Deputy)).unwrap();
    let before = scene.desk(1).card;
    // Two protections with the same base entry: neither is refused or set aside, and both are in force.
    let ground = scene.room.head();
    for member in [LEAD, DESK] {
        let mut context = scene.context(Actor::Member(member));
        context.based_on = Some(ground);
        scene.submit(&context, &protects(person(1))).unwrap();
    }
    assert!(scene.desk(1).card > before);
    let stand: Vec<Seq> = card(&scene, LEAD, 1)
        .unwrap()
        .protected
        .unwrap()
        .protections
        .iter()
        .map(|p| p.entry)
        .collect();
    let end =
        |entry| Command::from(protection::Plan::End { person: person(1), entry, why: reason() });
    assert_eq!(scene.by(WORKER, end(stand[0])).unwrap_err().code, Code::NotYours);
    scene.by(DESK, end(stand[0])).unwrap();
    assert!(scene.desk(1).protected, "the other stands");
    assert_eq!(scene.by(LEAD, end(stand[0])).unwrap_err().code, Code::Already);
    scene.by(LEAD, end(stand[1])).unwrap();
    assert!(!scene.desk(1).protected);
    assert_eq!(scene.by(LEAD, protects(person(9))).unwrap_err().code, Code::Unknown);
}

#[test]
fn redacted_text_returns_once_the_last_protection_ends() {
    let mut scene = told_everywhere();
    let before = Audience::ALL.map(|audience| rows(&scene.room, audience));
    scene.by(LEAD, protects(person(1))).unwrap();
    let entry = scene.room.head();
    scene
        .by(LEAD, Command::from(protection::Plan::End { person: person(1), entry, why: reason() }))
        .unwrap();
    for (audience, before) in Audience::ALL.into_iter().zip(before) {
        let after = rows(&scene.room, audience);
        for (key, row) in before.iter().filter(|(key, _)| matches!(key, Key::Log(_))) {
            assert_eq!(after.get(key), Some(row), "{audience:?}");
        }
    }
    assert_eq!(scene.desk(1).destination.home, Some(home(1)));
}

#[test]
fn a_merge_keeps_the_protection() {
    let mut scene = Scene::with_people(2);
    scene.make_ready(2);
    scene.by(LEAD, protects(person(1))).unwrap();
    assert!(!scene.desk(2).protected);
    let (from, into) = (person(1), person(2));
    scene.by(LEAD, Command::from(register::Plan::Merge { from, into, why: reason() })).unwrap();
    assert!(scene.desk(2).protected);
    assert_eq!(scene.desk(2).destination, Destination::default());
    let log = rows(&scene.room, Audience::Desk);
    let accepted = log.values().filter_map(|row| match row {
        Row::DeskLog(line) if line.text.contains("place accepted") => Some(line.text.clone()),
        _ => None,
    });
    assert!(accepted.into_iter().all(|text| text.ends_with("place accepted at a home.")));
}

#[test]
fn a_vehicle_or_a_pack_reveals_no_protected_destination() {
    let mut scene = Scene::with_people(2);
    scene.by(LEAD, protects(person(1))).unwrap();
    let book = |n, vehicle| {
        Command::from(journey::Plan::Book {
            person: person(n),
            journey: Journey {
                vehicle: Some(short(vehicle)),
                crew: None,
                leaves_at: None,
                arrives_at: None,
            },
        })
    };
    assert_eq!(scene.by(LEAD, book(1, "Birchmere's car")).unwrap_err().code, Code::Value);
    scene.by(LEAD, book(2, "Birchmere's car")).unwrap();
    scene.by(LEAD, book(1, "Taxi 4")).unwrap();
    let people = vec![person(1), person(2)];
    let pack = pack::PackKind::Person;
    scene.by(LEAD, Command::from(pack::Plan::Print { pack, people, held_by: None })).unwrap();
    let held = |pack, by| {
        Command::from(pack::Plan::Account {
            packs: vec![pack],
            state: pack::PackState::WithCrew,
            held_by: Some(short(by)),
        })
    };
    assert_eq!(scene.by(LEAD, held(1, "Nurse of Birchmere")).unwrap_err().code, Code::Value);
    scene.by(LEAD, held(2, "Nurse of Birchmere")).unwrap();
    scene.by(LEAD, protects(person(2))).unwrap();
    let row = scene.room.row(Audience::Desk, Key::Pack(2));
    assert!(matches!(row, Some(Row::Pack(row)) if row.held_by.is_none()));
    assert_eq!(scene.desk(2).journey.unwrap().vehicle, None);
}

#[test]
fn a_home_or_name_added_later_is_redacted_from_screens() {
    let mut scene = Scene::with_people(2);
    scene.by(LEAD, protects(person(1))).unwrap();
    let filed = |words| {
        Command::from(log::Plan::Add {
            text: text(words),
            person: Some(person(1)),
            show: Show::default(),
        })
    };
    scene.by(LEAD, filed("Dunmere asked for a bed")).unwrap();
    let asked = scene.room.head();
    scene.by(LEAD, line("Tabitha has a bed at Ashlea", Show::default())).unwrap();
    let renamed = scene.room.head();
    assert_eq!(scene.log(asked).unwrap().text, "Dunmere asked for a bed");
    let add = Command::from(home::Plan::Add { home: receiving(home(4), "Dunmere Nursing Home") });
    let context = scene.context(Actor::Member(LEAD));
    let (_, touched) = scene.submit(&context, &add).unwrap();
    assert!(touched.contains(&Key::Log(asked)));
    assert_eq!(scene.log(asked).unwrap().text, "a home asked for a bed");
    let known_as = Some(PersonName::parse("Tabitha").unwrap());
    let change = Box::new(PersonChange { known_as, ..PersonChange::default() });
    let context = scene.context(Actor::Member(LEAD));
    let command = Command::from(details::Plan::Change { person: person(1), change });
    let (_, touched) = scene.submit(&context, &command).unwrap();
    assert!(touched.contains(&Key::Log(renamed)));
    assert_eq!(scene.log(renamed).unwrap().text, "Tabitha has a bed at a home");
}
