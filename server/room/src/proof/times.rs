//! Implausible times: a plan with one is refused, a fact is kept, and no row ever contains one (P-104).

use proto::{
    alarm::{self, Timer},
    command::Command,
    deadline::{self, Deadline},
    door,
    entry::Entry,
    gate::{self, Gate},
    id::{CommandId, RoomId, SignInId, Time},
    journey::{self, Journey},
    limit::{TIME_MAX, TIME_MIN},
    log,
    member::Actor,
    nouns::Event,
    protection::{self, Protection, ProtectionSource},
    role::Audience,
    side::{self, SideKind, SidePlan},
    sign_in,
    text::PersonName,
    whereabouts,
};
use serde_json::Value;

use super::{
    property::rows,
    scene::{HOME_SITE, LEAD, Scene, WORKER, person, reason, short, text, uuid_of},
};
use crate::Room;

/// Implausible times.
pub(crate) const ABSURD: [Time; 6] = [
    Time(i64::MIN),
    Time(i64::MIN + 1),
    Time(-9_000_000_000_000_000),
    Time(TIME_MIN.0 - 1),
    Time(TIME_MAX.0 + 1),
    Time(i64::MAX),
];

/// Returns a number in these rows outside the years a room accepts. No row's count is that large, so it is a time.
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

/// Returns every plan that contains a time, with this one.
fn plans(at: Time) -> Vec<Command> {
    let id = person(1);
    let plan = SidePlan { side: SideKind::OnHold, reason: reason(), until: Some(at) };
    let (people, until) = (vec![id], Some(at));
    vec![
        Command::from(deadline::Plan::Set { deadline: deadline(at) }),
        Command::from(deadline::Plan::Lift { at, entry: None, why: reason() }),
        Command::from(journey::Plan::Book { person: id, journey: journey(Some(at), None) }),
        Command::from(journey::Plan::Book { person: id, journey: journey(None, Some(at)) }),
        Command::from(side::Plan::Start { person: id, plan }),
        Command::from(gate::Plan::Pass { gate: Gate::G1, people, reason: reason(), until }),
        Command::from(protection::Plan::Protect {
            person: id,
            protection: Box::new(protection(at)),
        }),
        Command::from(door::Plan::Open { code: short("ACDEFGHJ"), until: at }),
    ]
}

/// A plan is parsed before it is decided, so its times are plausible by then.
#[test]
fn a_plan_with_an_implausible_time_is_rejected_on_parse() {
    for at in ABSURD {
        for plan in plans(at) {
            let said = serde_json::to_string(&plan).unwrap();
            let error = serde_json::from_str::<Command>(&said).unwrap_err().to_string();
            assert!(error.contains("1900 to 2199"), "{said}: {error}");
        }
    }
    let mut scene = Scene::with_people(1);
    for at in [TIME_MIN, TIME_MAX] {
        for plan in plans(at) {
            let said = serde_json::to_string(&plan).unwrap();
            assert_eq!(serde_json::from_str::<Command>(&said).unwrap(), plan);
        }
        scene.by(LEAD, Command::from(deadline::Plan::Set { deadline: deadline(at) })).unwrap();
    }
}

#[test]
fn a_sign_on_with_an_implausible_end_is_on_site_and_raises_an_alarm() {
    for planned_end in ABSURD {
        let mut scene = Scene::open();
        let word = sign_in::Word::default();
        let on =
            Command::from(sign_in::Fact::SignOn { site: HOME_SITE, planned_end, duty: None, word });
        scene.by(WORKER, on.clone()).unwrap();
        scene.by(WORKER, on).unwrap();
        for audience in Audience::ALL {
            assert_eq!(absurd_in(&scene.room, audience), None, "{planned_end:?} {audience:?}");
        }
        let rung = scene.later(15).ring_timers();
        assert!(
            matches!(
                rung[..],
                [Event::Alarm(alarm::Event::Raised { timer: Timer::PlannedEndPassed { .. } })]
            ),
            "{rung:?}"
        );
    }
}

/// Returns the entries of a room in which every kind of time is this one, as they could have been written.
fn written(at: Time) -> (Scene, Vec<Entry>) {
    let mut scene = Scene::with_people(2);
    scene.make_ready(2);
    let id = person(1);
    let plan = SidePlan { side: SideKind::OnHold, reason: reason(), until: Some(at) };
    let sign_in = SignInId(uuid_of(8));
    let home = Some(super::scene::home(1));
    let events = [
        Event::from(deadline::Event::Set { deadline: deadline(at) }),
        Event::from(door::Event::Opened { code: short("ACDEFGHJ"), until: at }),
        Event::from(journey::Event::Booked {
            person: person(2),
            journey: journey(Some(at), Some(at)),
        }),
        Event::from(side::Event::Started { person: id, plan }),
        Event::from(gate::Event::Passed {
            gate: Gate::G1,
            people: vec![id],
            reason: reason(),
            until: Some(at),
        }),
        Event::from(protection::Event::Protected {
            person: person(2),
            protection: Box::new(protection(at)),
        }),
        Event::from(sign_in::Event::SignedOn {
            sign_in,
            member: WORKER,
            site: HOME_SITE,
            planned_end: at,
            duty: None,
            on_word_of: None,
        }),
        Event::from(sign_in::Event::CheckedIn { sign_in, planned_end: Some(at), on_word_of: None }),
        Event::from(whereabouts::Event::Departed { person: id, home, vehicle: None }),
        Event::from(whereabouts::Event::Died { person: id }),
        Event::from(sign_in::Event::SignedOff { sign_in, late: true, on_word_of: None }),
        Event::from(log::Event::Added {
            text: text("a line"),
            person: None,
            show: log::Show { wall: true, phones: true, directors: true },
        }),
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

/// A room never writes an entry with an implausible time, so such an entry is rejected; a claimed time is kept as it
/// was made, and shown to nobody.
#[test]
fn a_journal_with_implausible_times_is_rejected() {
    for at in ABSURD {
        let (_, entries) = written(at);
        let mut room = Room::default();
        let mut unread = 0;
        for entry in &entries {
            match Entry::from_bytes(&entry.to_bytes().unwrap()) {
                Ok(read) => {
                    assert_eq!(&read, entry);
                    room.apply(entry);
                }
                Err(error) => {
                    assert!(error.to_string().contains("1900 to 2199"), "{error}");
                    unread += 1;
                }
            }
            for audience in Audience::ALL {
                let absurd = absurd_in(&room, audience);
                assert_eq!(absurd, None, "{at:?} {audience:?} {:?}", entry.events);
            }
        }
        assert!(unread >= 8 && entries.len() - unread > 10, "{unread} of {}", entries.len());
    }
}
