//! Times that nobody can mean: a plan that says one is refused, a fact is kept, and no row ever carries one (P-104).

use proto::{
    command::Command,
    entry::Entry,
    event::Event,
    gate::Gate,
    id::{CommandId, RoomId, SignInId, Time},
    incident::Deadline,
    limit::{TIME_MAX, TIME_MIN},
    member::Actor,
    protection::{Protection, ProtectionSource},
    refusal::Code,
    role::Audience,
    site::Timer,
    text::PersonName,
    transfer::{Journey, SideKind, SidePlan},
};
use serde_json::Value;

use super::{
    property::rows,
    scene::{HOME_SITE, LEAD, Scene, WORKER, person, reason, short, text, uuid_of},
};
use crate::Room;

/// Times that nobody can mean.
pub(crate) const ABSURD: [Time; 6] = [
    Time(i64::MIN),
    Time(i64::MIN + 1),
    Time(-9_000_000_000_000_000),
    Time(TIME_MIN.0 - 1),
    Time(TIME_MAX.0 + 1),
    Time(i64::MAX),
];

/// Returns a number of these rows that lies outside the years a room takes. No row counts so far: it is a time.
pub(crate) fn absurd_in(room: &Room, audience: Audience) -> Option<i64> {
    fn numbers(value: &Value, found: &mut Vec<i64>) {
        match value {
            Value::Number(number) => found.push(number.as_i64().unwrap_or(i64::MAX)),
            Value::Array(values) => values.iter().for_each(|value| numbers(value, found)),
            Value::Object(fields) => fields.values().for_each(|value| numbers(value, found)),
            Value::Null | Value::Bool(_) | Value::String(_) => {}
        }
    }
    let mut found = Vec::new();
    for (key, row) in rows(room, audience) {
        numbers(&serde_json::to_value(&row).unwrap(), &mut found);
        let id = key.to_string().split_once('/').and_then(|(_, id)| id.parse::<i64>().ok());
        found.extend(id);
    }
    found.into_iter().find(|number| !Time(*number).is_possible())
}

fn deadline(at: Time) -> Deadline {
    Deadline { at, set_by: short("Magistrates"), why: reason() }
}

fn journey(leaves_at: Option<Time>, arrives_at: Option<Time>) -> Journey {
    Journey { vehicle: None, crew: None, leaves_at, arrives_at }
}

fn protection(until: Time) -> Protection {
    Protection {
        who: PersonName::parse("Cuthbert Vane").unwrap(),
        relation: None,
        why: reason(),
        source: ProtectionSource::Wish,
        until: Some(until),
    }
}

/// Returns every plan that says a time, with this one.
fn plans(at: Time) -> Vec<Command> {
    let id = person(1);
    let plan = SidePlan { side: SideKind::OnHold, reason: reason(), until: Some(at) };
    let (people, until) = (vec![id], Some(at));
    vec![
        Command::SetDeadline { deadline: deadline(at) },
        Command::LiftDeadline { at, entry: None, why: reason() },
        Command::BookJourney { person: id, journey: journey(Some(at), None) },
        Command::BookJourney { person: id, journey: journey(None, Some(at)) },
        Command::StartSidePlan { person: id, plan },
        Command::PassGate { gate: Gate::G1, people, reason: reason(), until },
        Command::ProtectDestination { person: id, protection: Box::new(protection(at)) },
        Command::OpenDoor { code: short("ACDEFGHJ"), until: at },
    ]
}

#[test]
fn a_plan_for_a_time_that_nobody_can_mean_is_refused_in_plain_words() {
    let mut scene = Scene::with_people(1);
    let head = scene.room.head();
    for at in ABSURD {
        for plan in plans(at) {
            let refused = scene.by(LEAD, plan.clone()).unwrap_err();
            assert_eq!(refused.code, Code::Value, "{at:?} in {plan:?}: {refused:?}");
            assert!(refused.words.contains("1900 to 2199"), "{plan:?}: {}", refused.words);
        }
    }
    assert_eq!(scene.room.head(), head);
    scene.by(LEAD, Command::SetDeadline { deadline: deadline(TIME_MAX) }).unwrap();
    scene.by(LEAD, Command::SetDeadline { deadline: deadline(TIME_MIN) }).unwrap();
}

