//! Ways to sign in: links from the desk, the door code, a duty manager's own page.

use proof::{
    cast,
    device::Device,
    host::Host,
    web::{Answer, Ask},
};
use proto::{
    command::Command,
    door::{self, Admission},
    entrance::{AtDoor, DoorAnswer, DoorRequest, DutyManager, DutyOpen, LinkAnswer, LinkRequest},
    key::Key,
    limit, needs,
    outcome::Fate,
    refusal::Code,
    role::{Audience, Role},
    row::Row,
};
use serde_json::json;

const HOUR_MS: i64 = 60 * 60 * 1000;

fn link(face: Audience, roles: &[Role]) -> LinkRequest {
    LinkRequest {
        face,
        name: cast::name("Clementine Oakapple"),
        organisation: None,
        job: None,
        mobile: None,
        roles: roles.to_vec(),
        outside: false,
        member: None,
    }
}

async fn asks_for_link(device: &Device, asked: &LinkRequest) -> Answer {
    device.post(&format!("/api/rooms/{}/links", device.room)).json(asked).send().await
}

async fn opens_door(lead: &Device) -> DoorAnswer {
    let path = format!("/api/rooms/{}/door", lead.room);
    lead.post(&path).json(&DoorRequest { hours: 12 }).send().await.read()
}

fn at_door(host: &Host, code: &str, name: &str) -> Ask {
    let asked = json!({
        "code": code, "name": name, "organisation": null, "job": null, "mobile": null,
        "wishes": ["lead"], "face": "phone",
    });
    host.door.web.post("/api/door/ask").with("origin", &host.door.origin).json(&asked)
}

/// Asks at the door and returns the waiting device's cookie.
async fn waits(host: &Host, code: &str, name: &str) -> String {
    let answer = at_door(host, code, name).send().await;
    assert!(matches!(answer.read::<AtDoor>(), AtDoor::Waiting { .. }), "{answer:?}");
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

async fn enters(host: &Host, cookie: &str) -> Answer {
    let ask = host.door.web.post("/api/door/enter").with("origin", &host.door.origin);
    ask.with("cookie", cookie).send().await
}

async fn askers(lead: &Device) -> Vec<proto::door::AskerRow> {
    let rows = lead.snapshot().await.put.into_iter().map(|put| put.row);
    rows.filter_map(|row| if let Row::Asker(asker) = row { Some(asker) } else { None }).collect()
}

/// P-90.
#[tokio::test]
async fn only_a_lead_makes_links() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    let made: LinkAnswer =
        asks_for_link(&lead, &link(Audience::Phone, &[Role::NamedSw])).await.read();
    assert!(made.qr.contains("<svg"), "{}", made.qr);
    let secret = made.link.split_once("/join#").unwrap().1;
    let me: proto::http::Me = host.door.redeem(secret).send().await.read();
    assert_eq!((me.room, me.audience), (room, Audience::Phone));
    assert_eq!(me.roles, [Role::NamedSw]);
    let worker = host.door.come_in(room, Audience::Desk, &[Role::Bizsup]).await;
    let refused = asks_for_link(&worker, &link(Audience::Desk, &[Role::Lead])).await;
    assert_eq!(refused.error(), (403, "not_yours".to_owned()));
    let wall = asks_for_link(&lead, &link(Audience::Wall, &[Role::Lead])).await;
    assert_eq!(wall.error().0, 400, "a wall screen has no roles");
}

