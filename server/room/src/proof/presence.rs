//! Sign-ins: check-in, overdue, confirmed safe, sign-off requested, late, and on report (3.7, 4.1.7).

use proto::{
    alarm,
    command::Command,
    id::SignInId,
    key::Key,
    refusal::Code,
    role::Audience,
    row::Row,
    sign_in::{self, DeskSignIn, Presence, Word},
    whereabouts,
};

use super::scene::{DESK, HOME_SITE, LEAD, ROOM_SITE, Scene, WORKER, reason, text};

fn row(scene: &Scene, id: SignInId) -> DeskSignIn {
    match scene.room.row(Audience::Desk, Key::SignIn(id)) {
        Some(Row::DeskSignIn(row)) => row,
        other => panic!("no sign-in but {other:?}"),
    }
}

fn overdue(scene: &Scene) -> u32 {
    match scene.room.row(Audience::Sitrep, Key::Team) {
        Some(Row::Team(team)) => team.overdue,
        other => panic!("no team but {other:?}"),
    }
}

#[test]
fn a_sign_in_at_the_home_is_overdue_after_65_minutes_until_the_next_act() {
    let mut scene = Scene::with_people(1);
    let id = scene.sign_on(WORKER, HOME_SITE, 10);
    scene.later(64);
    assert!(scene.ring_timers().is_empty());
    scene.later(1);
    assert_eq!(scene.ring_timers().len(), 1);
    assert_eq!((row(&scene, id).state, overdue(&scene)), (Presence::Overdue, 1));
    assert!(scene.ring_timers().is_empty(), "an alarm is raised once");
    let leave = Command::from(whereabouts::Fact::Depart {
        person: super::scene::person(1),
        home: None,
        vehicle: None,
    });
    scene.by(WORKER, leave).unwrap();
    assert_eq!((row(&scene, id).state, overdue(&scene)), (Presence::OnSite, 0));
}

#[test]
fn a_report_of_safety_cancels_the_alarm() {
    let mut scene = Scene::with_people(1);
    let id = scene.sign_on(WORKER, HOME_SITE, 10);
    scene.later(66).ring_timers();
    scene
        .by(
            LEAD,
            Command::from(sign_in::Fact::ConfirmSafe {
                sign_in: id,
                seen_by: text("S14, by telephone"),
            }),
        )
        .unwrap();
    assert_eq!(row(&scene, id).state, Presence::ConfirmedSafe);
    scene
        .later(5)
        .by(WORKER, Command::from(sign_in::Fact::CheckIn { word: Word::default() }))
        .unwrap();
    assert_eq!(row(&scene, id).state, Presence::OnSite);
}

#[test]
fn the_incident_room_requires_no_check_ins() {
    let mut scene = Scene::with_people(1);
    let id = scene.sign_on(LEAD, ROOM_SITE, 10);
    assert_eq!(row(&scene, id).due_at, None);
    scene.later(300);
    assert!(scene.ring_timers().is_empty());
}

#[test]
fn a_tap_requests_sign_off_and_the_desk_acknowledges() {
    let mut scene = Scene::with_people(1);
    let id = scene.sign_on(WORKER, HOME_SITE, 10);
    let off = Command::from(sign_in::Fact::SignOff { sign_in: id, word: Word::default() });
    scene.later(30).by(WORKER, off.clone()).unwrap();
    assert_eq!(row(&scene, id).state, Presence::SignOffAsked);
    assert!(scene.by(WORKER, off).unwrap().is_empty(), "asking twice is asking once");
    let own =
        scene.by(WORKER, Command::from(sign_in::Plan::Acknowledge { sign_in: id })).unwrap_err();
    assert_eq!(own.code, Code::NotYours);
    assert_eq!(scene.later(10).ring_timers().len(), 1, "unanswered for ten minutes");
    scene.by(DESK, Command::from(sign_in::Plan::Acknowledge { sign_in: id })).unwrap();
    let row = row(&scene, id);
    assert_eq!(row.state, Presence::SignedOff);
    assert_eq!(row.left_at, row.asked_at, "they left when they asked");
    let again =
        scene.by(DESK, Command::from(sign_in::Plan::Acknowledge { sign_in: id })).unwrap_err();
    assert_eq!(again.code, Code::NotNow);
}

/// D-21: whatever time the desk's acknowledgement claims, the member left at the time of the request.
#[test]
fn an_acknowledged_sign_off_ends_at_the_time_of_the_request() {
    let mut scene = Scene::with_people(1);
    let id = scene.sign_on(WORKER, HOME_SITE, 10);
    let off = Command::from(sign_in::Fact::SignOff { sign_in: id, word: Word::default() });
    scene.later(30).by(WORKER, off).unwrap();
    scene
        .later(9)
        .late(DESK, 1, Command::from(sign_in::Plan::Acknowledge { sign_in: id }))
        .unwrap();
    let row = row(&scene, id);
    assert_eq!(row.state, Presence::SignedOff);
    assert_eq!(row.left_at, row.asked_at);
    assert_eq!(row.ended_at.unwrap().since_ms(row.left_at.unwrap()), 9 * 60_000);
}

