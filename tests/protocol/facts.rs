//! Facts, edits and times.

use proof::{cast, device::Device, fold, host::Host, screen::Screen};
use proto::{
    command::{Command, Envelope},
    details,
    entry::Entry,
    help::{self, HelpKind},
    id::{HelpId, Seq, SignInId, Time},
    identity::{self, Moment, SecondIdentifier},
    key::Key,
    limit,
    outcome::Fate,
    refusal::Code,
    role::{Audience, Role},
    row::Row,
    sign_in::{self, Word},
    trouble::{self, Trouble},
    whereabouts::{self, FoundAt},
};

/// Returns every fact about this person, in an order that no real day would have.
fn facts(n: usize, until: Time) -> Vec<Command> {
    let person = cast::person(n);
    let (sign_in, word) = (SignInId(uuid::Uuid::from_u128(7)), Word::default());
    vec![
        Command::from(whereabouts::Fact::TellFamily { person }),
        Command::from(whereabouts::Fact::Arrive { person, home: Some(cast::home(9)) }),
        Command::from(whereabouts::Fact::Depart { person, home: None, vehicle: None }),
        Command::from(whereabouts::Fact::Return { person }),
        Command::from(identity::Fact::Check {
            person,
            moment: Moment::Door,
            identifier: SecondIdentifier::Photograph,
        }),
        Command::from(whereabouts::Fact::TakeToHospital { person, hospital: None }),
        Command::from(whereabouts::Fact::GoWithFamily { person, with: None }),
        Command::from(whereabouts::Fact::Die { person }),
        Command::from(whereabouts::Fact::Find { person, at: FoundAt::OnTheWay, words: None }),
        Command::from(trouble::Fact::Report { person, trouble: Trouble::NotFound, words: None }),
        Command::from(trouble::Fact::Answer { person, report: Seq(1) }),
        Command::from(sign_in::Fact::SignOff { sign_in, word: word.clone() }),
        Command::from(sign_in::Fact::ConfirmSafe { sign_in, seen_by: cast::text("the nurse") }),
        Command::from(sign_in::Fact::CheckIn { word }),
        Command::from(help::Fact::Call {
            help: HelpKind::NeedTheRoom,
            person: Some(person),
            place: None,
        }),
        Command::from(help::Fact::Answer { call: HelpId(uuid::Uuid::from_u128(7)) }),
        Command::from(help::Fact::End {
            call: HelpId(uuid::Uuid::from_u128(7)),
            words: cast::text("over"),
        }),
        cast::signs_on(until),
        cast::signs_on(until),
    ]
}

async fn entry(host: &Host, device: &Device, seq: Seq) -> Entry {
    let entries = fold::entries(&**host.running.journal(), device.room).await;
    fold::fold(&entries).1.into_iter().find(|entry| entry.seq == seq).unwrap()
}

/// P-54: by any member, about anybody, in any order.
#[tokio::test]
async fn a_fact_is_never_refused() {
    let host = Host::start().await;
    let (room, desk) = host.room(2).await;
    let until = host.clock.now().plus_ms(3_600_000);
    for role in [Role::Media, Role::Nurse] {
        let phone = host.door.come_in(room, Audience::Phone, &[role]).await;
        for n in [0, 1, 77] {
            let facts: Vec<Envelope> = facts(n, until).into_iter().map(cast::asks).collect();
            for (told, fact) in phone.fates(&facts).await.iter().zip(&facts) {
                assert!(matches!(told.fate, Fate::Ok { .. }), "{fact:?}: {told:?}");
            }
        }
    }
    let rows = desk.snapshot().await;
    let person = rows.put.into_iter().find(|put| put.key == Key::Person(cast::person(0))).unwrap();
    let Row::DeskPerson(person) = person.row else { panic!("no person") };
    assert!(!person.breaches.is_empty(), "what was stepped over is told");
}

/// P-54: a fact about an unknown person is kept for the desk to resolve.
#[tokio::test]
async fn a_fact_about_an_unknown_person_is_kept() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let seq = desk.does(cast::departs(5)).await;
    let kept = serde_json::to_string(&entry(&host, &desk, seq).await.events).unwrap();
    assert!(kept.contains("unknown_person_reported/1"), "{kept}");
}

