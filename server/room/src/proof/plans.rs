//! Plans require their gates, with refusals in plain words; lead and deputy pass gates with a reason.

use proto::{
    arrival,
    command::Command,
    gate::{self, BreachState, Gate},
    identity::{self, IdentifiedBy, Moment, SecondIdentifier},
    journey::{self, Journey},
    needs,
    nouns::Event,
    place,
    premises::{self, IncidentStage},
    readiness,
    refusal::Code,
    register,
    role::{Audience, Role},
    side::{self, SideKind, SidePlan},
    transfer::{ItemState, PlaceNow, Stage},
    whereabouts, worker,
};

use super::scene::{LEAD, Scene, WORKER, born, home, person, reason, short};

fn stage(scene: &Scene) -> IncidentStage {
    match scene.room.row(Audience::Wall, proto::key::Key::Incident) {
        Some(proto::row::Row::WallIncident(row)) => row.stage,
        other => panic!("no incident but {other:?}"),
    }
}

#[test]
fn a_place_requires_confirmation_and_a_worker_and_the_refusal_lists_who_can_help() {
    let mut scene = Scene::with_people(1);
    let accept = Command::from(place::Plan::Accept { person: person(1), home: home(1) });
    let refused = scene.by(LEAD, accept.clone()).unwrap_err();
    let gates: Vec<_> = refused.unmet.iter().map(|unmet| (unmet.gate, unmet.owner)).collect();
    assert_eq!(gates, [(Gate::G1, Role::Bizsup), (Gate::G3, Role::Deputy)]);
    assert!(refused.words.contains("no named social worker"), "{}", refused.words);
    assert!(refused.unmet[0].may_pass.contains(&Role::Lead));
    let pass = |gate| {
        Command::from(gate::Plan::Pass {
            gate,
            people: vec![person(1)],
            reason: reason(),
            until: None,
        })
    };
    assert_eq!(scene.by(WORKER, pass(Gate::G1)).unwrap_err().code, Code::NotYours);
    scene.by(LEAD, pass(Gate::G1)).unwrap();
    scene.by(LEAD, pass(Gate::G3)).unwrap();
    scene.by(LEAD, accept).unwrap();
    let row = scene.desk(1);
    assert_eq!(row.stage, Stage::PlaceHeld);
    assert_eq!(row.items[0].state, ItemState::Passed);
    assert_eq!(scene.census(Audience::Sitrep).passes, 2);
}

#[test]
fn an_expired_pass_has_no_effect() {
    let mut scene = Scene::with_people(1);
    for gate in [Gate::G1, Gate::G3] {
        let until = Some(scene.now.plus_ms(60_000));
        let (people, reason) = (vec![person(1)], reason());
        scene.by(LEAD, Command::from(gate::Plan::Pass { gate, people, reason, until })).unwrap();
    }
    scene.later(2);
    let accept = Command::from(place::Plan::Accept { person: person(1), home: home(1) });
    assert_eq!(scene.by(LEAD, accept).unwrap_err().unmet.len(), 2);
}

#[test]
fn the_door_check_requires_identity_and_the_complete_journey() {
    let mut scene = Scene::with_people(1);
    let id = person(1);
    let by = vec![IdentifiedBy::Name, IdentifiedBy::DateOfBirth];
    scene
        .by(LEAD, Command::from(register::Plan::Confirm { person: id, identified_by: by }))
        .unwrap();
    scene.by(LEAD, Command::from(worker::Plan::Name { person: id, worker: Some(WORKER) })).unwrap();
    scene.by(LEAD, Command::from(place::Plan::Accept { person: id, home: home(1) })).unwrap();
    let journey =
        Journey { vehicle: Some(short("Taxi 4")), crew: None, leaves_at: None, arrives_at: None };
    scene.by(LEAD, Command::from(journey::Plan::Book { person: id, journey })).unwrap();
    let identifier = SecondIdentifier::Photograph;
    let moment = Moment::Ready;
    scene
        .by(WORKER, Command::from(identity::Fact::Check { person: id, moment, identifier }))
        .unwrap();
    scene.by(WORKER, Command::from(readiness::Plan::Declare { person: id })).unwrap();
    let refused =
        scene.by(WORKER, Command::from(readiness::Plan::Clear { person: id })).unwrap_err();
    let gates: Vec<Gate> = refused.unmet.iter().map(|unmet| unmet.gate).collect();
    assert_eq!(gates, [Gate::G22, Gate::G23]);
    assert!(refused.words.contains("crew, expected arrival"), "{}", refused.words);
}

