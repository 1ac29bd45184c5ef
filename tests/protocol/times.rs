//! Impossible times (P-104), and alarms that fire regardless.

use proof::{cast, device::Device, fold, host::Host, screen::Screen};
use proto::{
    alarm::{self, Timer},
    command::{Command, Envelope},
    deadline::{self, Deadline},
    entry::Entry,
    gate::{self, Gate},
    help::{self, HelpKind},
    id::{Seq, Time},
    journey::{self, Journey},
    limit::{TIME_MAX, TIME_MIN},
    nouns::Event,
    outcome::Fate,
    protection::{self, Protection, ProtectionSource},
    refusal::Code,
    role::{Audience, Role},
    side::{self, SideKind, SidePlan},
};
use serde_json::Value;

const ABSURD: [i64; 6] =
    [i64::MIN, i64::MIN + 1, -9_000_000_000_000_000, TIME_MIN.0 - 1, TIME_MAX.0 + 1, i64::MAX];

fn deadline(at: Time) -> Command {
    let (set_by, why) = (cast::text("the regulator"), cast::text("closed by order"));
    Command::from(deadline::Plan::Set { deadline: Deadline { at, set_by, why } })
}

fn lift(at: Time) -> Command {
    Command::from(deadline::Plan::Lift { at, entry: None, why: cast::text("stayed") })
}

/// Returns every plan with a time, set to this one.
fn plans(at: Time) -> Vec<Command> {
    let (person, why) = (cast::person(0), || cast::text("because of the day"));
    let until = Some(at);
    let journey = |leaves_at, arrives_at| {
        Command::from(journey::Plan::Book {
            person,
            journey: Journey { vehicle: None, crew: None, leaves_at, arrives_at },
        })
    };
    let protection = Box::new(Protection {
        who: cast::name("Lucasta Featherstonehaugh"),
        relation: None,
        why: why(),
        source: ProtectionSource::Wish,
        until,
    });
    vec![
        deadline(at),
        lift(at),
        journey(Some(at), None),
        journey(None, Some(at)),
        Command::from(side::Plan::Start {
            person,
            plan: SidePlan { side: SideKind::OnHold, reason: why(), until },
        }),
        Command::from(gate::Plan::Pass {
            gate: Gate::G1,
            people: vec![person],
            reason: why(),
            until,
        }),
        Command::from(protection::Plan::Protect { person, protection }),
    ]
}

/// Returns an impossible number in a face's rows.
fn absurd_in(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => {
            let at = number.as_f64().unwrap();
            (at < TIME_MIN.0 as f64 || at > TIME_MAX.0 as f64).then_some(at)
        }
        Value::Array(values) => values.iter().find_map(absurd_in),
        Value::Object(fields) => fields.values().find_map(absurd_in),
        Value::Null | Value::Bool(_) | Value::String(_) => None,
    }
}

async fn entries(host: &Host, device: &Device) -> Vec<Entry> {
    fold::fold(&fold::entries(&**host.running.journal(), device.room).await).1
}

/// P-104: with a message, and nothing changes.
#[tokio::test]
async fn a_plan_for_an_impossible_time_is_refused() {
    let host = Host::start().await;
    let (_, desk) = host.room(1).await;
    let head = desk.snapshot().await.to;
    for at in ABSURD {
        let plans: Vec<Envelope> = plans(Time(at)).into_iter().map(cast::asks).collect();
        for (told, plan) in desk.fates(&plans).await.into_iter().zip(&plans) {
            let Fate::Refused(no) = told.fate else { panic!("{at} in {plan:?}: {told:?}") };
            assert_eq!(no.code, Code::Malformed, "{plan:?}");
            assert!(no.words.contains("1900 to 2199"), "{}", no.words);
        }
    }
    assert_eq!(desk.snapshot().await.to, head);
}

/// P-104, P-54, P-56: the entry keeps the claim, but no screen shows it.
#[tokio::test]
async fn a_fact_with_an_impossible_time_is_kept_without_accepting_the_time() {
    let host = Host::start().await;
    let (room, desk) = host.room(6).await;
    let phone = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let wall = host.door.come_in(room, Audience::Wall, &[]).await;
    let sitrep = host.door.come_in(room, Audience::Sitrep, &[Role::Director]).await;
    for (n, at) in ABSURD.into_iter().enumerate() {
        let at = Time(at);
        for command in [cast::departs(n), cast::signs_on(at), cast::signs_on(at)] {
            let said = Envelope { happened_at: Some(at), ..cast::asks(command) };
            let fate = phone.fate(&said).await;
            let Fate::Ok { seq } = fate else { panic!("{at:?}: {fate:?}") };
            let told = entries(&host, &desk).await;
            let entry = told.iter().find(|entry| entry.seq == seq).unwrap();
            assert_eq!((entry.happened_at, entry.claimed_at), (None, Some(at)));
        }
        for device in [&desk, &phone, &wall, &sitrep] {
            let rows = serde_json::to_value(device.snapshot().await).unwrap();
            assert_eq!(absurd_in(&rows), None, "{at:?} on the {:?}", device.face);
        }
    }
}

/// P-104: otherwise one forged end would suppress every alarm of the room for good.
#[tokio::test]
async fn two_alarms_at_the_same_time_block_no_other() {
    let host = Host::start().await;
    let (_, desk) = host.room(1).await;
    let at = host.clock.now().plus_ms(-60_000);
    let mut screen = Screen::live(desk.clone()).await;
    let mut alarms = async |wanted: fn(&Timer) -> bool, count: usize| loop {
        let told = entries(&host, &desk).await;
        let events = told.into_iter().flat_map(|entry| entry.events);
        let rung = events.filter(|event| match event {
            Event::Alarm(alarm::Event::Raised { timer }) => wanted(timer),
            _ => false,
        });
        if rung.count() == count {
            break;
        }
        screen.step().await.unwrap();
    };
    for count in [1, 2] {
        desk.does(deadline(at)).await;
        alarms(|timer| matches!(timer, Timer::DeadlinePassed { .. }), count).await;
        let _: Seq = desk.does(lift(at)).await;
    }
    let help =
        Command::from(help::Fact::Call { help: HelpKind::NotSafe, person: None, place: None });
    desk.does(help).await;
    host.clock.forward_ms(61_000);
    alarms(|timer| matches!(timer, Timer::HelpUnanswered { .. }), 1).await;
}
