//! The demo's room: the acceptance day as commands.

use std::collections::BTreeSet;

use demo::harbour_rise;
use intake::{homes, staff};
use proto::{
    command::{Command, Envelope},
    deadline,
    entry::Entry,
    home,
    id::Time,
    incident,
    key::Key,
    member::{self, Actor},
    needs,
    nouns::{Fact, Plan},
    person::Care,
    register,
    role::{Audience, Ceiling, Role},
    row::Row,
    sign_in, site,
    transfer::PlaceNow,
    whereabouts, worker,
};
use room::{Context, Room};

use super::room;

/// 22 May 2026, 08:50 UK time.
const NOW: Time = Time(1_779_436_200_000);

fn count(envelopes: &[Envelope], is: fn(&Command) -> bool) -> usize {
    envelopes.iter().filter(|envelope| is(&envelope.command)).count()
}

#[test]
fn the_room_is_opened_first_and_contains_everybody() {
    let all = harbour_rise::envelopes(room(), NOW).unwrap();
    assert!(matches!(all[0].command, Command::Plan(Plan::Incident(incident::Plan::Open { .. }))));
    assert_eq!(count(&all, |c| matches!(c, Command::Plan(Plan::Site(site::Plan::Open { .. })))), 2);
    assert_eq!(
        count(&all, |c| matches!(c, Command::Plan(Plan::Member(member::Plan::Admit { .. })))),
        16
    );
    assert_eq!(count(&all, |c| matches!(c, Command::Plan(Plan::Home(home::Plan::Add { .. })))), 14);
    assert_eq!(
        count(&all, |c| matches!(
            c,
            Command::Plan(Plan::Register(register::Plan::Register { .. }))
        )),
        63
    );
    assert_eq!(
        count(&all, |c| matches!(c, Command::Plan(Plan::Register(register::Plan::Confirm { .. })))),
        61
    );
    assert_eq!(
        count(&all, |c| matches!(c, Command::Plan(Plan::Worker(worker::Plan::Name { .. })))),
        61
    );
    assert_eq!(
        count(&all, |c| matches!(c, Command::Plan(Plan::Needs(needs::Plan::Assess { .. })))),
        22
    );
    assert_eq!(
        count(&all, |c| matches!(c, Command::Fact(Fact::SignIn(sign_in::Fact::SignOn { .. })))),
        0,
        "people sign themselves on"
    );
    let ids: BTreeSet<_> = all.iter().map(|envelope| envelope.id).collect();
    assert_eq!(ids.len(), all.len());
    assert_eq!(all, harbour_rise::envelopes(room(), NOW).unwrap());
}

#[test]
fn named_workers_are_those_of_the_acceptance_day() {
    let all = harbour_rise::opening(room(), NOW).unwrap();
    let of = |label| {
        let member = staff::id(room(), label);
        all.iter()
            .filter(|e| matches!(e.command, Command::Plan(Plan::Worker(worker::Plan::Name { worker, .. })) if worker == Some(member)))
            .count()
    };
    assert_eq!((of("S14"), of("S15"), of("S16"), of("S08")), (15, 15, 15, 16));
}

#[test]
fn the_two_hospital_admissions_are_facts_entered_by_a_member() {
    let facts = harbour_rise::in_hospital(room(), NOW).unwrap();
    assert_eq!(facts.len(), 2);
    for (member, envelope) in &facts {
        assert_eq!(*member, staff::id(room(), "S12"));
        assert!(matches!(
            envelope.command,
            Command::Fact(Fact::Whereabouts(whereabouts::Fact::TakeToHospital { .. }))
        ));
        assert!(envelope.happened_at.unwrap() < NOW && envelope.late_reason.is_some());
    }
}

#[test]
fn the_deadline_is_in_the_future_whenever_the_demo_starts() {
    for hours in (0..48).step_by(5) {
        let now = NOW.plus_ms(hours * 3_600_000);
        let all = harbour_rise::opening(room(), now).unwrap();
        let at = all.iter().find_map(|envelope| match &envelope.command {
            Command::Plan(Plan::Deadline(deadline::Plan::Set { deadline })) => Some(deadline.at),
            _ => None,
        });
        assert!((3_600_000..=25 * 3_600_000).contains(&at.unwrap().since_ms(now)));
    }
}

#[test]
fn all_sixteen_roles_are_filled_and_every_home_is_parsed() {
    let team = staff::read(harbour_rise::STAFF).unwrap();
    let held: BTreeSet<Role> = team.iter().flat_map(|c| c.profile.roles.clone()).collect();
    assert!(held.len() >= 16 && team.iter().all(|c| !c.profile.roles.is_empty()));
    for role in [Role::Lead, Role::TeamLeaderSite, Role::NamedSw, Role::Nurse, Role::Loggist] {
        assert!(held.contains(&role), "{role:?}");
    }
    let homes = homes::read(room(), harbour_rise::HOMES).unwrap();
    let Command::Plan(Plan::Home(home::Plan::Add { home })) = &homes[3] else { panic!("no home") };
    assert_eq!((home.name.as_str(), home.miles), ("Dovecote", Some(8)));
    assert_eq!(home.registered_for, [Care::Residential]);
}

#[test]
fn no_label_of_the_files_reaches_the_room() {
    let all = serde_json::to_string(&harbour_rise::envelopes(room(), NOW).unwrap()).unwrap();
    for label in ["SU01", "SU62", "\"S12", " S12", "S07", "H01"] {
        assert!(!all.contains(label), "{label}");
    }
}

/// Submits a command and fails if the room refuses it.
fn submit(state: &mut Room, envelope: &Envelope, actor: Actor, dice: u8) {
    let context = Context {
        now: NOW,
        actor,
        ceiling: matches!(actor, Actor::Member(_)).then_some(Ceiling::Staff),
        device: None,
        command: envelope.id,
        based_on: None,
        happened_at: envelope.happened_at,
        late_reason: envelope.late_reason.clone(),
        dice: [dice; 16],
    };
    let decided = state.decide(&context, &envelope.command);
    let events = decided.unwrap_or_else(|refusal| panic!("{:?}: {refusal:?}", envelope.command));
    let entry = Entry {
        room: room(),
        seq: state.head().next(),
        at: NOW,
        happened_at: envelope.happened_at,
        claimed_at: None,
        late_reason: envelope.late_reason.clone(),
        actor,
        device: None,
        command: envelope.id,
        events,
        nonce: "0".repeat(16),
    };
    state.apply(&entry);
}

#[test]
fn the_rooms_rules_accept_every_command_and_the_census_is_62() {
    let mut state = Room::default();
    for (place, envelope) in harbour_rise::envelopes(room(), NOW).unwrap().iter().enumerate() {
        submit(&mut state, envelope, Actor::Importer, u8::try_from(place).unwrap());
    }
    for (member, envelope) in harbour_rise::in_hospital(room(), NOW).unwrap() {
        submit(&mut state, &envelope, Actor::Member(member), 0);
    }
    let people = state.keys(Audience::Desk).into_iter();
    let people = people.filter(|key| matches!(key, Key::Person(_))).count();
    assert_eq!(people, 62);
    let Some(Row::Census(census)) = state.row(Audience::Desk, Key::Census) else {
        panic!("no census")
    };
    assert_eq!(census.register, 62);
    assert_eq!(census.merged.map(|change| (change.from, change.to)), Some((63, 62)));
    let at = |place| census.places.iter().find(|p| p.place == place).map(|p| p.people);
    assert_eq!(at(PlaceNow::AtTheHome), Some(60));
    assert_eq!(at(PlaceNow::InHospital), Some(2));
}