/// P-91, P-92: by one code, in one batch, with the roles that the lead gives; a lost response can be retried.
#[tokio::test]
async fn twelve_members_come_in_by_one_code_and_one_batch() {
    let host = Host::start().await;
    let (room, lead) = host.room(1).await;
    let door = opens_door(&lead).await;
    assert!(door.link.ends_with("/door") && door.qr.contains("<svg"));
    let typed = format!(" {}-{} ", &door.code[..4].to_lowercase(), &door.code[4..]);
    let mut cookies = Vec::new();
    for n in 0..12 {
        cookies.push(waits(&host, &typed, &format!("Walker {}", cast::PEOPLE[n % 6])).await);
    }
    let waiting = enters(&host, &cookies[0]).await.read::<AtDoor>();
    assert!(matches!(waiting, AtDoor::Waiting { .. }), "{waiting:?}");
    let admissions: Vec<Admission> = askers(&lead)
        .await
        .into_iter()
        .map(|asker| Admission { asking: asker.asking, roles: vec![Role::NamedSw] })
        .collect();
    assert_eq!(admissions.len(), 12);
    lead.does(Command::from(door::Plan::LetIn { admissions })).await;
    for cookie in &cookies {
        // The first response never reaches the device.
        enters(&host, cookie).await;
        let answer = enters(&host, cookie).await;
        let AtDoor::In { me } = answer.read() else { panic!("{answer:?}") };
        assert_eq!((me.room, me.audience), (room, Audience::Phone));
        assert_eq!(me.roles, [Role::NamedSw], "and not the lead that was asked for");
        let given = answer.headers.get_all("set-cookie").iter().filter_map(|v| v.to_str().ok());
        let given: Vec<&str> = given.filter(|v| v.starts_with("__Host-muster-phone=")).collect();
        assert_eq!(given.len(), 1);
        let phone = Device {
            web: host.door.web.clone(),
            origin: host.door.origin.clone(),
            room,
            face: Audience::Phone,
            member: me.member.unwrap(),
            cookie: given[0].split(';').next().unwrap().to_owned(),
        };
        phone.does(Command::from(needs::Plan::Assess { person: cast::person(0) })).await;
    }
}

/// P-91: invalid codes, and guessing.
#[tokio::test]
async fn a_wrong_or_expired_code_opens_no_door() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let first = opens_door(&lead).await;
    let second = opens_door(&lead).await;
    for wrong in ["", "AAAAAAAA", "ACDEFGH", "'; --"] {
        let answer = at_door(&host, wrong, "Walker One").send().await;
        assert_eq!(answer.error(), (404, "no_door".to_owned()), "{wrong}");
    }
    let replaced = at_door(&host, &first.code, "Walker One").send().await;
    assert_eq!(replaced.error(), (409, "refused".to_owned()), "the code before");
    waits(&host, &second.code, "Walker Two").await;
    host.clock.forward_ms(12 * HOUR_MS);
    let late = at_door(&host, &second.code, "Walker Three").send().await;
    assert_eq!(late.error(), (404, "no_door".to_owned()));
    for _ in 0..limit::REDEEM_PER_MINUTE {
        at_door(&host, "AAAAAAAA", "Guesser").send().await;
    }
    assert_eq!(at_door(&host, "AAAAAAAA", "Guesser").send().await.status.as_u16(), 429);
}

/// P-91: a second tap is the same request; P-92: a rejection is reported once.
#[tokio::test]
async fn a_repeated_request_counts_once_and_a_rejection_is_reported() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let door = opens_door(&lead).await;
    let cookie = waits(&host, &door.code, "Walker One").await;
    let again = at_door(&host, &door.code, "Walker One").with("cookie", &cookie).send().await;
    assert!(matches!(again.read::<AtDoor>(), AtDoor::Waiting { .. }));
    let asking = askers(&lead).await;
    assert_eq!(asking.len(), 1);
    let why = cast::text("nobody knows them");
    lead.does(Command::from(door::Plan::TurnAway { asking: asking[0].asking, why })).await;
    assert_eq!(enters(&host, &cookie).await.read::<AtDoor>(), AtDoor::TurnedAway);
    assert_eq!(enters(&host, &cookie).await.read::<AtDoor>(), AtDoor::NotAsking);
    assert_eq!(enters(&host, "a=b").await.read::<AtDoor>(), AtDoor::NotAsking);
}

