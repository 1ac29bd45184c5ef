//! The incident's details: concurrent deadlines, and edits from two desks at once.

use proto::{
    command::Command,
    deadline::{self, Deadline, StandingDeadline},
    entry::Entry,
    id::{CommandId, DeviceId, MemberId, Seq, Time},
    incident::{self, DeskIncident, IncidentChange},
    key::Key,
    member::{self, Actor},
    nouns::Event,
    refusal::{Code, Refusal},
    role::{Audience, Role},
    row::Row,
};

use super::scene::{DESK, LEAD, Scene, reason, short, text, uuid_of};
use crate::Room;

fn desk(room: &Room) -> DeskIncident {
    match room.row(Audience::Desk, Key::Incident) {
        Some(Row::DeskIncident(row)) => row,
        other => panic!("no incident but {other:?}"),
    }
}

fn sets(at: Time, set_by: &str) -> Command {
    Command::from(deadline::Plan::Set {
        deadline: Deadline { at, set_by: short(set_by), why: reason() },
    })
}

fn lifts(at: Time, entry: Option<Seq>) -> Command {
    Command::from(deadline::Plan::Lift { at, entry, why: reason() })
}

/// P-108, PROCEDURE 3.1: the order and the end of the lease may share an hour.
#[test]
fn two_deadlines_at_one_time_coexist_and_are_cancelled_one_by_one() {
    let mut scene = Scene::open();
    let at = scene.now.plus_ms(3_600_000);
    scene.by(LEAD, sets(at, "Magistrates")).unwrap();
    scene.by(LEAD, sets(at, "Landlord")).unwrap();
    let standing: Vec<(Seq, String)> = desk(&scene.room)
        .deadlines
        .into_iter()
        .map(|StandingDeadline { entry, deadline }| (entry, deadline.set_by.as_str().to_owned()))
        .collect();
    let [(first, magistrates), (second, landlord)] = &standing[..] else {
        panic!("both stand: {standing:?}")
    };
    assert_eq!((magistrates.as_str(), landlord.as_str()), ("Magistrates", "Landlord"));
    let refused = scene.by(LEAD, lifts(at, None)).unwrap_err();
    assert_eq!(refused.code, Code::Value, "which of them: {refused:?}");
    let other_time = lifts(at.plus_ms(1), Some(*first));
    assert_eq!(scene.by(LEAD, other_time).unwrap_err().code, Code::Already);
    scene.by(LEAD, lifts(at, Some(*first))).unwrap();
    assert_eq!(scene.by(LEAD, lifts(at, Some(*first))).unwrap_err().code, Code::Already);
    let left = desk(&scene.room);
    assert_eq!(left.deadlines.len(), 1);
    assert_eq!(left.deadline.unwrap().set_by, short("Landlord"));
    assert_eq!(scene.later(60).ring_timers().len(), 1, "the one that stands passes");
    assert!(*second > *first);
    scene.by(LEAD, lifts(at, None)).unwrap();
    assert_eq!(desk(&scene.room).deadlines, []);
}

/// P-72, I-14: a version 1 entry cancels every deadline at its time.
#[test]
fn a_journal_that_cancels_deadlines_by_time_alone_is_readable() {
    let mut scene = Scene::open();
    let at = scene.now.plus_ms(3_600_000);
    scene.by(LEAD, sets(at, "Magistrates")).unwrap();
    scene.by(LEAD, sets(at, "Landlord")).unwrap();
    let last = scene.journal.last().unwrap();
    let lifted = Entry {
        seq: last.seq.next(),
        command: CommandId(uuid_of(77)),
        events: vec![Event::from(deadline::Event::AllLifted { at, why: reason() })],
        ..last.clone()
    };
    scene.room.apply(&lifted);
    assert_eq!(desk(&scene.room).deadlines, []);
    assert_eq!(scene.room.next_timer(), None);
}

/// Changes the incident from a device that saw this entry.
fn change(
    scene: &mut Scene,
    member: MemberId,
    seen: Option<Seq>,
    change: IncidentChange,
) -> Result<(), Refusal> {
    let mut context = scene.context(Actor::Member(member));
    context.based_on = seen;
    context.device = Some(DeviceId(member.0));
    scene.submit(&context, &Command::from(incident::Plan::Change { change })).map(|_| ())
}

fn order(words: &str) -> IncidentChange {
    IncidentChange { order: Some(text(words)), ..IncidentChange::default() }
}

/// P-107
#[test]
fn a_stale_edit_of_the_incident_is_refused_with_both_versions() {
    let mut scene = Scene::open();
    let roles = vec![Role::Deputy];
    scene.by(LEAD, Command::from(member::Plan::GiveRoles { member: DESK, roles })).unwrap();
    let head = scene.room.head();
    change(&mut scene, LEAD, Some(head), order("Section 30, granted 08:47")).unwrap();
    for seen in [head, Seq(0), Seq(1_000_000_000_000)] {
        let both = IncidentChange {
            contacts: Some(text("The landlord")),
            ..order("Section 31, granted 09:10")
        };
        let refused = change(&mut scene, DESK, Some(seen), both).unwrap_err();
        assert_eq!(refused.code, Code::NotNow, "{seen:?}");
        for words in ["Section 30, granted 08:47", "Section 31, granted 09:10"] {
            assert!(refused.words.contains(words), "{}", refused.words);
        }
    }
    let row = desk(&scene.room);
    assert_eq!(row.order.unwrap().as_str(), "Section 30, granted 08:47");
    assert_eq!(row.contacts, None, "nothing of a refused change is taken");
    let blind = change(&mut scene, DESK, None, order("Section 31")).unwrap_err();
    assert_eq!(blind.code, Code::Value, "who does not say what they saw");
}

/// P-107
#[test]
fn other_parts_equal_values_and_own_edits_do_not_conflict() {
    let mut scene = Scene::open();
    let roles = vec![Role::Deputy];
    scene.by(LEAD, Command::from(member::Plan::GiveRoles { member: DESK, roles })).unwrap();
    let seen = Some(scene.room.head());
    change(&mut scene, LEAD, seen, order("Section 30")).unwrap();
    change(&mut scene, LEAD, seen, order("Section 30, granted 08:47")).unwrap();
    change(&mut scene, DESK, seen, order("Section 30, granted 08:47")).unwrap();
    let contacts =
        IncidentChange { contacts: Some(text("The landlord")), ..IncidentChange::default() };
    change(&mut scene, DESK, seen, contacts).unwrap();
    let head = Some(scene.room.head());
    change(&mut scene, LEAD, head, order("Section 31")).unwrap();
    let row = desk(&scene.room);
    assert_eq!(row.order.unwrap().as_str(), "Section 31");
    assert_eq!(row.contacts.unwrap().as_str(), "The landlord");
}
