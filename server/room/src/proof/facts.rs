//! Facts are never refused, and change the census immediately (R34, release test B).

use proto::{
    command::Command,
    gate::{self, BreachState, Gate},
    identity::{self, IdentifiedBy, Moment, SecondIdentifier},
    place, readiness,
    refusal::Code,
    register,
    role::Audience,
    transfer::{PlaceNow, Stage},
    trouble::{self, Trouble},
    whereabouts::{self, FoundAt},
};

use super::scene::{DESK, DIRECTOR, LEAD, Scene, WORKER, born, home, person, short};

fn depart(n: u128, to: Option<u128>) -> Command {
    Command::from(whereabouts::Fact::Depart {
        person: person(n),
        home: to.map(home),
        vehicle: None,
    })
}

fn arrive(n: u128, to: Option<u128>) -> Command {
    Command::from(whereabouts::Fact::Arrive { person: person(n), home: to.map(home) })
}

#[test]
fn an_unprepared_departure_is_recorded_with_one_breach_per_hard_gate() {
    let mut scene = Scene::with_people(3);
    scene.by(WORKER, depart(1, None)).unwrap();
    let row = scene.desk(1);
    assert_eq!((row.place, row.stage), (PlaceNow::OnTheWay, Stage::OnTheWay));
    assert!(row.destination.to_confirm, "left, destination to confirm");
    let gates: Vec<Gate> = row.breaches.iter().map(|breach| breach.gate).collect();
    assert_eq!(gates, [Gate::G1, Gate::G3, Gate::G22, Gate::G23]);
    assert_eq!(scene.at(Audience::Wall, PlaceNow::AtTheHome), 2);
    assert_eq!(scene.census(Audience::Sitrep).open_breaches, 4);
}

/// R34: including facts about a person, sign-in or call unknown to the room.
#[test]
fn every_fact_becomes_an_event() {
    for known in [true, false] {
        let mut scene = Scene::with_people(u128::from(known));
        for (name, command) in super::samples::samples() {
            if matches!(command, Command::Fact(_)) {
                let events = scene.by(WORKER, command).unwrap();
                assert!(!events.is_empty(), "{name}");
            }
        }
    }
}

#[test]
fn a_prepared_departure_breaches_nothing() {
    let mut scene = Scene::with_people(1);
    scene.make_ready(1);
    assert_eq!(scene.desk(1).stage, Stage::ReadyToGo);
    scene.by(WORKER, depart(1, Some(1))).unwrap();
    let row = scene.desk(1);
    assert!(row.breaches.is_empty() && !row.destination.to_confirm);
}

#[test]
fn an_arrival_without_a_departure_counts_and_breaches_the_same_gates() {
    let mut scene = Scene::with_people(1);
    scene.by(WORKER, arrive(1, Some(2))).unwrap();
    let row = scene.desk(1);
    assert_eq!(row.place, PlaceNow::Arrived);
    assert_eq!(row.breaches.len(), 4);
    assert!(row.to_confirm && row.destination.to_confirm);
}

#[test]
fn a_queued_departure_keeps_its_destination_beside_the_changed_one() {
    let mut scene = Scene::with_people(1);
    scene.make_ready(1);
    scene
        .later(30)
        .by(LEAD, Command::from(place::Plan::Accept { person: person(1), home: home(2) }))
        .unwrap();
    scene.later(20).late(WORKER, 22, depart(1, Some(1))).unwrap();
    let row = scene.desk(1);
    assert_eq!(row.place, PlaceNow::OnTheWay);
    assert_eq!((row.destination.home, row.destination.claimed), (Some(home(2)), Some(home(1))));
    assert!(row.destination.to_confirm);
    scene
        .by(LEAD, Command::from(place::Plan::Accept { person: person(1), home: home(2) }))
        .unwrap();
    assert!(!scene.desk(1).destination.to_confirm, "a person settled it");
}

#[test]
fn a_person_arrived_at_two_homes_counts_once_as_being_confirmed_until_found() {
    let mut scene = Scene::with_people(2);
    scene.make_ready(1);
    scene.by(WORKER, depart(1, Some(1))).unwrap();
    scene.later(30).by(WORKER, arrive(1, Some(1))).unwrap();
    scene.later(5).by(DESK, arrive(1, Some(2))).unwrap();
    assert_eq!(scene.desk(1).place, PlaceNow::BeingConfirmed);
    assert_eq!(scene.at(Audience::Desk, PlaceNow::BeingConfirmed), 1);
    scene.by(WORKER, depart(1, Some(1))).unwrap();
    assert_eq!(scene.desk(1).place, PlaceNow::BeingConfirmed, "only a person's word settles it");
    let found = FoundAt::Arrived { home: home(2) };
    let find = Command::from(whereabouts::Fact::Find { person: person(1), at: found, words: None });
    scene.by(LEAD, find).unwrap();
    assert_eq!(scene.desk(1).place, PlaceNow::Arrived);
    assert_eq!(scene.desk(1).destination.claimed, Some(home(2)));
}