/// D-21: a sign-on elsewhere answers a requested sign-off and does not move its time.
#[test]
fn a_sign_on_elsewhere_ends_a_requested_sign_off_at_the_time_of_the_request() {
    let mut scene = Scene::with_people(1);
    let first = scene.sign_on(WORKER, HOME_SITE, 10);
    let off = Command::from(sign_in::Fact::SignOff { sign_in: first, word: Word::default() });
    scene.later(30).by(WORKER, off).unwrap();
    let asked = row(&scene, first).asked_at;
    scene.later(25).sign_on(WORKER, ROOM_SITE, 2);
    assert_eq!(row(&scene, first).state, Presence::SignedOff);
    assert_eq!(row(&scene, first).left_at, asked);
}

#[test]
fn a_forgotten_sign_off_is_recorded_late_on_report() {
    let mut scene = Scene::with_people(1);
    let id = scene.sign_on(WORKER, HOME_SITE, 2);
    scene.later(134);
    assert!(scene.ring_timers().len() == 1, "overdue");
    scene.later(1);
    assert!(scene.ring_timers().len() == 1, "planned end and a quarter of an hour");
    assert!(row(&scene, id).end_passed);
    let word = Word { member: None, on_word_of: Some(text("S15, by telephone")) };
    scene.late(LEAD, 52, Command::from(sign_in::Fact::SignOff { sign_in: id, word })).unwrap();
    let row = row(&scene, id);
    assert_eq!(row.state, Presence::SignedOffLate);
    assert_eq!(row.ended_at.unwrap().since_ms(row.left_at.unwrap()), 52 * 60_000);
    assert!(row.on_word_of.is_some());
    assert_eq!(scene.room.next_timer(), None, "nobody rings for somebody who has gone");
}

#[test]
fn a_sign_on_elsewhere_ends_the_sign_in_and_one_here_extends_it() {
    let mut scene = Scene::with_people(1);
    let first = scene.sign_on(WORKER, HOME_SITE, 2);
    let planned_end = scene.now.plus_ms(20_000_000);
    let again = Command::from(sign_in::Fact::SignOn {
        site: HOME_SITE,
        planned_end,
        duty: None,
        word: Word::default(),
    });
    scene.by(WORKER, again).unwrap();
    assert_eq!(row(&scene, first).planned_end, planned_end);
    let second = scene.sign_on(WORKER, ROOM_SITE, 2);
    assert_eq!(row(&scene, first).state, Presence::SignedOff);
    assert_eq!(row(&scene, second).state, Presence::OnSite);
    assert!(scene.room.row(Audience::Wall, Key::SignIn(first)).is_none());
}

#[test]
fn a_member_may_sign_another_on_at_their_request() {
    let mut scene = Scene::with_people(1);
    let word = Word { member: Some(WORKER), on_word_of: Some(reason()) };
    let planned_end = scene.now.plus_ms(3_600_000);
    let on =
        Command::from(sign_in::Fact::SignOn { site: HOME_SITE, planned_end, duty: None, word });
    scene.by(DESK, on).unwrap();
    let member = match scene.room.row(Audience::Desk, Key::Member(WORKER)) {
        Some(Row::DeskMember(row)) => row,
        other => panic!("no member but {other:?}"),
    };
    assert!(member.on_duty);
}

#[test]
fn facts_about_unknown_sign_ins_are_kept() {
    let mut scene = Scene::with_people(1);
    scene.by(WORKER, Command::from(sign_in::Fact::CheckIn { word: Word::default() })).unwrap();
    assert!(scene.log(scene.room.head()).unwrap().alarm.is_some());
    let sign_in = SignInId(super::scene::uuid_of(77));
    scene
        .by(LEAD, Command::from(sign_in::Fact::SignOff { sign_in, word: Word::default() }))
        .unwrap();
    assert!(scene.log(scene.room.head()).unwrap().alarm.is_some());
}

#[test]
fn a_cancelled_timer_yields_nothing_and_is_not_an_error() {
    let mut scene = Scene::with_people(1);
    scene.sign_on(WORKER, HOME_SITE, 10);
    let (due, timer) = scene.room.next_timer().unwrap();
    scene
        .later(30)
        .by(WORKER, Command::from(sign_in::Fact::CheckIn { word: Word::default() }))
        .unwrap();
    scene.later(40);
    let context = scene.context(proto::member::Actor::System);
    let (events, _) =
        scene.submit(&context, &Command::from(alarm::Plan::Raise { timer, due })).unwrap();
    assert!(events.is_empty());
}
