//! The counts and roles on the wall and the directors' board: gates, bookings, the register, whom to ask.

use proto::{
    census::PaceRow,
    command::Command,
    gate::{self, BreachCount, BreachState, Gate, GatesRow, PassCount},
    id::Time,
    journey::{self, Journey},
    key::Key,
    log::Show,
    member, place, register,
    role::{Audience, Role},
    row::Row,
    trouble::{self, Trouble},
    whereabouts::{self, FoundAt},
};

use super::scene::{LEAD, START, Scene, WORKER, home, line, person, reason};

const QUARTER_MS: i64 = 15 * 60_000;

fn gates(scene: &Scene) -> GatesRow {
    match scene.room.row(Audience::Sitrep, Key::Gates) {
        Some(Row::Gates(row)) => row,
        other => panic!("no gates but {other:?}"),
    }
}

fn planned(scene: &Scene, from: Time) -> Option<u32> {
    match scene.room.row(Audience::Sitrep, Key::Planned(from)) {
        Some(Row::Planned(row)) => Some(row.people),
        _ => None,
    }
}

fn pace(scene: &Scene) -> PaceRow {
    match scene.room.row(Audience::Sitrep, Key::Pace(START)) {
        Some(Row::Pace(row)) => row,
        other => panic!("no pace but {other:?}"),
    }
}

fn book(n: u128, leaves_at: Time) -> Command {
    let journey =
        Journey { vehicle: None, crew: None, leaves_at: Some(leaves_at), arrives_at: None };
    Command::from(journey::Plan::Book { person: person(n), journey })
}

fn left(n: u128) -> Command {
    Command::from(whereabouts::Fact::Depart { person: person(n), home: None, vehicle: None })
}

#[test]
fn directors_see_open_and_reviewed_breaches_by_gate_and_owner() {
    let mut scene = Scene::with_people(3);
    for n in [1, 2] {
        scene.by(WORKER, left(n)).unwrap();
    }
    let fact = scene.room.head();
    let note = reason();
    let state = BreachState::Accepted;
    let gate = Gate::G3;
    scene
        .by(LEAD, Command::from(gate::Plan::Review { person: person(2), fact, gate, state, note }))
        .unwrap();
    let breaches = gates(&scene).breaches;
    let of = |gate, owner, open, reviewed| BreachCount { gate, owner, open, reviewed };
    assert_eq!(
        breaches,
        [
            of(Gate::G1, Role::Bizsup, 2, 0),
            of(Gate::G3, Role::Deputy, 1, 1),
            of(Gate::G22, Role::TeamLeaderSite, 2, 0),
            of(Gate::G23, Role::Transport, 2, 0),
        ]
    );
    let open: u32 = breaches.iter().map(|breach| breach.open).sum();
    assert_eq!(scene.census(Audience::Sitrep).open_breaches, open);
    assert!(scene.room.row(Audience::Wall, Key::Gates).is_none());
}

#[test]
fn directors_see_passes_by_gate() {
    let mut scene = Scene::with_people(3);
    let people = vec![person(1), person(2)];
    let pass =
        Command::from(gate::Plan::Pass { gate: Gate::G3, people, reason: reason(), until: None });
    scene.by(LEAD, pass).unwrap();
    assert_eq!(gates(&scene).passes, [PassCount { gate: Gate::G3, passes: 2 }]);
    assert_eq!(scene.census(Audience::Sitrep).passes, 2);
}

#[test]
fn a_booked_departure_counts_in_its_quarter_hour_while_a_place_is_accepted() {
    let mut scene = Scene::with_people(2);
    let noon = Time(START.0 + 22 * QUARTER_MS);
    scene.by(LEAD, book(1, noon.plus_ms(7 * 60_000))).unwrap();
    assert_eq!(planned(&scene, noon), None, "nobody leaves without a place");
    for gate in [Gate::G1, Gate::G3] {
        let people = vec![person(1), person(2)];
        let pass = Command::from(gate::Plan::Pass { gate, people, reason: reason(), until: None });
        scene.by(LEAD, pass).unwrap();
    }
    scene
        .by(LEAD, Command::from(place::Plan::Accept { person: person(1), home: home(1) }))
        .unwrap();
    scene
        .by(LEAD, Command::from(place::Plan::Accept { person: person(2), home: home(1) }))
        .unwrap();
    scene.by(LEAD, book(2, noon)).unwrap();
    assert_eq!(planned(&scene, noon), Some(2));
    let later = noon.plus_ms(QUARTER_MS);
    scene.by(LEAD, book(2, later)).unwrap();
    assert_eq!((planned(&scene, noon), planned(&scene, later)), (Some(1), Some(1)));
    scene.by(WORKER, left(1)).unwrap();
    assert_eq!(planned(&scene, noon), Some(1), "the plan stays beside what happened");
    scene
        .by(LEAD, Command::from(place::Plan::GiveUp { person: person(2), why: reason() }))
        .unwrap();
    assert_eq!(planned(&scene, later), None);
}