#[test]
fn a_repeated_departure_is_one_journey() {
    let mut scene = Scene::with_people(1);
    scene.make_ready(1);
    scene.by(WORKER, depart(1, Some(1))).unwrap();
    scene.later(1).by(DESK, depart(1, Some(1))).unwrap();
    let row = scene.desk(1);
    assert_eq!(row.place, PlaceNow::OnTheWay);
    assert!(row.breaches.is_empty() && !row.destination.to_confirm);
}

#[test]
fn a_second_departure_to_another_home_must_be_confirmed() {
    let mut scene = Scene::with_people(1);
    scene.make_ready(1);
    scene.by(WORKER, depart(1, Some(1))).unwrap();
    scene.later(1).by(DESK, depart(1, Some(3))).unwrap();
    assert!(scene.desk(1).destination.to_confirm);
    assert_eq!(scene.desk(1).destination.claimed, Some(home(3)));
}

#[test]
fn a_queued_departure_received_after_the_arrival_changes_no_place() {
    let mut scene = Scene::with_people(1);
    scene.make_ready(1);
    scene.later(40).by(LEAD, arrive(1, Some(1))).unwrap();
    scene.later(10).late(WORKER, 40, depart(1, Some(1))).unwrap();
    assert_eq!(scene.desk(1).place, PlaceNow::Arrived);
}

#[test]
fn a_departure_within_a_minute_of_the_return_counts() {
    let mut scene = Scene::with_people(1);
    scene.by(WORKER, depart(1, None)).unwrap();
    scene
        .later(30)
        .by(WORKER, Command::from(whereabouts::Fact::Return { person: person(1) }))
        .unwrap();
    // Reported by telephone as "11:05", which was 11:05 and some seconds.
    let mut context = scene.context(proto::member::Actor::Member(LEAD));
    context.happened_at = Some(scene.now.plus_ms(-40_000));
    scene.submit(&context, &depart(1, None)).unwrap();
    assert_eq!(scene.desk(1).place, PlaceNow::OnTheWay);
    assert_eq!(scene.desk(1).breaches.len(), 8, "a second departure went past its gates again");
}

#[test]
fn a_queued_departure_from_before_the_return_moves_nobody() {
    let mut scene = Scene::with_people(1);
    scene.by(WORKER, depart(1, None)).unwrap();
    scene
        .later(30)
        .by(WORKER, Command::from(whereabouts::Fact::Return { person: person(1) }))
        .unwrap();
    scene.later(1).late(LEAD, 20, depart(1, None)).unwrap();
    assert_eq!(scene.desk(1).place, PlaceNow::AtTheHome);
}

#[test]
fn a_departure_after_an_arrival_contradicts_it() {
    let mut scene = Scene::with_people(1);
    scene.make_ready(1);
    scene.by(WORKER, depart(1, Some(1))).unwrap();
    scene.later(30).by(WORKER, arrive(1, Some(1))).unwrap();
    scene.later(1).by(WORKER, depart(1, Some(1))).unwrap();
    assert_eq!(scene.desk(1).place, PlaceNow::BeingConfirmed);
}

#[test]
fn a_late_entry_of_an_earlier_identity_check_resolves_its_breach() {
    let mut scene = Scene::with_people(1);
    scene.make_ready(1);
    scene.by(WORKER, Command::from(whereabouts::Fact::Return { person: person(1) })).unwrap();
    scene.later(10).by(WORKER, depart(1, Some(1))).unwrap();
    let gates = |scene: &Scene, state| {
        let row = scene.desk(1);
        let of = row.breaches.iter().filter(|breach| breach.state == state);
        of.map(|breach| breach.gate).collect::<Vec<_>>()
    };
    assert_eq!(gates(&scene, BreachState::Open), [Gate::G22]);
    let identifier = SecondIdentifier::DateOfBirth { date: born(1) };
    let check = Command::from(identity::Fact::Check {
        person: person(1),
        moment: Moment::Door,
        identifier,
    });
    scene.later(9).by(WORKER, check.clone()).unwrap();
    assert_eq!(gates(&scene, BreachState::Open), [Gate::G22], "checked after leaving is too late");
    scene.late(WORKER, 10, check).unwrap();
    assert_eq!(gates(&scene, BreachState::Open), [Gate::G22], "no check before ready is known");
    scene.late(WORKER, 11, checks(Moment::Ready)).unwrap();
    assert_eq!(gates(&scene, BreachState::DoneButRecordedLate), [Gate::G22]);
}