#[test]
fn an_arrival_is_confirmed_only_by_identifier_and_handover() {
    let mut scene = Scene::with_people(1);
    scene.make_ready(1);
    let confirm = |date, handover_given| {
        Command::from(arrival::Plan::Confirm {
            person: person(1),
            identifier: SecondIdentifier::DateOfBirth { date },
            handover_given,
            on_word_of: None,
        })
    };
    assert_eq!(scene.by(LEAD, confirm(born(1), true)).unwrap_err().code, Code::NotNow);
    let arrive =
        Command::from(whereabouts::Fact::Arrive { person: person(1), home: Some(home(1)) });
    scene.by(WORKER, arrive).unwrap();
    assert!(scene.desk(1).to_confirm);
    for (date, handover) in [(born(2), true), (born(1), false)] {
        let refused = scene.by(LEAD, confirm(date, handover)).unwrap_err();
        assert_eq!(refused.unmet[0].gate, Gate::G24);
    }
    scene.by(LEAD, confirm(born(1), true)).unwrap();
    assert!(!scene.desk(1).to_confirm);
    assert_eq!(scene.census(Audience::Wall).confirmed, 1);
}

#[test]
fn giving_up_the_destination_resets_ready() {
    let mut scene = Scene::with_people(1);
    scene.make_ready(1);
    scene
        .by(LEAD, Command::from(place::Plan::Accept { person: person(1), home: home(2) }))
        .unwrap();
    assert_eq!(scene.desk(1).stage, Stage::PlaceHeld);
    scene
        .by(LEAD, Command::from(place::Plan::GiveUp { person: person(1), why: reason() }))
        .unwrap();
    assert_eq!(scene.desk(1).stage, Stage::ToAssess);
    scene.by(WORKER, Command::from(needs::Plan::Assess { person: person(1) })).unwrap();
    assert_eq!(scene.desk(1).stage, Stage::FindingAPlace);
}

#[test]
fn a_side_plan_is_the_stage_only_at_the_home() {
    let mut scene = Scene::with_people(1);
    let plan = SidePlan { side: SideKind::Exceptional, reason: reason(), until: None };
    scene.by(LEAD, Command::from(side::Plan::Start { person: person(1), plan })).unwrap();
    assert_eq!(scene.wall(1).stage, Stage::Exceptional);
    let leave =
        Command::from(whereabouts::Fact::Depart { person: person(1), home: None, vehicle: None });
    scene.by(WORKER, leave).unwrap();
    assert_eq!(scene.wall(1).stage, Stage::OnTheWay);
    assert_eq!(scene.desk(1).side_plans.len(), 1, "it stays as a mark");
}

#[test]
fn premises_are_cleared_only_when_nobody_but_named_exceptions_remains() {
    let mut scene = Scene::with_people(2);
    let clear = |first: &str, except| {
        Command::from(premises::Plan::ClaimCleared {
            swept_by: [short(first), short("Second sweeper")],
            except,
        })
    };
    let refused = scene.by(LEAD, clear("First sweeper", vec![])).unwrap_err();
    assert_eq!(refused.unmet[0].gate, Gate::G30);
    let leave =
        Command::from(whereabouts::Fact::Depart { person: person(1), home: None, vehicle: None });
    scene.by(WORKER, leave).unwrap();
    assert!(scene.by(LEAD, clear("First sweeper", vec![person(2)])).is_err(), "no arrangement yet");
    let plan = SidePlan { side: SideKind::Exceptional, reason: reason(), until: None };
    scene.by(LEAD, Command::from(side::Plan::Start { person: person(2), plan })).unwrap();
    assert!(scene.by(LEAD, clear("second sweeper", vec![person(2)])).is_err(), "one sweeper twice");
    scene.by(LEAD, clear("First sweeper", vec![person(2)])).unwrap();
    assert_eq!(stage(&scene), IncidentStage::ClearedExcept);
    scene
        .later(1)
        .by(WORKER, Command::from(whereabouts::Fact::Return { person: person(1) }))
        .unwrap();
    assert_eq!(stage(&scene), IncidentStage::Moving, "somebody is there again");
}