#[test]
fn a_register_change_is_a_registration_or_a_merge() {
    let mut scene = Scene::with_people(3);
    let merge =
        Command::from(register::Plan::Merge { from: person(2), into: person(1), why: reason() });
    scene.by(LEAD, merge).unwrap();
    let row = pace(&scene);
    assert_eq!((row.registered, row.merged, row.register), (3, 1, 2));
    assert_eq!((row.left, row.arrived), (0, 0));
}

#[test]
fn the_pace_counts_departures_but_not_deaths_or_missing_people() {
    let mut scene = Scene::with_people(4);
    let lost = |n| {
        Command::from(trouble::Fact::Report {
            person: person(n),
            trouble: Trouble::NotFound,
            words: None,
        })
    };
    let found =
        |n, at| Command::from(whereabouts::Fact::Find { person: person(n), at, words: None });
    scene.by(WORKER, Command::from(whereabouts::Fact::Die { person: person(1) })).unwrap();
    scene.by(WORKER, lost(2)).unwrap();
    assert_eq!((pace(&scene).left, pace(&scene).at_the_home), (0, 2));
    assert_eq!((scene.desk(1).times.left_at, scene.desk(2).times.left_at), (None, None));
    scene.later(2).by(WORKER, left(3)).unwrap();
    assert_eq!(pace(&scene).left, 1);
    scene.later(2).by(WORKER, lost(3)).unwrap();
    scene.later(2).by(WORKER, found(3, FoundAt::OnTheWay)).unwrap();
    assert_eq!(pace(&scene).left, 1, "they left once");
    scene.later(2).by(WORKER, found(2, FoundAt::InHospital)).unwrap();
    assert_eq!(pace(&scene).left, 2, "whoever was looked for had left after all");
    assert!(scene.desk(2).times.left_at.is_some());
    scene
        .later(2)
        .by(WORKER, Command::from(whereabouts::Fact::Return { person: person(3) }))
        .unwrap();
    scene.later(2).by(WORKER, left(3)).unwrap();
    assert_eq!(pace(&scene).left, 3, "they left again");
}

#[test]
fn the_wall_shows_which_role_to_ask_and_the_census_counts_open_troubles() {
    let mut scene = Scene::with_people(2);
    for trouble in [Trouble::CrewProblem, Trouble::Unwell, Trouble::CrewProblem] {
        let report =
            Command::from(trouble::Fact::Report { person: person(1), trouble, words: None });
        scene.by(WORKER, report).unwrap();
    }
    assert_eq!(scene.wall(1).ask_roles, [Role::Transport, Role::Nurse]);
    assert!(scene.wall(2).ask_roles.is_empty());
    assert_eq!(scene.census(Audience::Wall).open_troubles, 3);
    let report = scene.desk(1).troubles.first().unwrap().report;
    let answer = Command::from(trouble::Fact::Answer { person: person(1), report });
    scene.by(LEAD, answer).unwrap();
    assert_eq!(scene.census(Audience::Wall).open_troubles, 2);
}

#[test]
fn a_wall_line_shows_its_authors_role_at_the_time_of_writing() {
    let mut scene = Scene::with_people(1);
    let show = Show { wall: true, phones: false, directors: false };
    scene.by(WORKER, line("Minibus 2 runs 20 minutes late", show)).unwrap();
    let seq = scene.room.head();
    let roles = vec![Role::Transport];
    scene.by(LEAD, Command::from(member::Plan::GiveRoles { member: WORKER, roles })).unwrap();
    match scene.room.row(Audience::Wall, Key::Log(seq)) {
        Some(Row::ShownLog(row)) => assert_eq!(row.role, Some(Role::NamedSw)),
        other => panic!("no line but {other:?}"),
    }
}