fn checks(moment: Moment) -> Command {
    let identifier = SecondIdentifier::DateOfBirth { date: born(1) };
    Command::from(identity::Fact::Check { person: person(1), moment, identifier })
}

/// R34: leaving also skips "declare ready", whose identity check differs from the one at the door.
#[test]
fn a_departure_without_ready_breaches_the_gates_of_ready() {
    for (moments, breached) in [
        (vec![Moment::Door], true),
        (vec![Moment::Ready], true),
        (vec![Moment::Ready, Moment::Door], false),
    ] {
        let mut scene = Scene::with_people(1);
        scene.make_ready(1);
        scene.by(WORKER, Command::from(whereabouts::Fact::Return { person: person(1) })).unwrap();
        for moment in &moments {
            scene.by(WORKER, checks(*moment)).unwrap();
        }
        scene.later(10).by(WORKER, depart(1, Some(1))).unwrap();
        let gates: Vec<Gate> = scene.desk(1).breaches.iter().map(|breach| breach.gate).collect();
        assert_eq!(gates, if breached { vec![Gate::G22] } else { vec![] }, "{moments:?}");
    }
}

/// R34: a fact is judged by the state at the time it happened, not at the time of entry.
#[test]
fn a_late_departure_is_judged_at_the_time_it_happened() {
    let pass = |until| {
        Command::from(gate::Plan::Pass {
            gate: Gate::G22,
            people: vec![person(1)],
            reason: super::scene::reason(),
            until,
        })
    };
    let gates =
        |scene: &Scene| scene.desk(1).breaches.iter().map(|breach| breach.gate).collect::<Vec<_>>();
    let returned = || {
        let mut scene = Scene::with_people(1);
        scene.make_ready(1);
        scene.by(WORKER, Command::from(whereabouts::Fact::Return { person: person(1) })).unwrap();
        scene.later(30);
        scene
    };
    // Passed or checked only after it happened.
    let mut scene = returned();
    scene.by(LEAD, pass(None)).unwrap();
    scene.by(WORKER, checks(Moment::Ready)).unwrap();
    scene.by(WORKER, checks(Moment::Door)).unwrap();
    scene.later(5).late(WORKER, 20, depart(1, Some(1))).unwrap();
    assert_eq!(gates(&scene), [Gate::G22]);
    // In force when it happened, although the pass has expired since.
    let mut scene = returned();
    let until = Some(scene.now.plus_ms(10 * 60_000));
    scene.by(LEAD, pass(until)).unwrap();
    scene.later(20).late(WORKER, 15, depart(1, Some(1))).unwrap();
    assert!(gates(&scene).is_empty());
    // Checked in the minute of departure; people report whole minutes.
    let mut scene = returned();
    scene.by(WORKER, checks(Moment::Ready)).unwrap();
    scene.by(WORKER, checks(Moment::Door)).unwrap();
    let mut context = scene.context(proto::member::Actor::Member(WORKER));
    context.happened_at = Some(scene.now.plus_ms(-40_000));
    scene.submit(&context, &depart(1, Some(1))).unwrap();
    assert!(gates(&scene).is_empty());
}

#[test]
fn a_mismatched_identifier_is_a_near_miss_and_not_a_check() {
    let mut scene = Scene::with_people(2);
    let identifier = SecondIdentifier::DateOfBirth { date: born(2) };
    let check = Command::from(identity::Fact::Check {
        person: person(1),
        moment: Moment::Ready,
        identifier,
    });
    scene.by(WORKER, check).unwrap();
    let line = scene.log(scene.room.head()).unwrap();
    assert!(line.alarm.is_some() && line.text.contains("Near miss"));
    let refused = scene
        .by(WORKER, Command::from(readiness::Plan::Declare { person: person(1) }))
        .unwrap_err();
    assert_eq!((refused.code, refused.unmet[0].gate), (Code::Gate, Gate::G22));
}