/// P-105, R8, PROCEDURE 4.1.4: lead and deputy pass G30 for the people still there, and the claim names each of them.
#[test]
fn the_premises_gate_is_passed_per_person_and_the_claim_names_each() {
    let mut scene = Scene::with_people(3);
    let clear = |second: &str| {
        Command::from(premises::Plan::ClaimCleared {
            swept_by: [short("First sweeper"), short(second)],
            except: vec![],
        })
    };
    let pass = |people| {
        let until = None;
        Command::from(gate::Plan::Pass { gate: Gate::G30, people, reason: reason(), until })
    };
    let leave =
        Command::from(whereabouts::Fact::Depart { person: person(3), home: None, vehicle: None });
    scene.by(WORKER, leave).unwrap();
    assert_eq!(scene.by(WORKER, pass(vec![person(1)])).unwrap_err().code, Code::NotYours);
    scene.by(LEAD, pass(vec![person(1)])).unwrap();
    let refused = scene.by(LEAD, clear("Second sweeper")).unwrap_err();
    let (here, gone) = (scene.desk(2).reference, scene.desk(1).reference);
    assert!(refused.words.contains(here.as_str()), "{}", refused.words);
    assert!(!refused.words.contains(gone.as_str()), "passed already: {}", refused.words);
    assert_eq!(refused.unmet[0].may_pass, [Role::Lead, Role::Deputy]);
    scene.by(LEAD, pass(vec![person(2)])).unwrap();
    let alone = scene.by(LEAD, clear("first sweeper")).unwrap_err();
    assert!(alone.unmet[0].may_pass.is_empty(), "nobody passes a second sweeper");
    let events = scene.by(LEAD, clear("Second sweeper")).unwrap();
    let named = vec![person(1), person(2)];
    assert!(
        matches!(&events[..], [Event::Premises(premises::Event::Cleared { except, .. })] if *except == named),
        "{events:?}"
    );
    assert_eq!(stage(&scene), IncidentStage::ClearedExcept);
    let said = scene.log(scene.room.head()).unwrap().text;
    assert!(said.matches("(G30 passed)").count() == 2, "{said}");
    assert_eq!(scene.at(Audience::Wall, PlaceNow::AtTheHome), 2, "the count stays true");
}

/// 4.1.3 rule 2: the last part that completes the journey is the evidence, and only if both were done before.
#[test]
fn a_place_accepted_before_the_departure_and_entered_late_completes_the_journey() {
    let journey = |scene: &Scene| {
        Command::from(journey::Plan::Book {
            person: person(1),
            journey: Journey {
                vehicle: Some(short("Taxi 4")),
                crew: Some(short("Crew 2")),
                leaves_at: None,
                arrives_at: Some(scene.now.plus_ms(1_800_000)),
            },
        })
    };
    let accept = Command::from(place::Plan::Accept { person: person(1), home: home(1) });
    for (accepted, booked, late) in [(20, 20, true), (20, -1, false), (-1, 20, false)] {
        for place_last in [true, false] {
            let mut scene = Scene::with_people(1);
            let id = person(1);
            let by = vec![IdentifiedBy::Name, IdentifiedBy::DateOfBirth];
            scene
                .by(LEAD, Command::from(register::Plan::Confirm { person: id, identified_by: by }))
                .unwrap();
            scene
                .by(LEAD, Command::from(worker::Plan::Name { person: id, worker: Some(WORKER) }))
                .unwrap();
            scene.later(30);
            let leave =
                Command::from(whereabouts::Fact::Depart { person: id, home: None, vehicle: None });
            scene.by(WORKER, leave).unwrap();
            scene.later(5);
            let book = journey(&scene);
            let steps = [(book, booked), (accept.clone(), accepted)];
            let steps: Vec<_> =
                if place_last { steps.into() } else { steps.into_iter().rev().collect() };
            for (command, ago) in steps {
                if ago < 0 {
                    scene.by(LEAD, command).unwrap();
                } else {
                    scene.late(LEAD, ago, command).unwrap();
                }
            }
            let row = scene.desk(1);
            let breach = row.breaches.iter().find(|breach| breach.gate == Gate::G23).unwrap();
            let settled = breach.state == BreachState::DoneButRecordedLate;
            assert_eq!(settled, late, "{accepted} {booked} place last: {place_last}");
        }
    }
}

#[test]
fn an_existing_breach_can_be_reviewed() {
    let mut scene = Scene::with_people(1);
    let leave =
        Command::from(whereabouts::Fact::Depart { person: person(1), home: None, vehicle: None });
    scene.by(WORKER, leave).unwrap();
    let fact = scene.desk(1).breaches[0].fact;
    let review = |gate| {
        Command::from(gate::Plan::Review {
            person: person(1),
            fact,
            gate,
            state: BreachState::Accepted,
            note: reason(),
        })
    };
    assert_eq!(scene.by(LEAD, review(Gate::G24)).unwrap_err().code, Code::Unknown);
    scene.by(LEAD, review(Gate::G1)).unwrap();
    assert_eq!(scene.census(Audience::Desk).open_breaches, 3);
}
