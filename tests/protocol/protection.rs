//! A protected destination over the wire: in no row, line or file, and on the card only for authorised
//! readers.

use proof::{cast, device::Device, host::Host};
use proto::{
    command::Command,
    gate::{self, Gate},
    id::{PersonId, Seq},
    log::{self, DeskLog},
    person::card::Card,
    place,
    protection::{self, Protection, ProtectionSource},
    role::{Audience, Role},
    whereabouts, worker,
};

/// The person in these tests.
fn who() -> PersonId {
    cast::person(0)
}

fn protects() -> Command {
    let protection = Protection {
        who: cast::name("Mortimer Grindle"),
        relation: Some(cast::text("nephew")),
        why: cast::text("a court order"),
        source: ProtectionSource::Court,
        until: None,
    };
    Command::from(protection::Plan::Protect { person: who(), protection: Box::new(protection) })
}

/// Sends a person to Birchmere, in the log text too.
async fn goes_to_birchmere(lead: &Device) {
    lead.does(cast::adds_home(1)).await;
    for gate in [Gate::G1, Gate::G3] {
        let (people, reason) = (vec![who()], cast::text("no time"));
        lead.does(Command::from(gate::Plan::Pass { gate, people, reason, until: None })).await;
    }
    lead.does(Command::from(place::Plan::Accept { person: who(), home: cast::home(1) })).await;
    let (text, person) = (cast::text("Bed held at Birchmere, rung"), Some(who()));
    let show = proto::log::Show::default();
    lead.does(Command::from(log::Plan::Add { text, person, show })).await;
    lead.does(Command::from(whereabouts::Fact::Depart {
        person: who(),
        home: Some(cast::home(1)),
        vehicle: None,
    }))
    .await;
}

/// Returns everything in a device's rows and files, except the row of the home itself.
async fn said(device: &Device) -> String {
    let path = format!("/api/rooms/{}/rows?audience={}", device.room, device.face.word());
    let rows: serde_json::Value = device.get(&path).send().await.read();
    let home = format!("home/{}", cast::home(1));
    let added = |row: &serde_json::Value| {
        row["key"] == home
            || row["row"]["text"].as_str().is_some_and(|text| text.starts_with("Home added"))
    };
    let put = rows["put"].as_array().unwrap().iter().filter(|row| !added(row));
    let mut said = serde_json::to_string(&put.collect::<Vec<_>>()).unwrap();
    if device.face != Audience::Desk {
        return said;
    }
    for file in ["people.csv", "movements.csv", "log.csv"] {
        let path = format!("/api/rooms/{}/exports/{file}", device.room);
        let asked = device.post(&path).json(&serde_json::json!({ "why": "handover" }));
        let lines = String::from_utf8(asked.send().await.body.to_vec()).unwrap();
        said.extend(lines.lines().filter(|line| !line.contains("Home added")));
    }
    let path = format!("/api/rooms/{}/log?before=1000000", device.room);
    let lines: Vec<DeskLog> = device.get(&path).send().await.read();
    let about = lines.iter().filter(|line| !line.text.starts_with("Home added"));
    said.extend(about.map(|line| line.text.to_string()));
    said
}

async fn card(device: &Device) -> Option<Card> {
    let answer = device.card(who()).send().await;
    (answer.status.as_u16() == 200).then(|| answer.read())
}

/// P-94: not in rows, not in the log, not in files; the mark is for desk and phone.
#[tokio::test]
async fn a_protected_destination_is_in_no_row_line_or_file() {
    let host = Host::start().await;
    let (room, lead) = host.room(1).await;
    let phone = host.door.come_in(room, Audience::Phone, &[Role::TeamLeaderSite]).await;
    let wall = host.door.come_in(room, Audience::Wall, &[]).await;
    let sitrep = host.door.come_in(room, Audience::Sitrep, &[Role::Director]).await;
    goes_to_birchmere(&lead).await;
    let names =
        |said: &str| said.contains("Birchmere") || said.contains(&cast::home(1).to_string());
    assert!(names(&said(&lead).await) && names(&said(&wall).await), "before, everybody knows");
    lead.does(protects()).await;
    for device in [&lead, &phone, &wall, &sitrep] {
        let said = said(device).await;
        assert!(!names(&said), "{:?}: {said}", device.face);
        assert!(!said.contains("Grindle"), "{:?}: {said}", device.face);
        let marked = said.contains("\"protected\":true");
        let wanted = matches!(device.face, Audience::Desk | Audience::Phone);
        assert_eq!(marked, wanted, "{:?}", device.face);
    }
}

/// P-95: on the card, and there only for readers whose roles allow it.
#[tokio::test]
async fn only_the_card_shows_it_and_only_to_authorised_readers() {
    let host = Host::start().await;
    let (room, lead) = host.room(1).await;
    goes_to_birchmere(&lead).await;
    lead.does(protects()).await;
    for (role, may) in [
        (Role::Deputy, true),
        (Role::Vacancies, true),
        (Role::Family, true),
        (Role::Bizsup, false),
        (Role::Records, false),
        (Role::NamedSw, false),
        (Role::Finance, false),
        (Role::Loggist, false),
    ] {
        let reader = host.door.come_in(room, Audience::Desk, &[role]).await;
        let place = card(&reader).await.and_then(|card| card.protected);
        assert_eq!(place.is_some(), may, "{role:?}");
        let Some(place) = place else { continue };
        assert_eq!(place.destination.home, Some(cast::home(1)));
        assert_eq!(place.protections[0].protection.who.as_str(), "Mortimer Grindle");
    }
    let worker = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    assert!(card(&worker).await.unwrap().protected.is_none());
    lead.does(Command::from(worker::Plan::Name { person: who(), worker: Some(worker.member) }))
        .await;
    let before = card(&worker).await.unwrap();
    assert!(before.protected.is_some());
    lead.does(cast::adds_home(2)).await;
    lead.does(Command::from(place::Plan::Accept { person: who(), home: cast::home(2) })).await;
    let after = card(&worker).await.unwrap();
    assert!(after.revision > before.revision);
    assert_eq!(after.protected.unwrap().destination.home, Some(cast::home(2)));
}

/// P-96: by staff leads and deputies; each protection stands until it is ended.
#[tokio::test]
async fn leads_and_deputies_protect_and_end_and_concurrent_protections_both_stand() {
    let host = Host::start().await;
    let (room, lead) = host.room(1).await;
    let deputy = host.door.come_in(room, Audience::Desk, &[Role::Deputy]).await;
    let placements = host.door.come_in(room, Audience::Desk, &[Role::Placements]).await;
    let told = serde_json::to_string(&placements.fates(&[cast::asks(protects())]).await).unwrap();
    assert!(told.contains("not_yours"), "{told}");
    let (mine, theirs) = tokio::join!(lead.does(protects()), deputy.does(protects()));
    let end = |entry: Seq| {
        Command::from(protection::Plan::End {
            person: who(),
            entry,
            why: cast::text("the order was lifted"),
        })
    };
    deputy.does(end(mine)).await;
    let place = card(&lead).await.unwrap().protected.unwrap();
    let stand: Vec<Seq> = place.protections.iter().map(|one| one.entry).collect();
    assert_eq!(stand, [theirs]);
    lead.does(end(theirs)).await;
    assert!(card(&lead).await.unwrap().protected.is_none());
    assert!(!said(&lead).await.contains("\"protected\":true"));
}