#[test]
fn not_found_is_a_fact_about_whereabouts() {
    let mut scene = Scene::with_people(1);
    let trouble = Trouble::NotFound;
    scene
        .by(
            WORKER,
            Command::from(trouble::Fact::Report { person: person(1), trouble, words: None }),
        )
        .unwrap();
    assert_eq!(scene.desk(1).place, PlaceNow::BeingConfirmed);
    let at = FoundAt::AtTheHome;
    scene
        .by(WORKER, Command::from(whereabouts::Fact::Find { person: person(1), at, words: None }))
        .unwrap();
    let row = scene.desk(1);
    assert_eq!(row.place, PlaceNow::AtTheHome);
    assert!(row.troubles.is_empty());
}

#[test]
fn a_fact_about_an_unknown_person_is_kept_for_the_desk() {
    let mut scene = Scene::with_people(1);
    scene.by(WORKER, depart(9, None)).unwrap();
    let line = scene.log(scene.room.head()).unwrap();
    assert!(line.alarm.is_some() && line.text.contains("does not know"));
    assert_eq!(scene.census(Audience::Desk).register, 1);
}

#[test]
fn a_fact_about_a_merged_person_applies_to_the_surviving_one() {
    let mut scene = Scene::with_people(2);
    let merge = Command::from(register::Plan::Merge {
        from: person(2),
        into: person(1),
        why: super::scene::reason(),
    });
    scene.by(DESK, merge).unwrap();
    scene.by(WORKER, depart(2, None)).unwrap();
    assert_eq!(scene.desk(1).place, PlaceNow::OnTheWay);
}

#[test]
fn a_death_is_withheld_from_directors_until_the_family_knows_and_every_sum_holds() {
    let mut scene = Scene::with_people(3);
    scene.by(WORKER, Command::from(whereabouts::Fact::Die { person: person(1) })).unwrap();
    assert_eq!(scene.at(Audience::Desk, PlaceNow::Died), 1);
    assert_eq!(scene.at(Audience::Sitrep, PlaceNow::Died), 0);
    assert_eq!(scene.at(Audience::Sitrep, PlaceNow::BeingConfirmed), 1);
    scene.by(WORKER, Command::from(whereabouts::Fact::TellFamily { person: person(1) })).unwrap();
    assert_eq!(scene.at(Audience::Sitrep, PlaceNow::Died), 1);
    assert_eq!(scene.at(Audience::Sitrep, PlaceNow::BeingConfirmed), 0);
}

#[test]
fn hospital_family_and_back_move_the_census_at_once() {
    let mut scene = Scene::with_people(1);
    let at = |scene: &Scene| scene.desk(1).place;
    let hospital = Some(short("the general hospital"));
    scene
        .by(
            WORKER,
            Command::from(whereabouts::Fact::TakeToHospital { person: person(1), hospital }),
        )
        .unwrap();
    assert_eq!(at(&scene), PlaceNow::InHospital);
    scene
        .later(60)
        .by(WORKER, Command::from(whereabouts::Fact::Return { person: person(1) }))
        .unwrap();
    assert_eq!(at(&scene), PlaceNow::AtTheHome);
    scene
        .by(
            WORKER,
            Command::from(whereabouts::Fact::GoWithFamily { person: person(1), with: None }),
        )
        .unwrap();
    assert_eq!(at(&scene), PlaceNow::WithFamily);
    assert_eq!(scene.wall(1).stage, Stage::WithFamily);
}

#[test]
fn a_director_and_a_non_member_record_no_facts() {
    let mut scene = Scene::with_people(1);
    let refused = scene.by(DIRECTOR, depart(1, None)).unwrap_err();
    assert_eq!(refused.code, Code::NotYours);
    let stranger = proto::id::MemberId(super::scene::uuid_of(999));
    assert_eq!(scene.by(stranger, depart(1, None)).unwrap_err().code, Code::NotYours);
    assert_eq!(scene.at(Audience::Desk, PlaceNow::AtTheHome), 1);
}

#[test]
fn confirming_by_one_identifier_alone_is_refused() {
    let mut scene = Scene::with_people(1);
    let by = vec![IdentifiedBy::Bedroom, IdentifiedBy::Bedroom, IdentifiedBy::Wristband];
    let confirm = Command::from(register::Plan::Confirm { person: person(1), identified_by: by });
    let refused = scene.by(DESK, confirm).unwrap_err();
    assert_eq!((refused.code, refused.unmet[0].gate), (Code::Gate, Gate::G1));
}