#[test]
fn whoever_signs_on_until_a_time_that_nobody_can_mean_is_on_site_and_is_asked_after() {
    for planned_end in ABSURD {
        let mut scene = Scene::open();
        let word = proto::site::Word::default();
        let on = Command::SignOn { site: HOME_SITE, planned_end, duty: None, word };
        scene.by(WORKER, on.clone()).unwrap();
        scene.by(WORKER, on).unwrap();
        for audience in Audience::ALL {
            assert_eq!(absurd_in(&scene.room, audience), None, "{planned_end:?} {audience:?}");
        }
        let rung = scene.later(15).ring_timers();
        assert!(
            matches!(rung[..], [Event::AlarmRaised { timer: Timer::PlannedEndPassed { .. } }]),
            "{rung:?}"
        );
    }
}

/// Returns the entries of a room in which every kind of time says this one, as they could have been written.
fn written(at: Time) -> (Scene, Vec<Entry>) {
    let mut scene = Scene::with_people(2);
    scene.make_ready(2);
    let id = person(1);
    let plan = SidePlan { side: SideKind::OnHold, reason: reason(), until: Some(at) };
    let sign_in = SignInId(uuid_of(8));
    let home = Some(super::scene::home(1));
    let events = [
        Event::DeadlineSet { deadline: deadline(at) },
        Event::DoorOpened { code: short("ACDEFGHJ"), until: at },
        Event::JourneyBooked { person: person(2), journey: journey(Some(at), Some(at)) },
        Event::SidePlanStarted { person: id, plan },
        Event::GatePassed { gate: Gate::G1, people: vec![id], reason: reason(), until: Some(at) },
        Event::DestinationProtected { person: person(2), protection: Box::new(protection(at)) },
        Event::SignedOn {
            sign_in,
            member: WORKER,
            site: HOME_SITE,
            planned_end: at,
            duty: None,
            on_word_of: None,
        },
        Event::CheckedIn { sign_in, planned_end: Some(at), on_word_of: None },
        Event::ServiceUserDeparted { person: id, home, vehicle: None },
        Event::ServiceUserDied { person: id },
        Event::SignedOff { sign_in, late: true, on_word_of: None },
        Event::LogLineAdded {
            text: text("a line"),
            person: None,
            show: proto::command::Show { wall: true, phones: true, directors: true },
        },
    ];
    let mut entries = scene.journal.clone();
    for (n, event) in (scene.room.head().0 + 1..).zip(events) {
        entries.push(Entry {
            room: RoomId(uuid_of(0)),
            seq: proto::id::Seq(n),
            at: scene.now,
            happened_at: Some(at).filter(|_| n % 2 == 0),
            claimed_at: Some(at).filter(|_| n % 2 == 1),
            late_reason: None,
            actor: Actor::Member(WORKER),
            device: None,
            command: CommandId(uuid_of(9_000_000 + u128::from(n))),
            events: vec![event],
            nonce: "0".repeat(16),
        });
    }
    (scene, entries)
}

/// I-14: what stands in a journal is folded, whatever it says.
#[test]
fn a_journal_that_tells_times_nobody_can_mean_shows_none_of_them() {
    for at in ABSURD {
        for shifted in 0..2 {
            let (_, mut entries) = written(at);
            for entry in entries.iter_mut().filter(|_| shifted == 1) {
                std::mem::swap(&mut entry.happened_at, &mut entry.claimed_at);
            }
            let mut room = Room::default();
            for entry in &entries {
                room.apply(entry);
                for audience in Audience::ALL {
                    let absurd = absurd_in(&room, audience);
                    assert_eq!(absurd, None, "{at:?} {audience:?} {:?}", entry.events);
                }
            }
            let mut lift = entries.last().unwrap().clone();
            lift.seq = lift.seq.next();
            lift.events = vec![Event::DeadlinesLifted { at, why: reason() }];
            room.apply(&lift);
            assert!(room.incident.as_ref().unwrap().deadlines.is_empty(), "{at:?} is lifted");
        }
    }
}

/// A deadline that passed, was lifted and is set once more, or a planned end that is moved to and fro: each
/// alarm has a name of its own, or the room would wait for it for ever and raise no other.
#[test]
fn an_alarm_set_again_for_the_same_time_is_another_one() {
    let mut scene = Scene::open();
    let at = scene.now.plus_ms(-60_000);
    let mut set_by = Vec::new();
    for _ in 0..2 {
        scene.by(LEAD, Command::SetDeadline { deadline: deadline(at) }).unwrap();
        let (due, timer) = scene.room.next_timer().unwrap();
        set_by.push(scene.room.timer_set_by(due, &timer).unwrap());
        assert_eq!(scene.ring_timers().len(), 1);
        scene.by(LEAD, Command::LiftDeadline { at, entry: None, why: reason() }).unwrap();
    }
    assert_ne!(set_by[0], set_by[1]);
}
