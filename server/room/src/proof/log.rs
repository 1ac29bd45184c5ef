//! The log: numbered by entry, with both times; corrections strike through.

use proto::{
    command::Command,
    deadline,
    help::{self, HelpKind},
    id::MemberId,
    identity::{self, Moment, SecondIdentifier},
    key::Key,
    limit::LOG_ROWS,
    log::{self, AlarmKind, Show},
    member,
    pack::{self, PackKind, PackState},
    refusal::Code,
    role::{Audience, Ceiling, Role},
    text::Note,
    trouble::{self, Trouble},
    whereabouts,
};

use super::scene::{DESK, LEAD, Scene, born, line, person, profile, reason, uuid_of};

const WALL: Show = Show { wall: true, phones: false, directors: false };

#[test]
fn a_corrected_line_stays_legible_and_links_to_its_correction() {
    let mut scene = Scene::with_people(1);
    scene.by(DESK, line("Minibus 2 left at 10:40", Show::default())).unwrap();
    let wrong = scene.room.head();
    let text = Note::parse("Minibus 2 left at 10:20").unwrap();
    let correct = Command::from(log::Plan::Correct { line: wrong, text, why: reason() });
    scene.by(DESK, correct.clone()).unwrap();
    let right = scene.room.head();
    let struck = scene.log(wrong).unwrap();
    assert_eq!(
        (struck.text.as_str(), struck.corrected_by),
        ("Minibus 2 left at 10:40", Some(right))
    );
    assert_eq!(scene.log(right).unwrap().corrects, Some(wrong));
    assert_eq!(scene.by(DESK, correct).unwrap_err().code, Code::Already);
}

/// Screens recognise an alarm by its kind, whatever the text.
#[test]
fn an_alarming_line_carries_its_alarm_kind() {
    let mut scene = Scene::with_people(2);
    let (id, place) = (person(1), None);
    let identifier = SecondIdentifier::DateOfBirth { date: born(2) };
    let kind = |scene: &Scene| scene.log(scene.room.head()).unwrap().alarm;
    for (command, wanted) in [
        (line("help: not met, recorded", Show::default()), None),
        (
            Command::from(identity::Fact::Check { person: id, moment: Moment::Ready, identifier }),
            Some(AlarmKind::NearMiss),
        ),
        (
            Command::from(trouble::Fact::Report {
                person: id,
                trouble: Trouble::Refuses,
                words: None,
            }),
            Some(AlarmKind::Trouble),
        ),
        (
            Command::from(whereabouts::Fact::Depart { person: id, home: None, vehicle: None }),
            Some(AlarmKind::Breach),
        ),
        (
            Command::from(whereabouts::Fact::Die { person: person(9) }),
            Some(AlarmKind::UnknownPerson),
        ),
        (
            Command::from(help::Fact::Call { help: HelpKind::NotSafe, person: None, place }),
            Some(AlarmKind::Help),
        ),
    ] {
        let said = format!("{command:?}");
        scene.by(DESK, command).unwrap();
        assert_eq!(kind(&scene), wanted, "{said}");
    }
    let print = PackKind::Roster;
    scene
        .by(
            DESK,
            Command::from(pack::Plan::Print { pack: print, people: Vec::new(), held_by: None }),
        )
        .unwrap();
    let state = PackState::Lost;
    scene
        .by(DESK, Command::from(pack::Plan::Account { packs: vec![1], state, held_by: None }))
        .unwrap();
    assert_eq!(kind(&scene), Some(AlarmKind::PackLost));
    scene.later(2).ring_timers();
    assert_eq!(kind(&scene), Some(AlarmKind::Timer));
}

#[test]
fn a_line_entered_late_keeps_both_times_and_its_reason() {
    let mut scene = Scene::with_people(1);
    scene.later(60).late(DESK, 49, line("Slip found in the hall", Show::default())).unwrap();
    let row = scene.log(scene.room.head()).unwrap();
    assert_eq!(row.recorded.since_ms(row.at), 49 * 60_000);
    assert!(row.late_reason.is_some());
    let mut context = scene.context(member::Actor::Member(DESK));
    context.happened_at = Some(scene.now.plus_ms(-6 * 60_000));
    let refused = scene.submit(&context, &line("no reason given", Show::default())).unwrap_err();
    assert_eq!(refused.code, Code::ReasonNeeded);
}

#[test]
fn a_board_line_that_names_a_person_is_refused() {
    let mut scene = Scene::with_people(3);
    let directors = Show { directors: true, ..Show::default() };
    for (words, show) in [
        ("Taxi for threadgold is late", WALL),
        ("Ask Ruth about the taxi", directors),
        ("Winston's bag", WALL),
        ("PARGETER to wait", WALL),
    ] {
        let refused = scene.by(LEAD, line(words, show)).unwrap_err();
        assert_eq!(refused.code, Code::Value, "{words}");
    }
    let why = super::scene::text("asked for by Ruth");
    let (at, set_by) = (scene.now, super::scene::text("Magistrates"));
    let deadline = deadline::Deadline { at, set_by, why };
    let refused = scene.by(LEAD, Command::from(deadline::Plan::Set { deadline })).unwrap_err();
    assert_eq!(refused.code, Code::Value, "boards show who set a deadline and why");
    scene.by(LEAD, line("Minibus 2 is late. Use the taxi account.", WALL)).unwrap();
    scene.by(LEAD, line("Taxi for Threadgold is late", Show::default())).unwrap();
}

#[test]
fn a_wall_line_may_name_a_post_but_never_a_person() {
    let mut scene = Scene::with_people(1);
    for (n, name) in [(71, "Director on call"), (72, "Hilary Nurse"), (73, "Colin Day (manager)")] {
        let admit = Command::from(member::Plan::Admit {
            member: MemberId(uuid_of(n)),
            profile: profile(name, vec![Role::Deputy]),
            ceiling: Ceiling::Staff,
        });
        scene.set_up(admit);
    }
    scene.by(LEAD, line("The director on call was told, and the manager", WALL)).unwrap();
    scene.by(LEAD, line("Ask the nurse, all day", WALL)).unwrap();
    for words in ["Hilary was told", "Ask Nurse", "Day rings at two", "Colin rings"] {
        let refused = scene.by(LEAD, line(words, WALL)).unwrap_err();
        assert_eq!(refused.code, Code::Value, "{words}");
    }
}

#[test]
fn an_announcement_stays_on_the_wall_while_the_desk_moves_on() {
    let mut scene = Scene::with_people(1);
    scene.by(LEAD, line("Lift out of order", WALL)).unwrap();
    let announced = scene.room.head();
    for turn in 0..LOG_ROWS {
        scene.by(DESK, line(&format!("line number {turn}"), Show::default())).unwrap();
    }
    assert!(scene.room.row(Audience::Desk, Key::Log(announced)).is_none());
    assert!(scene.room.row(Audience::Wall, Key::Log(announced)).is_some());
    assert_eq!(
        scene.room.log_before(announced.next(), 1)[0].seq,
        announced,
        "older ones by request"
    );
    assert!(!scene.room.concerns(Audience::Sitrep, Key::Log(announced)));
}
