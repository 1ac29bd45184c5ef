//! Plans ask their gates, in plain words; lead and deputy pass them with a reason.

use proto::{
    command::Command,
    gate::Gate,
    person::{IdentifiedBy, SecondIdentifier},
    refusal::Code,
    role::{Audience, Role},
    row::incident::IncidentStage,
    transfer::{ItemState, Journey, Moment, SideKind, SidePlan, Stage},
};

use super::scene::{LEAD, Scene, WORKER, born, home, person, reason, short};

fn stage(scene: &Scene) -> IncidentStage {
    match scene.room.row(Audience::Wall, proto::key::Key::Incident) {
        Some(proto::row::Row::WallIncident(row)) => row.stage,
        other => panic!("no incident but {other:?}"),
    }
}

#[test]
fn a_place_is_refused_until_confirmed_and_named_and_the_refusal_says_who_helps() {
    let mut scene = Scene::with_people(1);
    let accept = Command::AcceptPlace { person: person(1), home: home(1) };
    let refused = scene.by(LEAD, accept.clone()).unwrap_err();
    let gates: Vec<_> = refused.unmet.iter().map(|unmet| (unmet.gate, unmet.owner)).collect();
    assert_eq!(gates, [(Gate::G1, Role::Bizsup), (Gate::G3, Role::Deputy)]);
    assert!(refused.words.contains("no named social worker"), "{}", refused.words);
    assert!(refused.unmet[0].may_pass.contains(&Role::Lead));
    let pass =
        |gate| Command::PassGate { gate, people: vec![person(1)], reason: reason(), until: None };
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
fn a_pass_that_has_ended_no_longer_holds() {
    let mut scene = Scene::with_people(1);
    for gate in [Gate::G1, Gate::G3] {
        let until = Some(scene.now.plus_ms(60_000));
        let (people, reason) = (vec![person(1)], reason());
        scene.by(LEAD, Command::PassGate { gate, people, reason, until }).unwrap();
    }
    scene.later(2);
    let accept = Command::AcceptPlace { person: person(1), home: home(1) };
    assert_eq!(scene.by(LEAD, accept).unwrap_err().unmet.len(), 2);
}

#[test]
fn the_door_check_asks_identity_again_and_the_whole_journey() {
    let mut scene = Scene::with_people(1);
    let id = person(1);
    let by = vec![IdentifiedBy::Name, IdentifiedBy::DateOfBirth];
    scene.by(LEAD, Command::ConfirmOnRegister { person: id, identified_by: by }).unwrap();
    scene.by(LEAD, Command::NameWorker { person: id, worker: Some(WORKER) }).unwrap();
    scene.by(LEAD, Command::AcceptPlace { person: id, home: home(1) }).unwrap();
    let journey =
        Journey { vehicle: Some(short("Taxi 4")), crew: None, leaves_at: None, arrives_at: None };
    scene.by(LEAD, Command::BookJourney { person: id, journey }).unwrap();
    let identifier = SecondIdentifier::Photograph;
    let moment = Moment::Ready;
    scene.by(WORKER, Command::CheckIdentity { person: id, moment, identifier }).unwrap();
    scene.by(WORKER, Command::DeclareReady { person: id }).unwrap();
    let refused = scene.by(WORKER, Command::ClearToLeave { person: id }).unwrap_err();
    let gates: Vec<Gate> = refused.unmet.iter().map(|unmet| unmet.gate).collect();
    assert_eq!(gates, [Gate::G22, Gate::G23]);
    assert!(refused.words.contains("crew, expected arrival"), "{}", refused.words);
}

#[test]
fn an_arrival_is_confirmed_by_identifier_and_handover_only() {
    let mut scene = Scene::with_people(1);
    scene.make_ready(1);
    let confirm = |date, handover_given| Command::ConfirmArrival {
        person: person(1),
        identifier: SecondIdentifier::DateOfBirth { date },
        handover_given,
        on_word_of: None,
    };
    assert_eq!(scene.by(LEAD, confirm(born(1), true)).unwrap_err().code, Code::NotNow);
    let arrive = Command::ArriveServiceUser { person: person(1), home: Some(home(1)) };
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
fn what_ready_rests_on_falls_away_with_the_destination() {
    let mut scene = Scene::with_people(1);
    scene.make_ready(1);
    scene.by(LEAD, Command::AcceptPlace { person: person(1), home: home(2) }).unwrap();
    assert_eq!(scene.desk(1).stage, Stage::PlaceHeld);
    scene.by(LEAD, Command::GiveUpPlace { person: person(1), why: reason() }).unwrap();
    assert_eq!(scene.desk(1).stage, Stage::ToAssess);
    scene.by(WORKER, Command::AssessNeeds { person: person(1) }).unwrap();
    assert_eq!(scene.desk(1).stage, Stage::FindingAPlace);
}

#[test]
fn a_plan_beside_the_way_is_the_stage_only_at_the_home() {
    let mut scene = Scene::with_people(1);
    let plan = SidePlan { side: SideKind::Exceptional, reason: reason(), until: None };
    scene.by(LEAD, Command::StartSidePlan { person: person(1), plan }).unwrap();
    assert_eq!(scene.wall(1).stage, Stage::Exceptional);
    let leave = Command::DepartServiceUser { person: person(1), home: None, vehicle: None };
    scene.by(WORKER, leave).unwrap();
    assert_eq!(scene.wall(1).stage, Stage::OnTheWay);
    assert_eq!(scene.desk(1).side_plans.len(), 1, "it stays as a mark");
}

#[test]
fn premises_are_cleared_only_when_nobody_is_left_but_named_exceptions() {
    let mut scene = Scene::with_people(2);
    let clear = |first: &str, except| Command::ClaimPremisesCleared {
        swept_by: [short(first), short("Second sweeper")],
        except,
    };
    let refused = scene.by(LEAD, clear("First sweeper", vec![])).unwrap_err();
    assert_eq!(refused.unmet[0].gate, Gate::G30);
    let leave = Command::DepartServiceUser { person: person(1), home: None, vehicle: None };
    scene.by(WORKER, leave).unwrap();
    assert!(scene.by(LEAD, clear("First sweeper", vec![person(2)])).is_err(), "no arrangement yet");
    let plan = SidePlan { side: SideKind::Exceptional, reason: reason(), until: None };
    scene.by(LEAD, Command::StartSidePlan { person: person(2), plan }).unwrap();
    assert!(scene.by(LEAD, clear("second sweeper", vec![person(2)])).is_err(), "one sweeper twice");
    scene.by(LEAD, clear("First sweeper", vec![person(2)])).unwrap();
    assert_eq!(stage(&scene), IncidentStage::ClearedExcept);
    scene.later(1).by(WORKER, Command::ReturnServiceUser { person: person(1) }).unwrap();
    assert_eq!(stage(&scene), IncidentStage::Moving, "somebody is there again");
}

#[test]
fn a_breach_is_reviewed_once_it_stands() {
    let mut scene = Scene::with_people(1);
    let leave = Command::DepartServiceUser { person: person(1), home: None, vehicle: None };
    scene.by(WORKER, leave).unwrap();
    let fact = scene.desk(1).breaches[0].fact;
    let review = |gate| Command::ReviewBreach {
        person: person(1),
        fact,
        gate,
        state: proto::transfer::BreachState::Accepted,
        note: reason(),
    };
    assert_eq!(scene.by(LEAD, review(Gate::G24)).unwrap_err().code, Code::Unknown);
    scene.by(LEAD, review(Gate::G1)).unwrap();
    assert_eq!(scene.census(Audience::Desk).open_breaches, 3);
}