/// P-89, P-92: a member who came in by code lets nobody in, whatever their role.
#[tokio::test]
async fn a_lead_who_came_in_by_code_makes_no_links_and_opens_no_door() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    let door = opens_door(&lead).await;
    let cookie = waits(&host, &door.code, "Walker One").await;
    let asking = askers(&lead).await[0].asking;
    let admissions = vec![Admission { asking, roles: vec![Role::Lead] }];
    lead.does(Command::from(door::Plan::LetIn { admissions })).await;
    let answer = enters(&host, &cookie).await;
    let mut given = answer.headers.get_all("set-cookie").iter().filter_map(|v| v.to_str().ok());
    let phone = given.find(|v| v.starts_with("__Host-muster-phone=")).unwrap();
    let deputy = Device {
        face: Audience::Phone,
        member: asking,
        cookie: phone.split(';').next().unwrap().to_owned(),
        ..lead.clone()
    };
    let links = asks_for_link(&deputy, &link(Audience::Desk, &[Role::Lead])).await;
    assert_eq!(links.error().0, 403);
    let path = format!("/api/rooms/{room}/door");
    let opens = deputy.post(&path).json(&DoorRequest { hours: 1 }).send().await;
    assert_eq!(opens.error().0, 403);
    let gives = cast::asks(cast::gives(asking, &[Role::Deputy]));
    let Fate::Refused(no) = deputy.fate(&gives).await else { panic!("roles were given") };
    assert_eq!(no.code, Code::NotYours);
}

/// P-93: one room, however often it is tapped; its maker leads it, and a revoked link opens nothing.
#[tokio::test]
async fn a_duty_manager_opens_one_room_and_leads_it() {
    let host = Host::start().await;
    let request = node::operator::DutyRequest {
        name: cast::name("Ignatius Vavasour"),
        organisation: Some(cast::text("Harbour Council")),
        mobile: None,
        days: None,
    };
    let made = host.door.operator.duty(&request).await.unwrap();
    let secret = made.link.split_once("/open#").unwrap().1;
    let web = &host.door.web;
    let enter = || {
        let ask = web.post("/api/duty/enter").with("origin", &host.door.origin);
        ask.json(&json!({ "secret": secret }))
    };
    let entered = enter().send().await;
    assert_eq!(entered.read::<DutyManager>().name, request.name);
    let cookie = entered.header("set-cookie").split(';').next().unwrap().to_owned();
    let asked = DutyOpen {
        request: uuid::Uuid::from_u128(5),
        incident: cast::incident(),
        address: Some(cast::text("1 Quay Street")),
        deadline: None,
    };
    let open = || {
        let ask = web.post("/api/duty/rooms").with("origin", &host.door.origin);
        ask.with("cookie", &cookie).json(&asked)
    };
    let mut rooms = Vec::new();
    for _ in 0..2 {
        let link: LinkAnswer = open().send().await.read();
        let secret = link.link.split_once("/join#").unwrap().1;
        let me: proto::http::Me = host.door.redeem(secret).send().await.read();
        assert_eq!((me.audience, me.roles), (Audience::Desk, vec![Role::Lead]));
        rooms.push((me.room, me.member));
    }
    assert_eq!(rooms[0], rooms[1], "one room, one lead");
    let end = node::operator::DutyEnd { link: made.link.clone() };
    assert!(host.door.operator.end_duty(&end).await.unwrap());
    assert!(!host.door.operator.end_duty(&end).await.unwrap());
    assert_eq!(open().send().await.status.as_u16(), 401);
    assert_eq!(enter().send().await.error().0, 404);
    let nobody = web.post("/api/duty/rooms").with("origin", &host.door.origin).json(&asked);
    assert_eq!(nobody.send().await.status.as_u16(), 401);
}

/// P-90: a second device of a member who came in by code has the same limits.
#[tokio::test]
async fn a_second_device_has_no_more_rights_than_its_member() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    let door = opens_door(&lead).await;
    waits(&host, &door.code, "Walker One").await;
    let asking = askers(&lead).await[0].asking;
    let admissions = vec![Admission { asking, roles: vec![Role::Deputy] }];
    lead.does(Command::from(door::Plan::LetIn { admissions })).await;
    let asked = LinkRequest { member: Some(asking), ..link(Audience::Desk, &[Role::Deputy]) };
    let made: LinkAnswer = asks_for_link(&lead, &asked).await.read();
    let secret = made.link.split_once("/join#").unwrap().1;
    let answer = host.door.redeem(secret).send().await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let second = Device { room, member: asking, cookie, ..lead.clone() };
    let gives = cast::asks(cast::gives(asking, &[Role::Lead]));
    assert!(matches!(second.fate(&gives).await, Fate::Refused(_)));
    let row = lead.snapshot().await.put.into_iter().find(|put| put.key == Key::Member(asking));
    assert!(matches!(row.unwrap().row, Row::DeskMember(member) if member.roles == [Role::Deputy]));
}