/// P-55: both values are kept until a person decides.
#[tokio::test]
async fn a_stale_edit_is_set_aside() {
    let host = Host::start().await;
    let (room, desk) = host.room(1).await;
    let other = host.door.come_in(room, Audience::Desk, &[Role::Bizsup]).await;
    let seen = desk.snapshot().await.to.0;
    let friends = proto::details::PersonChange {
        keep_together: Some(cast::text("F1")),
        ..proto::details::PersonChange::default()
    };
    for (device, change) in [(&desk, cast::bedroom("14")), (&other, friends)] {
        let fate = device.fate(&cast::edits(0, seen, change)).await;
        assert!(matches!(fate, Fate::Ok { .. }), "{fate:?}");
    }
    let late = cast::edits(0, seen, cast::bedroom("15"));
    let Fate::Ok { seq } = other.fate(&late).await else { panic!("set aside is ok") };
    let mut screen = Screen::live(desk.clone()).await;
    screen.reach(seq).await;
    let Some(Row::DeskPerson(person)) = screen.row(Key::Person(cast::person(0))) else {
        panic!("no person")
    };
    assert_eq!(person.bedroom, cast::bedroom("14").bedroom, "not overwritten");
    assert_eq!(person.keep_together.as_deref(), Some("F1"), "another field stands");
    let Some(Row::Edit(edit)) = screen.row(Key::Edit(late.id)) else { panic!("no edit waits") };
    let bedrooms = (&edit.mine.bedroom, &edit.stands.bedroom);
    assert_eq!(bedrooms, (&cast::bedroom("15").bedroom, &cast::bedroom("14").bedroom));
    let seq =
        desk.does(Command::from(details::Plan::SettleEdit { edit: late.id, take: true })).await;
    screen.reach(seq).await;
    assert!(screen.row(Key::Edit(late.id)).is_none());
}

/// P-55: an edit based on a future entry counts as based on nothing.
#[tokio::test]
async fn an_edit_based_on_a_future_entry_overwrites_nothing() {
    let host = Host::start().await;
    let (room, desk) = host.room(1).await;
    let phone = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let seen = desk.snapshot().await.to.0;
    let fate = desk.fate(&cast::edits(0, seen, cast::bedroom("71"))).await;
    assert!(matches!(fate, Fate::Ok { .. }), "{fate:?}");
    let forged = cast::edits(0, 1_000_000_000_000, cast::bedroom("72"));
    let Fate::Ok { seq } = phone.fate(&forged).await else { panic!("set aside is ok") };
    let mut screen = Screen::live(desk.clone()).await;
    screen.reach(seq).await;
    let Some(Row::DeskPerson(person)) = screen.row(Key::Person(cast::person(0))) else {
        panic!("no person")
    };
    assert_eq!(person.bedroom, cast::bedroom("71").bedroom, "not overwritten");
    let Some(Row::Edit(edit)) = screen.row(Key::Edit(forged.id)) else { panic!("no edit waits") };
    let bedrooms = (&edit.mine.bedroom, &edit.stands.bedroom);
    assert_eq!(bedrooms, (&cast::bedroom("72").bedroom, &cast::bedroom("71").bedroom));
}

/// P-55
#[tokio::test]
async fn an_edit_must_name_the_entry_that_its_author_saw() {
    let host = Host::start().await;
    let (_, desk) = host.room(1).await;
    let blind = Envelope { based_on: None, ..cast::edits(0, 1, cast::bedroom("14")) };
    let fate = desk.fate(&blind).await;
    assert!(matches!(&fate, Fate::Refused(no) if no.code == Code::Value), "{fate:?}");
}

/// P-56: an earlier time is accepted, a future one is not; the claim is kept (I-31).
#[tokio::test]
async fn a_claimed_time_is_kept_and_accepted_only_if_earlier() {
    let host = Host::start().await;
    let (_, desk) = host.room(4).await;
    let now = host.clock.now();
    for (n, (claim, happened, claimed)) in [
        (-3_600_000, Some(-3_600_000), None),
        (0, None, None),
        (limit::FUTURE_MS, None, None),
        (limit::FUTURE_MS + 1, None, Some(limit::FUTURE_MS + 1)),
        (86_400_000, None, Some(86_400_000)),
    ]
    .into_iter()
    .enumerate()
    {
        let claim = Some(now.plus_ms(claim));
        let said = Envelope { happened_at: claim, ..cast::asks(cast::departs(n % 4)) };
        let Fate::Ok { seq } = desk.fate(&said).await else { panic!("a fact") };
        let entry = entry(&host, &desk, seq).await;
        let from_now = |ms: Option<i64>| ms.map(|ms| now.plus_ms(ms));
        assert_eq!(entry.at, now, "{claim:?}");
        assert_eq!(entry.happened_at, from_now(happened), "{claim:?}");
        assert_eq!(entry.claimed_at, from_now(claimed), "{claim:?}");
    }
}

/// P-56: setting the clock back does not turn the room's time back.
#[tokio::test]
async fn the_time_of_receipt_never_decreases() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    host.clock.forward_ms(60_000);
    let before = desk.does(cast::line("before")).await;
    host.clock.forward_ms(-50_000);
    let after = desk.does(cast::line("after")).await;
    let (before, after) = (entry(&host, &desk, before).await, entry(&host, &desk, after).await);
    assert_eq!(after.at, before.at);
}
