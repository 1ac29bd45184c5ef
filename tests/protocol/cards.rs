//! Cards and older log lines: fetched on demand, by authorised readers, and recorded.

use journal::registry::Reading;
use proof::{cast, host::Host};
use proto::{
    id::{PersonId, Seq},
    limit,
    log::DeskLog,
    person::card::Card,
    role::{Audience, Role},
};

/// P-61: field by field.
#[tokio::test]
async fn a_card_shows_each_reader_the_permitted_fields() {
    let host = Host::start().await;
    let (room, lead) = host.room(1).await;
    let nurse = host.door.come_in(room, Audience::Phone, &[Role::Nurse]).await;
    let finance = host.door.come_in(room, Audience::Desk, &[Role::Finance]).await;
    let card = |device: &proof::device::Device| device.card(cast::person(0)).send();
    let whole: Card = card(&lead).await.read();
    assert!(whole.needs.is_some() && whole.next_of_kin.is_some());
    let health: Card = card(&nurse).await.read();
    assert!(health.needs.is_some() && health.next_of_kin.is_none());
    let money: Card = card(&finance).await.read();
    assert!(money.needs.is_none() && money.next_of_kin.is_none() && money.aliases.is_empty());
    assert_eq!(whole.person, cast::person(0));
}

/// P-61: neither the card, nor whether it exists.
#[tokio::test]
async fn a_forbidden_card_and_a_missing_one_look_the_same() {
    let host = Host::start().await;
    let (room, lead) = host.room(1).await;
    let media = host.door.come_in(room, Audience::Desk, &[Role::Media]).await;
    let director = host.door.come_in(room, Audience::Sitrep, &[Role::Director]).await;
    let wall = host.door.come_in(room, Audience::Wall, &[]).await;
    let nobody = PersonId(uuid::Uuid::new_v4());
    let mut answers = Vec::new();
    for (device, person) in [
        (&lead, nobody),
        (&media, cast::person(0)),
        (&media, nobody),
        (&director, cast::person(0)),
        (&wall, cast::person(0)),
    ] {
        let answer = device.card(person).send().await;
        assert_eq!(answer.error(), (404, "no_person".to_owned()), "{:?}", device.face);
        answers.push(answer.body);
    }
    let odd = lead.get(&format!("/api/rooms/{room}/people/7")).send().await;
    assert_eq!(odd.error(), (404, "no_person".to_owned()));
    answers.push(odd.body);
    answers.dedup();
    assert_eq!(answers.len(), 1);
}

/// P-62: one record per access, and none for a card that was not shown.
#[tokio::test]
async fn every_access_to_a_card_is_recorded() {
    let host = Host::start().await;
    let (room, lead) = host.room(1).await;
    let media = host.door.come_in(room, Audience::Desk, &[Role::Media]).await;
    let person = cast::person(0);
    media.card(person).send().await;
    lead.card(person).send().await;
    host.clock.forward_ms(1_000);
    let fetched = format!("/api/rooms/{room}/people/{person}?reading=fetched");
    lead.get(&fetched).send().await;
    let strange = format!("/api/rooms/{room}/people/{person}?reading=glanced");
    assert_eq!(lead.get(&strange).send().await.error(), (400, "malformed".to_owned()));
    let records = host.running.registry().accesses(room, person).await.unwrap();
    let told: Vec<_> = records.iter().map(|record| (record.member, record.what)).collect();
    assert_eq!(told, [(lead.member, Reading::Opened), (lead.member, Reading::Fetched)]);
    assert_eq!(records[1].at.since_ms(records[0].at), 1_000);
    assert_eq!(records[0].device, records[1].device);
}

/// P-63
#[tokio::test]
async fn older_log_lines_are_for_the_desk() {
    let host = Host::start().await;
    let (room, desk) = host.room(0).await;
    let lines: Vec<_> =
        (0..limit::COMMANDS_MAX).map(|n| cast::asks(cast::line(&format!("early {n}")))).collect();
    desk.fates(&lines).await;
    let last = desk.does(cast::line("late")).await;
    let before = |seq: u64| desk.get(&format!("/api/rooms/{room}/log?before={seq}")).send();
    let page: Vec<DeskLog> = before(last.0).await.read();
    assert_eq!(page.len(), limit::LOG_ROWS);
    let text = serde_json::to_string(&page[0]).unwrap();
    assert!(text.contains("early 49"), "the latest first: {text}");
    let none: Vec<DeskLog> = before(1).await.read();
    assert!(none.is_empty());
    assert_eq!(desk.get(&format!("/api/rooms/{room}/log")).send().await.error().0, 400);
    for (face, roles) in [
        (Audience::Wall, [].as_slice()),
        (Audience::Phone, &[Role::Lead]),
        (Audience::Sitrep, &[Role::Lead]),
        (Audience::Desk, &[Role::Director]),
    ] {
        let other = host.door.come_in(room, face, roles).await;
        let answer = other.get(&format!("/api/rooms/{room}/log?before=9")).send().await;
        assert_eq!(answer.error(), (403, "not_yours".to_owned()), "{face:?}");
    }
    assert!(last > Seq(50));
}
